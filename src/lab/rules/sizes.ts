import type { Finding } from '../findings.js';
import { listMachines, machinePath, roleTitle, type LabMachine } from '../machines.js';
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

const controlPlaneFloor: Rule = {
  reads: ['bootstrap', 'controlPlanes'],
  check: (input) => {
    if (input.lab.bootstrap.name !== 'kubeadm') return [];
    const controlPlanes = listMachines(input.lab).filter(({ role }) => role === 'controlPlanes');
    const findings = controlPlanes.flatMap((machine): Finding[] => [
      ...(machine.cpus >= floor.cpus
        ? []
        : [
            {
              code: 'LAB_CONTROL_PLANE_SIZE' as const,
              message: `A control plane has ${machine.cpus} CPU; kubeadm refuses fewer than ${floor.cpus}.`,
              path: pathOf(machine, 'cpus', input),
              fix: [`cpus: ${floor.cpus}`],
            },
          ]),
      ...(machine.memoryMiB >= floorMiB
        ? []
        : [
            {
              code: 'LAB_CONTROL_PLANE_SIZE' as const,
              message: `A control plane has ${formatMiB(machine.memoryMiB)}; kubeadm refuses less than ${floor.megabytes} MB.`,
              path: pathOf(machine, 'memory', input),
              fix: ['memory: 2GiB'],
            },
          ]),
    ]);
    return oncePerPlace(findings);
  },
};

const smallWorker: Rule = {
  reads: ['bootstrap', 'workers'],
  check: (input) => {
    if (input.lab.bootstrap.name === 'none') return [];
    const small = listMachines(input.lab).filter(
      ({ role, memoryMiB }) => role === 'workers' && memoryMiB < workerMiB,
    );
    const findings = small.map((machine) => ({
      code: 'LAB_WORKER_SMALL' as const,
      message: `A ${roleTitle('workers')} has ${formatMiB(machine.memoryMiB)}; with less than ${formatMiB(workerMiB)} pods are evicted early.`,
      path: pathOf(machine, 'memory', input),
      warning: true,
    }));
    return oncePerPlace(findings);
  },
};

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

export const sizeRules: readonly Rule[] = [controlPlaneFloor, smallWorker, muchMemory];
