import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { K8slabError } from '../errors/error.js';
import { lastLines } from '../vagrant/lines.js';
import type { Patience } from '../vagrant/processGroup.js';
import type { Reporter } from '../vagrant/progress.js';
import { run } from '../vagrant/runner.js';
import { asRoot } from '../vagrant/survivors.js';
import { vagrantBoxAdd, vagrantBoxes } from '../vagrant/vagrant.js';
import { writeAtomic } from '../write/atomic.js';
import { systemCode } from '../write/ioErrors.js';
import { boxVersion, isCurrent, recipeHash } from './identity.js';

export interface BuiltBoxOptions {
  /** What `config.vm.box` says. */
  name: string;
  provider: string;
  /** Folder with `build.sh OUTPUT.box WORK-FOLDER`. */
  recipe: string;
  env?: Record<string, string | undefined>;
  patience?: Patience;
  logFile: string;
  /** The log as a person would name it. */
  shownLog: string;
  report: Reporter;
  signal: AbortSignal;
}

/** Where built boxes are kept on this host, so that another VAGRANT_HOME need not build them again. */
function boxCache(env: Record<string, string | undefined> = process.env): string {
  return join(env.XDG_CACHE_HOME ?? join(env.HOME ?? homedir(), '.cache'), 'k8slab', 'boxes');
}

/**
 * Sees to it that Vagrant has the box built from this very recipe. Building happens once a host: two labs at
 * once wait for each other, and a finished box is kept. A kill leaves nothing that looks like a box.
 */
export async function ensureBuiltBox(options: BuiltBoxOptions): Promise<void> {
  const { name, provider, report, signal } = options;
  const hash = await recipeHash(options.recipe);
  const call = { env: options.env, patience: options.patience, signal };
  const installed = async (): Promise<boolean> => isCurrent(await vagrantBoxes(call), name, provider, hash);
  if (await installed()) return;

  const cache = boxCache({ ...process.env, ...options.env });
  await mkdir(cache, { recursive: true });
  await report({ type: 'begin', rows: ['box'] });
  await report({ type: 'phase', row: 'box', phase: 'build' });
  try {
    const release = await lock(cache, signal);
    try {
      if (!(await installed())) {
        const file = await builtFile(options, cache, hash);
        await add(file, options, hash);
      }
    } finally {
      await release();
    }
    await report({ type: 'done', row: 'box', summary: `${name} is ready` });
  } catch (error) {
    if (error instanceof K8slabError) await report({ type: 'failed', row: 'box', error });
    throw error;
  } finally {
    await report({ type: 'end' });
  }
}

async function lock(cache: string, signal: AbortSignal): Promise<() => Promise<void>> {
  const { lock: acquire } = await import('proper-lockfile');
  for (;;) {
    if (signal.aborted)
      throw new K8slabError('VAGRANT_INTERRUPTED', 'Interrupted while another k8slab builds the box.');
    try {
      // A lock whose holder was killed is taken over when it has not been renewed for 20 s.
      return await acquire(cache, { stale: 20_000, update: 5_000, onCompromised: () => undefined });
    } catch (error) {
      if (systemCode(error) !== 'ELOCKED') throw error;
      await sleep(500);
    }
  }
}

async function builtFile(options: BuiltBoxOptions, cache: string, hash: string): Promise<string> {
  const file = join(cache, `${hash}.box`);
  if (await exists(file)) return file;
  const work = join(cache, 'work');
  await removeTree(work);
  await mkdir(work);
  // Beside a build that outlived its k8slab, this one works in a folder of its own and ends in a rename.
  const own = await mkdtemp(join(work, 'build-'));
  const built = join(own, 'box.box');
  const [program = '', ...args] = asRoot(['bash', join(options.recipe, 'build.sh'), built, own]);
  const result = await run(program, args, {
    ...(options.env === undefined ? {} : { env: options.env }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    logFile: options.logFile,
    title: `build the box ${options.name}`,
    signal: options.signal,
    onLine: (line) => void options.report({ type: 'output', row: 'box', line }),
  });
  const complete = result.exitCode === 0 && (await exists(built));
  if (complete) await rename(built, file);
  await removeTree(work);
  if (!complete) {
    throw new K8slabError(
      'VAGRANT_BOX_BUILD_FAILED',
      `The box ${options.name} could not be built; see ${options.shownLog}.`,
      {
        raw: lastLines(`${result.stdout}\n${result.stderr}`, 15),
      },
    );
  }
  for (const old of await readdir(cache)) {
    if (old.endsWith('.box') && old !== `${hash}.box`) await rm(join(cache, old), { force: true });
  }
  return file;
}

/** Adds a box with a version, which Vagrant takes only from a metadata document beside the box. */
async function add(file: string, options: BuiltBoxOptions, hash: string): Promise<void> {
  const sha256 = createHash('sha256');
  await pipeline(createReadStream(file), sha256);
  const box = {
    name: options.provider,
    url: pathToFileURL(file).href,
    checksum_type: 'sha256',
    checksum: sha256.digest('hex'),
  };
  const metadata = {
    name: options.name,
    versions: [{ version: boxVersion(hash, new Date()), providers: [box] }],
  };
  const document = `${file.slice(0, -'.box'.length)}.json`;
  await writeAtomic(document, `${JSON.stringify(metadata, undefined, 2)}\n`, 0o644);
  await vagrantBoxAdd(document, options.provider, {
    env: options.env,
    patience: options.patience,
    signal: options.signal,
    logFile: options.logFile,
    onLine: (line) => void options.report({ type: 'output', row: 'box', line }),
  });
  await rm(document, { force: true });
}

/** A killed build may leave a root's files of another owner, and mounts that must not be followed. */
async function removeTree(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  const [program = '', ...args] = asRoot(['rm', '-rf', '--one-file-system', folder]);
  await run(program, args);
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
