import { z } from 'zod';
import { K8slabError } from '../../errors/error.js';
import { run, type RunOptions } from '../../vagrant/runner.js';

export interface GoOptions {
  cwd: string;
  /** Processor the programs are for. */
  arch: string;
  /** The folder is a checkout with a workspace of its own. */
  checkout?: boolean;
  /** How the run is called in messages. */
  title: string;
  signal: AbortSignal | undefined;
  onLine?: RunOptions['onLine'];
}

/**
 * Runs the go command and gives its standard output. A person's own settings that would change the result (GOFLAGS, a workspace) are
 * left out; those that say where modules come from stay. Throws BUNDLE_GO_MISSING, BUNDLE_GO_OLD, BUNDLE_DOWNLOAD,
 * BUNDLE_VERSION, BUNDLE_DISK_FULL or BUNDLE_BUILD.
 */
export async function go(args: readonly string[], options: GoOptions): Promise<string> {
  const result = await run('go', args, {
    cwd: options.cwd,
    title: options.title,
    env: {
      GOFLAGS: '',
      GOWORK: options.checkout === true ? undefined : 'off',
      GO111MODULE: undefined,
      GOOS: 'linux',
      GOARCH: options.arch,
      CGO_ENABLED: '0',
    },
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
  }).catch((error: unknown) => {
    if (error instanceof K8slabError && error.code === 'VAGRANT_PROGRAM_MISSING') {
      throw new K8slabError('BUNDLE_GO_MISSING', 'The Go toolchain was not found on the PATH.', {
        cause: error,
      });
    }
    throw error;
  });
  if (result.exitCode !== 0) throw explainGoFailure(options.title, `${result.stderr}\n${result.stdout}`);
  return result.stdout;
}

const knownTexts: {
  text: RegExp;
  code: 'BUNDLE_GO_OLD' | 'BUNDLE_DISK_FULL' | 'BUNDLE_DOWNLOAD' | 'BUNDLE_VERSION';
  says: string;
}[] = [
  {
    text: /requires go ?>= ?\S+ \(running go|toolchain not available|GOTOOLCHAIN=local|unknown directive: (tool|toolchain|godebug)/,
    code: 'BUNDLE_GO_OLD',
    says: 'the Go toolchain is too old',
  },
  { text: /no space left on device|disk quota exceeded/, code: 'BUNDLE_DISK_FULL', says: 'the disk is full' },
  {
    text: /dial tcp|no such host|connection refused|connection reset|i\/o timeout|TLS handshake|x509:|proxyconnect|unexpected EOF|: (401|407|429|5\d\d) [A-Z]/,
    code: 'BUNDLE_DOWNLOAD',
    says: 'modules could not be downloaded',
  },
  {
    text: /unknown revision|no matching versions|version is not available|: (403|404|410) |invalid version|module lookup disabled|not found/i,
    code: 'BUNDLE_VERSION',
    says: 'a module is not available in that version',
  },
];

/** Takes what was tried and what the go command printed; gives the error for people. */
export function explainGoFailure(title: string, output: string): K8slabError {
  const raw = output
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('go: downloading '))
    .slice(-30)
    .join('\n');
  const known = knownTexts.find(({ text }) => text.test(raw));
  if (known !== undefined) return new K8slabError(known.code, `${title}: ${known.says}.`, { raw });
  return new K8slabError('BUNDLE_BUILD', `${title} failed.`, { raw });
}

const environment = z.object({ GOVERSION: z.string(), GOCACHE: z.string(), GOMODCACHE: z.string() });
export type GoEnvironment = z.infer<typeof environment>;

/** Go 1.21 is the first that fetches the toolchain a module asks for by itself. */
const leastMinor = 21;

/** What the installed toolchain says of itself. Throws BUNDLE_GO_MISSING, BUNDLE_GO_OLD. */
export async function goEnvironment(options: Omit<GoOptions, 'title'>): Promise<GoEnvironment> {
  const text = await go(['env', '-json'], { ...options, title: 'Asking Go for its settings' });
  const found = environment.parse(JSON.parse(text));
  const minor = /^go1\.(\d+)/.exec(found.GOVERSION)?.[1];
  if (minor !== undefined && Number(minor) < leastMinor) {
    throw new K8slabError(
      'BUNDLE_GO_OLD',
      `Go ${found.GOVERSION.slice(2)} is too old: at least 1.${leastMinor} is needed.`,
    );
  }
  return found;
}

const downloaded = z.object({ Dir: z.string(), GoMod: z.string(), Version: z.string() });
export type DownloadedModule = z.infer<typeof downloaded>;

/** Fetches one module without its dependencies. Throws what `go` throws. */
export async function downloadModule(
  module: string,
  version: string,
  options: Omit<GoOptions, 'title'>,
): Promise<DownloadedModule> {
  const text = await go(['mod', 'download', '-json', `${module}@v${version}`], {
    ...options,
    title: `Downloading ${module} v${version}`,
  });
  return downloaded.parse(JSON.parse(text));
}

const moduleFile = z.object({
  Go: z.string().default('1.21'),
  Replace: z
    .array(z.object({ Old: z.object({ Path: z.string() }), New: z.object({ Path: z.string() }) }))
    .nullish()
    .transform((list) => list ?? []),
});

export interface ModuleFacts {
  /** Language version that the module asks for. */
  go: string;
  /** Modules that its go.mod takes from a folder beside it. */
  localModules: string[];
}

/** What a module's own go.mod says. */
export async function readModuleFile(file: string, options: Omit<GoOptions, 'title'>): Promise<ModuleFacts> {
  const text = await go(['mod', 'edit', '-json', file], { ...options, title: `Reading ${file}` });
  const parsed = moduleFile.parse(JSON.parse(text));
  return {
    go: parsed.Go,
    localModules: parsed.Replace.filter((line) => line.New.Path.startsWith('./')).map(
      (line) => line.Old.Path,
    ),
  };
}

/** Released versions of a module, without `v`, oldest first. */
export async function moduleVersions(module: string, options: Omit<GoOptions, 'title'>): Promise<string[]> {
  const text = await go(['list', '-m', '-versions', module], {
    ...options,
    title: `Asking for the versions of ${module}`,
  });
  return text
    .trim()
    .split(/\s+/)
    .slice(1)
    .map((version) => version.replace(/^v/, ''))
    .filter((version) => /^\d+\.\d+\.\d+$/.test(version));
}
