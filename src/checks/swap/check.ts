import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine, reached } from '../look.js';

/** Machines of lxc share the host's kernel, and with it the host's swap. */
const sharesKernel = (cluster: Cluster): boolean => cluster.provider === 'lxc';

export const check: Check = {
  id: 'swap',
  title: 'Swap is off, and stays off',
  layer: 'machine',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) => {
    const answer = judgeMachines(cluster, snapshot, isNode, (machine, { system }) => {
      if (!system || (system.swap === null && system.fstabSwap === null)) return undefined;
      const now = sharesKernel(cluster) ? [] : swapOn(machine, system.swap ?? []);
      return [...now, ...swapLater(machine, system.fstabSwap ?? [])];
    });
    const host = sharesKernel(cluster) ? hostSwap(cluster, snapshot) : [];
    return Array.isArray(answer)
      ? [...host, ...answer]
      : { ...answer, findings: [...host, ...(answer.findings ?? [])] };
  },
};

function swapOn({ name }: Machine, areas: string[]): Finding[] {
  if (areas.length === 0) return [];
  return [
    {
      code: 'GUEST_SWAP_ON',
      severity: 'failed',
      machine: name,
      message: `Swap is on at ${name}: ${areas.join(', ')}.`,
      evidence: areas.map((area) => `/proc/swaps: ${area}`),
      fix: [onMachine(name, 'sudo swapoff -a'), `k8slab provision ${name}   # keeps it off after a reboot`],
    },
  ];
}

function swapLater({ name }: Machine, lines: string[]): Finding[] {
  if (lines.length === 0) return [];
  return [
    {
      code: 'GUEST_SWAP_FSTAB',
      severity: 'warning',
      machine: name,
      message: `Swap comes back at the next boot of ${name}: /etc/fstab names it.`,
      evidence: lines.map((line) => `/etc/fstab: ${line}`),
      fix: [`k8slab provision ${name}`],
    },
  ];
}

/** A fact of the host, told once; the kubelet's own check says whether it does harm. */
function hostSwap(cluster: Cluster, snapshot: Parameters<Check['evaluate']>[1]): Finding[] {
  const areas = reached(cluster, snapshot, isNode)
    .map(({ facts }) => facts.system?.swap ?? [])
    .find((seen) => seen.length > 0);
  if (!areas) return [];
  return [
    {
      code: 'GUEST_SWAP_HOST',
      severity: 'warning',
      message: `The host has swap on (${areas.join(', ')}), and lxc machines share its kernel.`,
      evidence: areas.map((area) => `/proc/swaps: ${area}`),
      fix: ['sudo swapoff -a   # on the host, if the kubelets do not start'],
    },
  ];
}
