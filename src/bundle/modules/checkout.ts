import { copyFile, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { run } from '../../vagrant/runner.js';
import type { CacheEntry } from './cache.js';
import { step, valuesOf, type BuildContext } from './context.js';
import { compile, progress, scaled } from './goBuild.js';
import type { GoBuild } from './recipe.js';

export interface Checkout {
  folder: string;
  /** As Kubernetes itself says it, without `v`: 1.36.3, 1.37.0-alpha.1.12+a1b2c3d4e5f6, 1.36.3+dirty. */
  version: string;
  /** Stands for the exact content; absent when files are changed and not committed. */
  commit?: string;
}

/** Looks at a person's own checkout of Kubernetes. `version` is used when git cannot say one. Throws BUNDLE_SOURCE. */
export async function openCheckout(folder: string, version?: string): Promise<Checkout> {
  const absolute = path.resolve(folder);
  const moduleFile = await readFile(path.join(absolute, 'go.mod'), 'utf8').catch(() => '');
  if (!/^module k8s\.io\/kubernetes$/m.test(moduleFile)) {
    throw new K8slabError('BUNDLE_SOURCE', `${absolute} is not a checkout of Kubernetes.`);
  }
  const described = await git(absolute, [
    'describe',
    '--tags',
    '--match=v*',
    '--abbrev=12',
    '--dirty=+dirty',
  ]);
  const found = version ?? versionFromGit(described ?? '');
  if (found === undefined) {
    throw new K8slabError('BUNDLE_SOURCE', `git cannot tell which version of Kubernetes ${absolute} is.`);
  }
  const commit = await git(absolute, ['rev-parse', 'HEAD']);
  const changed = await git(absolute, ['status', '--porcelain']);
  return { folder: absolute, version: found, ...(commit !== undefined && changed === '' ? { commit } : {}) };
}

/** `v1.36.3-5-gabc` (five commits after the tag) is 1.36.3-5+abc, as Kubernetes' own builds name it. */
export function versionFromGit(described: string): string | undefined {
  const match = /^v(\d+\.\d+\.\d+)(-(?:alpha|beta|rc)\.\d+)?(?:-(\d+)-g([0-9a-f]+))?(\+dirty)?$/.exec(
    described.trim(),
  );
  if (match === null) return undefined;
  const [, release = '', stage = '', commits, hash, dirty] = match;
  const after = commits === undefined ? '' : `${stage === '' ? '-' : '.'}${commits}`;
  const build = [hash, dirty === undefined ? undefined : 'dirty']
    .filter((part) => part !== undefined)
    .join('-');
  return `${release}${stage}${after}${build === '' ? '' : `+${build}`}`;
}

async function git(folder: string, args: readonly string[]): Promise<string | undefined> {
  const result = await run('git', ['-C', folder, ...args]).catch(() => undefined);
  return result?.exitCode === 0 ? result.stdout.trim() : undefined;
}

/** Builds Kubernetes' programs where the source lies. The result is only kept for a commit without changes. */
export async function buildCheckout(
  context: BuildContext,
  checkout: Checkout,
  build: GoBuild,
): Promise<CacheEntry> {
  const { seconds, ...recipe } = build;
  const key = {
    form: 1,
    recipe,
    version: checkout.version,
    commit: checkout.commit ?? `${process.pid}-${Date.now()}`,
    go: context.goVersion,
    arch: context.arch,
  };
  const kind = checkout.commit === undefined ? 'scratch' : 'programs';
  const title = `Build Kubernetes ${checkout.version} from ${checkout.folder}`;
  const id = 'go:kubernetes:kubeadm';
  return step(context, { id, title, seconds: scaled(seconds) }, () =>
    context.cache.entry(kind, `kubernetes-${checkout.version}`, key, async (folder) => {
      await mkdir(path.join(folder, 'bin'), { recursive: true });
      for (const file of build.keep) {
        await mkdir(path.dirname(path.join(folder, 'source', file)), { recursive: true });
        await copyFile(path.join(checkout.folder, file), path.join(folder, 'source', file));
      }
      await compile(
        build,
        valuesOf(checkout.version, context.arch),
        'k8s.io/kubernetes',
        path.join(folder, 'bin'),
        {
          cwd: checkout.folder,
          arch: context.arch,
          checkout: true,
          title,
          signal: context.signal,
          onLine: progress(context, id),
        },
      );
    }),
  );
}
