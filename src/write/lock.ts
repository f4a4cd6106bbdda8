import { readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from 'proper-lockfile';
import { z } from 'zod';
import { K8slabError } from '../errors/error.js';
import { isAlive, writeAtomic } from './atomic.js';
import { fileError, systemCode } from './ioErrors.js';
import { labPaths } from './labFolder.js';

/** A lock whose holder has not shown signs of life for this long (milliseconds) is free. */
const stale = 5000;
const update = 1000;
/** Between looks at a lock whose holder seems to be gone, milliseconds. */
const pause = 200;

const holderSchema = z.object({ pid: z.int(), command: z.string(), host: z.string(), since: z.string() });
type Holder = z.infer<typeof holderSchema>;

/**
 * Runs `work` while no other k8slab works in the lab folder; `.k8slab/` must exist. `command` is what this process does
 * (`k8slab up`), for the message the others get. Throws RENDER_LOCKED at once when another one is at work; the lock of
 * one that was killed is taken over within 5 seconds.
 */
export async function withLabLock<T>(dir: string, command: string, work: () => Promise<T>): Promise<T> {
  const { dir: root, lock: lockfilePath, lockHolder } = labPaths(dir);
  const release = await acquire(root, lockfilePath, () => readHolder(lockHolder));
  try {
    const holder: Holder = { pid: process.pid, command, host: hostname(), since: new Date().toISOString() };
    await writeAtomic(lockHolder, `${JSON.stringify(holder)}\n`, 0o644);
    return await work();
  } finally {
    await rm(lockHolder, { force: true });
    await release();
  }
}

/**
 * Takes the lock at `lockfilePath`; gives what releases it. `holderOf` tells who has it, so that a living
 * holder is reported at once and only a dead one is waited for.
 */
async function acquire(
  root: string,
  lockfilePath: string,
  holderOf: () => Promise<Holder | undefined>,
): Promise<() => Promise<void>> {
  const deadline = Date.now() + stale + 2 * update;
  for (;;) {
    try {
      return await hold(root, lockfilePath);
    } catch (error) {
      if (systemCode(error) !== 'ELOCKED') throw fileError(error, `lock ${root}`);
      const holder = await holderOf();
      const gone = holder === undefined || (holder.host === hostname() && !isAlive(holder.pid));
      if (!gone || Date.now() > deadline) throw busy(root, holder);
      await sleep(pause);
    }
  }
}

/**
 * proper-lockfile on a path, once; gives what releases it. Throws an error with code ELOCKED when it is held.
 * That the lock vanished while it was held (somebody removed the lab) is no reason to break off.
 */
export async function hold(file: string, lockfilePath: string): Promise<() => Promise<void>> {
  const release = await lock(file, { lockfilePath, stale, update, onCompromised: () => undefined });
  return async () => {
    try {
      await release();
    } catch (error) {
      const code = systemCode(error) ?? '';
      if (!['ENOTACQUIRED', 'ERELEASED', 'ENOENT'].includes(code)) throw fileError(error, `unlock ${file}`);
    }
  };
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function busy(root: string, holder: Holder | undefined): K8slabError {
  if (holder === undefined) return new K8slabError('RENDER_LOCKED', `Another k8slab is working in ${root}.`);
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  return new K8slabError(
    'RENDER_LOCKED',
    `"${holder.command}" (process ${holder.pid}${where}, since ${holder.since}) is working in ${root}.`,
  );
}
