import type { NodeFacts } from '../../collect/snapshot.js';
import type { ErrorCode } from '../../errors/catalogue/index.js';
import type { Cluster } from '../../plan/cluster.js';
import { runtimeService } from '../../plan/runtime.js';
import { repair } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, onMachine } from '../look.js';

/** Taints that the control plane puts on nodes whose kubelet is short of something, and what it is short of. */
const pressures: { taint: string; code: ErrorCode; what: string; look: (cluster: Cluster) => string }[] = [
  {
    taint: 'node.kubernetes.io/disk-pressure',
    code: 'K8S_NODE_DISK_PRESSURE',
    what: 'disk space',
    look: (cluster) => `df -h / ${runtimeService(cluster).storage}`,
  },
  {
    taint: 'node.kubernetes.io/memory-pressure',
    code: 'K8S_NODE_MEMORY_PRESSURE',
    what: 'memory',
    look: () => 'free -m',
  },
  {
    taint: 'node.kubernetes.io/pid-pressure',
    code: 'K8S_NODE_PID_PRESSURE',
    what: 'process numbers',
    look: () => 'ps -e --no-headers | wc -l',
  },
];

export const check: Check = {
  id: 'nodes-schedulable',
  title: 'Nodes take new pods',
  layer: 'nodes',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      const planned = nodes.filter((node) => cluster.machines.some(({ name }) => name === node.name));
      return [...planned.flatMap((node) => pressureFindings(cluster, node)), ...cordons(cluster, planned)];
    }),
};

function pressureFindings(cluster: Cluster, node: NodeFacts): Finding[] {
  return pressures.flatMap(({ taint, code, what, look }): Finding[] => {
    const seen = node.taints.find((text) => text.startsWith(`${taint}:`));
    if (seen === undefined) return [];
    const mend =
      code === 'K8S_NODE_DISK_PRESSURE'
        ? repair(cluster, 'unusedImages', { name: node.name, address: '' })
        : `k8slab kubectl -- get pods -A -o wide --field-selector spec.nodeName=${node.name}`;
    // Machines of lxc have no disk of their own.
    const ofHost = cluster.provider === 'lxc' && code === 'K8S_NODE_DISK_PRESSURE';
    return [
      {
        code,
        severity: 'failed',
        machine: node.name,
        message: `${node.name} is short of ${what}${ofHost ? ', which is the host’s' : ''}, and takes no new pods.`,
        evidence: [`taint: ${seen}`],
        fix: ofHost
          ? ['df -h /var/lib/lxc   # on this host: make room there']
          : [onMachine(node.name, look(cluster)), mend],
      },
    ];
  });
}

/** To cordon a machine is a thing that people do; to leave pods no machine at all is a fault. */
function cordons(cluster: Cluster, nodes: NodeFacts[]): Finding[] {
  const places = nodes.filter((node) =>
    cluster.machines.some((machine) => machine.name === node.name && machine.schedulable),
  );
  const none = places.every((node) => node.unschedulable);
  return nodes
    .filter((node) => node.unschedulable)
    .map(({ name, taints }) => ({
      code: 'K8S_NODE_CORDONED',
      severity: none ? 'failed' : 'warning',
      machine: name,
      message: `${name} is cordoned: no new pods are placed there${none ? ', nor anywhere else' : ''}.`,
      evidence: [
        'spec.unschedulable: true',
        ...taints.filter((taint) => taint.startsWith('node.kubernetes.io/unschedulable')),
      ],
      fix: [`k8slab kubectl -- uncordon ${name}`],
    }));
}
