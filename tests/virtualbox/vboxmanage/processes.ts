// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { readFileSync } from 'node:fs';

/** A process by its number and the tick it started at: on a busy machine numbers come round within the minute. */
export interface Process {
  pid: number;
  started: string;
}

export const ownProcess = (): Process => processOf(process.pid);

export const processOf = (pid: number): Process => ({ pid, started: look(pid).started ?? '' });

/** Whether a process still runs; one that has ended but was not collected does not. */
export function isAlive(wanted: Process | undefined): boolean {
  if (wanted === undefined) return false;
  const { state, started } = look(wanted.pid);
  return started === wanted.started && state !== undefined && !'ZX'.includes(state);
}

/** Letter of its state and start in ticks: fields 3 and 22 of proc_pid_stat(5), counted behind its name's bracket. */
function look(pid: number): { state?: string | undefined; started?: string | undefined } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], started: fields[19] };
  } catch {
    return {};
  }
}
