import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lock } from 'proper-lockfile';
import { installed, k8slab, requireStatus, type RunOptions } from '../../support/k8slab.js';
import { hostCache } from './workshop.js';

type Env = NonNullable<RunOptions['env']>;

/** Seconds in which a bundle must be there when nothing of it was built before. */
export const bundleTime = 1800;

/**
 * The bundle that scenarios boot from, made by `k8slab bundle create` and checked by `bundle verify`; gives its folder. It is made
 * once for each state of the package's recipes and builder, and kept in the host's cache, like the builds it is made of
 * (K8SLAB_E2E_FRESH=1: neither is used, and it is made once for a run of the tests).
 *
 * Modules cannot give Calico: its archive is taken from the folder that K8SLAB_E2E_PROGRAMS names; without that variable
 * everything is downloaded from Kubernetes' own hosts. Throws, with what to do, where neither can be had.
 */
export async function requireBundle(cni: 'calico' | 'flannel'): Promise<string> {
  const fresh = process.env.K8SLAB_E2E_FRESH === '1';
  const env: Env = {
    NO_COLOR: '1',
    ...(fresh && { XDG_CACHE_HOME: installed('cache') }),
  };
  const kept = path.join(fresh ? installed('cache') : hostCache(), 'k8slab', 'e2e');
  mkdirSync(kept, { recursive: true });
  // Of scenarios that run at the same time, one makes the bundle and the others wait for it.
  const unlock = await lock(kept, { retries: { retries: bundleTime, factor: 1, minTimeout: 1000 } });
  try {
    return await bundleIn(kept, cni, env);
  } finally {
    await unlock();
  }
}

async function bundleIn(kept: string, cni: 'calico' | 'flannel', env: Env): Promise<string> {
  const archives = programArchives();
  removeUnused(kept);
  const from =
    archives.length === 0 && cni === 'calico'
      ? ['1cp-2w', 'flannel-1cp-2w', '--from', 'upstream']
      : ['--from', 'modules'];
  const add = archives.flatMap((archive) => ['--add', archive]);
  const folder = path.join(kept, `bundle-${sumOf([...from, ...add], archives)}`);
  const run = { cwd: os.tmpdir(), env, timeout: bundleTime };
  if (!existsSync(folder)) {
    const making = `${folder}.${process.pid}.tmp`;
    const command = ['bundle', 'create', ...from, ...add, '--out', making];
    const made = await k8slab(command, run);
    if (made.status !== 0 && from.includes('upstream'))
      throw new Error(`${howToGetCalico}\n\n${made.stderr}`);
    requireStatus(made, 0, command);
    renameSync(making, folder);
  }
  utimesSync(folder, new Date(), new Date());
  const verify = ['bundle', 'verify', folder];
  requireStatus(await k8slab(verify, run), 0, verify);
  return folder;
}

const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
const archiveName = (program: string): RegExp =>
  new RegExp(`^${program}-v.*linux-${architecture}\\.tar\\.(xz|gz|zst)$`);

const howToGetCalico = [
  'Calico cannot be built from Go modules, and Kubernetes’ own hosts did not give it.',
  `Set K8SLAB_E2E_PROGRAMS to a folder with calico-vVERSION-linux-${architecture}.tar.xz; box-templates/bundle/components/calico.yaml says what is in such an archive.`,
].join('\n');

/**
 * The archives with programs that modules cannot give, where K8SLAB_E2E_PROGRAMS names a folder: Calico's, and those of kube-vip and CRI-O when they
 * are there. Throws when Calico's is not.
 */
function programArchives(): string[] {
  const folder = process.env.K8SLAB_E2E_PROGRAMS;
  if (folder === undefined || folder === '') return [];
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  const newest = (program: string): string | undefined =>
    files.findLast((file) => archiveName(program).test(file));
  const calico = newest('calico');
  if (calico === undefined) {
    throw new Error(
      `K8SLAB_E2E_PROGRAMS is ${folder}, and there is no calico-vVERSION-linux-${architecture}.tar.xz in it. It has: ${files.join(', ') || 'nothing'}`,
    );
  }
  return [calico, newest('kube-vip'), newest('crio')]
    .filter((file) => file !== undefined)
    .map((file) => path.resolve(folder, file));
}

/** Changes with everything that a bundle is made by and from. */
function sumOf(what: readonly string[], archives: readonly string[]): string {
  const hash = createHash('sha256').update(what.join('\0'));
  const own = installed('node_modules', 'k8slab');
  const builders = [path.join('dist', 'bundle'), path.join('box-templates', 'bundle')];
  // What is downloaded follows from the steps of labs; what is built does not.
  for (const folder of what.includes('upstream') ? [...builders, 'provision-scripts'] : builders) {
    const files = readdirSync(path.join(own, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort();
    for (const file of files) hash.update(`${path.relative(own, file)}\0`).update(readFileSync(file));
  }
  for (const archive of archives) hash.update(readFileSync(archive));
  return hash.digest('hex').slice(0, 16);
}

/** Milliseconds; making one from what is built already takes seconds. */
const keptFor = 86_400_000;

function removeUnused(folder: string): void {
  for (const name of readdirSync(folder)) {
    const place = path.join(folder, name);
    if (Date.now() - statSync(place).mtimeMs > keptFor) rmSync(place, { recursive: true, force: true });
  }
}
