import type { Finding } from '../findings.js';
import { listMachines, machinePath, type LabMachine, type RoleKey } from '../machines.js';
import { formatMiB } from '../size.js';
import type { Rule, RuleInput } from './rule.js';

/** kubeadm's preflight checks NumCPU and Mem: cmd/kubeadm/app/constants (ControlPlaneNumCPU, ControlPlaneMem). */
const floor = { cpus: 2, megabytes: 1700 };
const floorMiB = Math.ceil((floor.megabytes * 1_000_000) / (1024 * 1024));
/** https://kubernetes.io/docs/setup/production-environment/tools/kubeadm/install-kubeadm/#before-you-begin */
const workerMiB = 1024;
const muchMiB = 32 * 1024;

/** The value that decides: the machine's own, or its role's. */
function pathOf(machine: LabMachine, field: string, { isWritten }: RuleInput): string {
  const own = machinePath(machine, field);
  return isWritten(own) ? own : `${machine.role}.${field}`;
}

/** One finding for each place, however many machines it decides for. */
function oncePerPlace(findings: Finding[]): Finding[] {
  return [...new Map(findings.map((finding) => [finding.path, finding])).values()];
}

/** A rule on one field of every machine of a role. */
function onField(
  role: RoleKey,
  field: 'cpus' | 'memory',
  check: (machine: LabMachine, input: RuleInput) => Omit<Finding, 'path'> | undefined,
): Rule {
  return {
    reads: ['bootstrap.name', `${role}.count`, `${role}.${field}`, `${role}.machines`],
    check: (input) => {
      const findings = listMachines(input.lab).flatMap((machine): Finding[] => {
        const finding = machine.role === role ? check(machine, input) : undefined;
        return finding ? [{ ...finding, path: pathOf(machine, field, input) }] : [];
      });
      return oncePerPlace(findings);
    },
  };
}

const controlPlaneCpus = onField('controlPlanes', 'cpus', ({ cpus }, { lab }) =>
  lab.bootstrap.name !== 'kubeadm' || cpus >= floor.cpus
    ? undefined
    : {
        code: 'LAB_CONTROL_PLANE_SIZE',
        message: `A control plane has ${cpus} CPU; kubeadm refuses fewer than ${floor.cpus}.`,
        fix: [`cpus: ${floor.cpus}`],
      },
);

const controlPlaneMemory = onField('controlPlanes', 'memory', ({ memoryMiB }, { lab }) =>
  lab.bootstrap.name !== 'kubeadm' || memoryMiB >= floorMiB
    ? undefined
    : {
        code: 'LAB_CONTROL_PLANE_SIZE',
        message: `A control plane has ${formatMiB(memoryMiB)}; kubeadm refuses less than ${floor.megabytes} MB.`,
        fix: ['memory: 2GiB'],
      },
);

const smallWorker = onField('workers', 'memory', ({ memoryMiB }, { lab }) =>
  lab.bootstrap.name === 'none' || memoryMiB >= workerMiB
    ? undefined
    : {
        code: 'LAB_WORKER_SMALL',
        message: `A worker has ${formatMiB(memoryMiB)}; with less than ${formatMiB(workerMiB)} pods are evicted early.`,
        warning: true,
      },
);

const muchMemory: Rule = {
  reads: ['controlPlanes', 'workers', 'loadBalancers'],
  check: ({ lab }) => {
    const machines = listMachines(lab);
    const total = machines.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0);
    if (total <= muchMiB) return [];
    return [
      {
        code: 'LAB_MEMORY_TOTAL',
        message: `The ${machines.length} machines have ${formatMiB(total)} of memory together; most laptops have less.`,
        path: 'workers',
        warning: true,
      },
    ];
  },
};

export const sizeRules: readonly Rule[] = [controlPlaneCpus, controlPlaneMemory, smallWorker, muchMemory];
