import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a program gets to end by itself, in milliseconds, after each signal. */
export interface Patience {
  /** After SIGINT: Vagrant undoes a half-made machine in this time. */
  interrupt: number;
  /** After SIGTERM, before SIGKILL. */
  terminate: number;
}

export const defaultPatience: Patience = { interrupt: 30_000, terminate: 5_000 };

const windows = process.platform === 'win32';
const live = new Set<number>();
let exitHook = false;

/**
 * On Unix every program gets a session and process group of its own, so Ctrl-C on the terminal reaches only
 * us and is ours to forward, once. On Windows the console itself tells every program of the window.
 */
export const ownGroup = !windows;

/** Remembers a group, so that nothing of it outlives us. */
export function trackGroup(pid: number): void {
  live.add(pid);
  if (exitHook) return;
  exitHook = true;
  process.once('exit', killAllGroups);
}

export function untrackGroup(pid: number): void {
  live.delete(pid);
}

/** Ends everything we started, hard and at once: the second Ctrl-C. */
export function killAllGroups(): void {
  for (const pid of live) signalGroup(pid, 'SIGKILL');
}

/** Sends a signal to every process of a group; one that is gone is fine. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  if (windows) {
    if (signal === 'SIGKILL') spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // No such group: it has ended.
  }
}

function groupAlive(pid: number): boolean {
  try {
    process.kill(windows ? pid : -pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number, milliseconds: number): Promise<boolean> {
  const deadline = Date.now() + milliseconds;
  while (groupAlive(pid)) {
    if (Date.now() >= deadline) return false;
    await sleep(50);
  }
  return true;
}

/** Asks a group to end, ever less politely: SIGINT, SIGTERM, SIGKILL. Returns when none of it is left. */
export async function stopGroup(pid: number, patience: Patience): Promise<void> {
  signalGroup(pid, 'SIGINT');
  if (await gone(pid, patience.interrupt)) return;
  signalGroup(pid, 'SIGTERM');
  if (await gone(pid, patience.terminate)) return;
  signalGroup(pid, 'SIGKILL');
  await gone(pid, 2_000);
}
