import type { NodeFacts } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import { controlPlanes } from '../../plan/balancers.js';
import { lookAtProgram } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, listed, onMachine } from '../look.js';

/** Routes and bridges are written before any node has joined, so the cluster must know the same ranges. */
export const check: Check = {
  id: 'node-pod-ranges',
  title: 'Every node has a range of pod addresses, the planned one where there is one',
  layer: 'nodes',
  follows: { here: ['reachable', 'nodes-registered'] },
  applies: (cluster) =>
    isKubernetes(cluster) &&
    (cluster.machines.some(({ podCidr }) => podCidr !== undefined) ||
      cluster.bootstrap.allocatesNodeRanges === true),
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) =>
      nodes?.flatMap((node) => {
        const machine = cluster.machines.find(({ name }) => name === node.name);
        if (!machine) return [];
        return machine.podCidr === undefined
          ? judgeGiven(cluster, node)
          : judgeNode(cluster, machine, node, nodes);
      }),
    ),
};

/** The controller manager gives a range to every node that has none, until there are no more. */
function judgeGiven(cluster: Cluster, { name, podCIDR }: NodeFacts): Finding[] {
  if (podCIDR !== null) return [];
  const { podSubnet } = cluster.networking;
  return [
    {
      code: 'K8S_POD_RANGE_MISSING',
      severity: 'failed',
      machine: name,
      message: `The node ${name} has no pod range; the controller manager has one of ${podSubnet} for every node.`,
      evidence: [`spec.podCIDR of ${name}: (not set)`],
      fix: controlPlanes(cluster).flatMap((machine) =>
        lookAtProgram(cluster, machine.name, 'kube-controller-manager'),
      ),
    },
  ];
}

function judgeNode(cluster: Cluster, machine: Machine, node: NodeFacts, nodes: NodeFacts[]): Finding[] {
  const { name, podCidr: planned = '' } = machine;
  const seen = node.podCIDR;
  if (seen === planned) return [];
  const common = {
    severity: 'failed' as const,
    machine: name,
    evidence: [`spec.podCIDR of ${name}: ${seen ?? '(not set)'}`, `planned: ${planned}`],
  };
  if (seen === null) {
    return [
      {
        ...common,
        code: 'K8S_POD_RANGE_MISSING',
        message: `The node ${name} has no pod range; planned is ${planned}.`,
        fix: [`k8slab provision ${name}`],
      },
    ];
  }
  const holders = nodes.filter((other) => other.name !== name && other.podCIDR === seen);
  const owner = cluster.machines.find(({ podCidr }) => podCidr === seen);
  const whose = owner === undefined ? '' : `, which is that of ${owner.name}`;
  // A node keeps its range for life, so it has to come again.
  const fix = [
    `k8slab kubectl -- delete node ${name}`,
    onMachine(name, 'sudo systemctl restart kubelet'),
    `k8slab provision ${name}`,
  ];
  return [
    holders.length > 0
      ? {
          ...common,
          code: 'K8S_POD_RANGE_SHARED',
          message: `The node ${name} has the same pod range as ${listed(holders.map((other) => other.name))}, ${seen}; planned is ${planned}.`,
          fix,
        }
      : {
          ...common,
          code: 'K8S_POD_RANGE_OTHER',
          message: `The node ${name} has the pod range ${seen}${whose}; planned is ${planned}.`,
          fix,
        },
  ];
}
