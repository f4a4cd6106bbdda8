import type { Lab, RoleRequest } from './lab.js';

export type RoleKey = 'controlPlanes' | 'workers' | 'loadBalancers';
export const roleKeys: readonly RoleKey[] = ['controlPlanes', 'workers', 'loadBalancers'];

/** The paths that say how many machines there are. */
export const countPaths: readonly string[] = roleKeys.map((role) => `${role}.count`);

const prefixes: Readonly<Record<RoleKey, string>> = {
  controlPlanes: 'cp',
  workers: 'worker',
  loadBalancers: 'lb',
};
const titles: Readonly<Record<RoleKey, string>> = {
  controlPlanes: 'control plane',
  workers: 'worker',
  loadBalancers: 'load balancer',
};

/** `control plane`, `worker`, `load balancer` */
export function roleTitle(role: RoleKey): string {
  return titles[role];
}

/** One machine of a lab with what it will have: the role's values, or its own. */
export interface LabMachine {
  role: RoleKey;
  /** Position within its role, from 0. */
  index: number;
  /** Its own name, or cp1…, worker1…, lb1…. */
  name: string;
  address?: string;
  cpus: number;
  memoryMiB: number;
  diskGiB: number;
  schedulable: boolean;
}

/** Every machine of a lab: control planes, workers, load balancers; those described beyond `count`, too. */
export function listMachines(lab: Pick<Lab, RoleKey>): LabMachine[] {
  return roleKeys.flatMap((role) => {
    const length = Math.max(lab[role].count, lab[role].machines.length);
    return Array.from({ length }, (_, index) => machineOf(lab[role], role, index));
  });
}

function machineOf(request: RoleRequest, role: RoleKey, index: number): LabMachine {
  const { cpus, memoryMiB, diskGiB, schedulable } = request;
  const common = { name: `${prefixes[role]}${index + 1}`, cpus, memoryMiB, diskGiB, schedulable };
  return { ...common, ...request.machines[index], role, index };
}

/** Value path of one machine's field: `workers.machines.0.name`. */
export function machinePath({ role, index }: Pick<LabMachine, 'role' | 'index'>, field: string): string {
  return `${role}.machines.${index}.${field}`;
}
