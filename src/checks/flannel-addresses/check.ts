import type { NodeFacts } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, isNode, judgeCluster } from '../look.js';

/**
 * Written by flanneld: the address to which the others send the packets for this node's pods.
 * Source: flannel's pkg/subnet/kube/annotations.go.
 */
const annotation = 'flannel.alpha.coreos.com/public-ip';

export const check: Check = {
  id: 'flannel-addresses',
  title: "flannel has chosen every node's host-only address",
  layer: 'cni',
  follows: { here: ['address', 'flannel-subnet'] },
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'flannel',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) =>
      nodes
        ? cluster.machines.filter(isNode).flatMap((machine): Finding[] => {
            const node = nodes.find((entry) => entry.name === machine.name);
            // A node that has not joined is another check's finding.
            return node ? judgeNode(cluster, machine, node) : [];
          })
        : undefined,
    ),
};

function judgeNode(cluster: Cluster, machine: Machine, node: NodeFacts): Finding[] {
  const address = Object.hasOwn(node.annotations, annotation) ? node.annotations[annotation] : undefined;
  if (address === machine.address) return [];
  const first = cluster.machines.find((entry) => entry.role === 'control-plane') ?? machine;
  const rollout = 'k8slab kubectl -- -n kube-flannel rollout status daemonset/kube-flannel-ds';
  return [
    {
      ...explain(cluster, machine, address),
      severity: 'failed',
      machine: machine.name,
      evidence: [`${annotation}: ${address ?? '(not set)'}`, `planned: ${machine.address}`],
      fix:
        address === undefined
          ? [
              'k8slab kubectl -- -n kube-flannel get pods -o wide',
              'k8slab kubectl -- -n kube-flannel logs -l app=flannel --all-containers --tail 20',
            ]
          : [`k8slab provision ${first.name}`, rollout],
    },
  ];
}

function explain(
  cluster: Cluster,
  { name, address: planned }: Machine,
  address: string | undefined,
): Pick<Finding, 'code' | 'message'> {
  if (address === undefined) {
    return {
      code: 'K8S_FLANNEL_ADDRESS_MISSING',
      message: `flannel has chosen no address for ${name}; planned is ${planned}.`,
    };
  }
  if (isNat(cluster, address)) {
    return {
      code: 'K8S_FLANNEL_ADDRESS_NAT',
      message: `flannel has chosen ${address} for ${name}, the NAT adapter that every machine has; planned is ${planned}.`,
    };
  }
  return {
    code: 'K8S_FLANNEL_ADDRESS',
    message: `flannel has chosen ${address} for ${name}; planned is ${planned}.`,
  };
}
