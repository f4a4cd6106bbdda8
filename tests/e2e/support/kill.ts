import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { containersOf } from './life.js';
import type { Ran } from '../../support/k8slab.js';
import type { Workshop } from './workshop.js';

/** A moment in a run of k8slab: what it printed last, and what was then to be seen on the machine. */
export interface Moment {
  machine: string;
  /** What k8slab prints of that machine when the moment is near. */
  says: RegExp;
  /** A file on the machine that is there at that moment, and not much before. */
  file?: string;
  /** Milliseconds from then on. */
  after?: number;
}

/** Runs k8slab, and at a moment does `strike`, once. Gives how the run ended, and whether the moment came. */
export async function strikeAt(
  moment: Moment,
  strike: (child: { kill: (signal: NodeJS.Signals) => boolean }) => void,
  run: { workshop: Workshop; lab: string; args: readonly string[]; inLab: boolean },
): Promise<Ran & { struck: boolean }> {
  let near = false;
  let struck = false;
  let timer: NodeJS.Timeout | undefined;
  const line = new RegExp(`${moment.machine} +${moment.says.source}`);
  const ran = await run.workshop.run(run.args, {
    ...(run.inLab && { lab: run.lab }),
    onOutput: (text, child) => {
      if (near || !line.test(text)) return;
      near = true;
      timer = setInterval(() => {
        if (moment.file !== undefined && !isOn(run.lab, moment.machine, moment.file)) return;
        clearInterval(timer);
        setTimeout(() => {
          struck = true;
          strike(child);
        }, moment.after ?? 0);
      }, 50);
    },
  });
  clearInterval(timer);
  return { ...ran, struck };
}

/** Whether a file is on a running machine; looked at from this host, so that nothing on the machine is disturbed. */
export function isOn(lab: string, machine: string, file: string): boolean {
  const pid = initOf(lab, machine);
  return pid !== undefined && existsSync(path.join('/proc', pid, 'root', file));
}

/** The name that a machine has on this host. */
export function containerOf(lab: string, machine: string): string {
  const name = containersOf(lab).find((container) => container.startsWith(`${lab}-${machine}`));
  if (name === undefined) throw new Error(`There is no container of ${machine} of ${lab}.`);
  return name;
}

/** Pulls the plug of a machine. */
export function killMachine(lab: string, machine: string): void {
  execFileSync('lxc-stop', ['--kill', '--name', containerOf(lab, machine)]);
}

function initOf(lab: string, machine: string): string | undefined {
  try {
    const args = ['--name', containerOf(lab, machine), '--pid', '--no-humanize'];
    const pid = execFileSync('lxc-info', args, { encoding: 'utf8' }).trim();
    return /^\d+$/.test(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}
