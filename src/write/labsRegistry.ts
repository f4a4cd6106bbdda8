import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { K8slabError } from '../errors/error.js';
import { writeAtomic } from './atomic.js';
import { fileError, orFileError, systemCode } from './ioErrors.js';
import { hold } from './lock.js';
import { readJson } from './stateStore.js';

/** One lab of this user on this host. */
export interface RegisteredLab {
  /** Absolute path of the lab folder. */
  folder: string;
  name: string;
  /** The host-only range it holds, such as 192.168.57.0/24. */
  hostOnlySubnet: string;
}

const patience = 15_000;
const pause = 50;

const schema = z.strictObject({
  schema: z.literal(1),
  labs: z.array(z.strictObject({ folder: z.string(), name: z.string(), hostOnlySubnet: z.string() })),
});

/**
 * Where k8slab keeps what belongs to the user and not to one lab: `K8SLAB_STATE_DIR`, or the place each system has for
 * such files (XDG base directories, Application Support, LocalAppData).
 */
export function stateDirectory(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.K8SLAB_STATE_DIR) return path.resolve(env.K8SLAB_STATE_DIR);
  if (platform === 'win32')
    return path.join(env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'), 'k8slab');
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'k8slab');
  const xdg = env.XDG_STATE_HOME;
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.local', 'state'), 'k8slab');
}

/** The user's labs whose folders still exist. Throws RENDER_STATE when the list is damaged. */
export async function listLabs(stateDir: string = stateDirectory()): Promise<RegisteredLab[]> {
  const document = await inStateDir(stateDir, () => readJson(registryFile(stateDir), schema));
  const labs = document?.labs ?? [];
  const there = await Promise.all(labs.map(({ folder }) => isFolder(folder)));
  return labs.filter((_, index) => there[index]);
}

/**
 * Registers a lab. `decide` sees the labs of the same moment, without the one in `folder`, and gives the entry to keep:
 * no other k8slab decides meanwhile, so two labs never take the same range. The folder must exist. Gives the entry.
 * Throws RENDER_LOCKED when the list stays busy, RENDER_READ_ONLY and the like.
 */
export async function reserve<T extends { hostOnlySubnet: string; name: string }>(
  folder: string,
  decide: (others: RegisteredLab[]) => T | Promise<T>,
  stateDir: string = stateDirectory(),
): Promise<T> {
  return locked(stateDir, async () => {
    const others = (await listLabs(stateDir)).filter((lab) => lab.folder !== folder);
    const decided = await decide(others);
    const entry: RegisteredLab = { folder, name: decided.name, hostOnlySubnet: decided.hostOnlySubnet };
    await save(stateDir, [...others, entry]);
    return decided;
  });
}

/** Takes a lab off the list, so that its range is free again. */
export async function release(folder: string, stateDir: string = stateDirectory()): Promise<void> {
  await locked(stateDir, async () => {
    await save(
      stateDir,
      (await listLabs(stateDir)).filter((lab) => lab.folder !== folder),
    );
  });
}

async function save(stateDir: string, labs: RegisteredLab[]): Promise<void> {
  const sorted = [...labs].sort((a, b) => (a.folder < b.folder ? -1 : 1));
  await writeAtomic(
    registryFile(stateDir),
    `${JSON.stringify({ schema: 1, labs: sorted }, undefined, 2)}\n`,
    0o644,
  );
}

async function locked<T>(stateDir: string, work: () => Promise<T>): Promise<T> {
  await inStateDir(stateDir, () =>
    orFileError(`make the folder ${stateDir}`, () => mkdir(stateDir, { recursive: true })),
  );
  const deadline = Date.now() + patience;
  let unlock: (() => Promise<void>) | undefined;
  while (unlock === undefined) {
    try {
      unlock = await hold(stateDir, path.join(stateDir, 'labs.lock'));
    } catch (error) {
      if (systemCode(error) !== 'ELOCKED')
        throw aboutStateDir(fileError(error, `lock ${stateDir}`), stateDir);
      if (Date.now() > deadline) {
        throw new K8slabError('RENDER_LOCKED', `Another k8slab keeps the list of labs in ${stateDir} busy.`);
      }
      await sleep(pause);
    }
  }
  try {
    return await work();
  } finally {
    await unlock();
  }
}

/** Runs a file operation in the state folder; what is wrong with the folder is not the lab folder's fault. */
async function inStateDir<T>(stateDir: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw aboutStateDir(error, stateDir);
  }
}

/** Errors that the folder itself can cause. */
const ofTheFolder = new Set<string>(['RENDER_READ_ONLY', 'RENDER_IN_THE_WAY', 'RENDER_WRITE']);

function aboutStateDir(error: unknown, stateDir: string): unknown {
  if (!(error instanceof K8slabError) || !ofTheFolder.has(error.code)) {
    return error;
  }
  const message = `${error.message} k8slab keeps its list of labs there.`;
  const fix = [
    `Make ${stateDir} a folder that you can write to`,
    'or name another one: export K8SLAB_STATE_DIR="$PWD/k8slab-state"',
  ];
  return new K8slabError(error.code, message, {
    fix,
    cause: error,
    ...(error.raw !== undefined && { raw: error.raw }),
  });
}

function registryFile(stateDir: string): string {
  return path.join(stateDir, 'labs.json');
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return false;
    throw fileError(error, `look at ${folder}`);
  }
}
