import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { K8slabError } from '../errors/error.js';
import { lastLines } from '../vagrant/lines.js';
import type { Patience } from '../vagrant/processGroup.js';
import type { Reporter } from '../vagrant/progress.js';
import { run } from '../vagrant/runner.js';
import { asRoot } from '../vagrant/survivors.js';
import { vagrantBoxes } from '../vagrant/vagrant.js';
import { exists } from '../write/exists.js';
import { addBox } from './addBox.js';
import { boxVersion, isCurrent, recipeHash } from './identity.js';
import { oneAtATime } from './oneAtATime.js';

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
export function boxCache(env: Record<string, string | undefined> = process.env): string {
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
    const release = await oneAtATime(cache, 'builds the box', signal);
    try {
      if (!(await installed())) {
        const file = await builtFile(options, cache, hash);
        await addBox(file, {
          ...{ name, provider, version: boxVersion(hash, new Date()) },
          ...{ ...call, logFile: options.logFile },
          onLine: (line) => void report({ type: 'output', row: 'box', line }),
        });
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
  await removeOldBoxes(cache);
  return file;
}

/** Built boxes that are kept: versions of k8slab that take turns on a host need not build each time. */
const kept = 3;

async function removeOldBoxes(cache: string): Promise<void> {
  const files = (await readdir(cache))
    .filter((name) => name.endsWith('.box'))
    .map((name) => join(cache, name));
  const times = await Promise.all(files.map(async (file) => ({ file, time: (await stat(file)).mtimeMs })));
  const old = times.sort((one, other) => other.time - one.time).slice(kept);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}

/** A killed build may leave a root's files of another owner, and mounts that must not be followed. */
async function removeTree(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  const [program = '', ...args] = asRoot(['rm', '-rf', '--one-file-system', folder]);
  await run(program, args);
}
