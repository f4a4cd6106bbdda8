import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { K8slabError } from '../errors/error.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import type { Patience } from './processGroup.js';

/** A lab on this host: its plan and its folder. Everything in `src/vagrant` works on one. */
export interface LabContext {
  cluster: Cluster;
  /** Absolute path. */
  folder: string;
  /** Added to the environment of every program; tests put their own PATH here. */
  env?: Record<string, string | undefined>;
  /** Time programs get to end after Ctrl-C. */
  patience?: Patience;
  /** Seconds that Vagrant may be silent, instead of what each call allows; tests have less time. */
  silence?: number;
  /** Seconds that VBoxManage may take to answer a question. */
  answerTime?: number;
}

export function statePath(lab: LabContext, ...parts: string[]): string {
  return join(lab.folder, '.k8slab', ...parts);
}

/** Log of a machine, or of another actor such as `box`. */
export function logFile(lab: LabContext, name: string): string {
  return statePath(lab, 'logs', `${name}.log`);
}

/** How a log is named in messages: relative to the lab folder. */
export function shownLog(name: string): string {
  return `.k8slab/logs/${name}.log`;
}

/** The machines asked for, in boot order; all when none is named. Throws VAGRANT_NO_SUCH_MACHINE. */
export function selectMachines(cluster: Cluster, names: readonly string[] = []): Machine[] {
  const unknown = names.find((name) => !cluster.machines.some((machine) => machine.name === name));
  if (unknown !== undefined) {
    const known = cluster.machines.map((machine) => machine.name).join(', ');
    throw new K8slabError('VAGRANT_NO_SUCH_MACHINE', `The lab ${cluster.name} has no machine "${unknown}".`, {
      fix: [`Name one of: ${known}`],
    });
  }
  return names.length === 0
    ? [...cluster.machines]
    : cluster.machines.filter((machine) => names.includes(machine.name));
}

/** Whether Vagrant remembers having made this machine. */
export function vagrantKnows(lab: LabContext, machine: string): boolean {
  return existsSync(join(lab.folder, '.vagrant', 'machines', machine, lab.cluster.provider, 'id'));
}
