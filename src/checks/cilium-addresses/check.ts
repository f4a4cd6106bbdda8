import type { ClusterSnapshot } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, isNode, judgeCluster, shown } from '../look.js';

type CiliumNode = NonNullable<ClusterSnapshot['ciliumNodes']>[number];

/**
 * Each agent writes a CiliumNode object for its node: the addresses by which the others reach it, and its pods' range.
 * https://docs.cilium.io/en/stable/network/kubernetes/ciliumnode/
 */
export const check: Check = {
  id: 'cilium-addresses',
  title: "Cilium knows every node by its host-only address, and its pods' range",
  layer: 'cni',
  follows: { here: ['address', 'node-addresses'] },
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'cilium',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes, ciliumNodes }) => {
      if (!nodes || !ciliumNodes) return undefined;
      return cluster.machines.filter(isNode).flatMap((machine): Finding[] => {
        const node = nodes.find(({ name }) => name === machine.name);
        // A node that has not joined is another check's finding.
        if (!node) return [];
        const own = ciliumNodes.find(({ name }) => name === machine.name);
        if (!own) return [missing(machine)];
        return [...judgeAddress(cluster, machine, own), ...judgeRange(machine, own, node.podCIDR)];
      });
    }),
};

function missing({ name }: Machine): Finding {
  return {
    code: 'K8S_CILIUM_NODE_MISSING',
    severity: 'failed',
    machine: name,
    message: `Cilium knows no node ${name}: its agent there has not started well.`,
    evidence: [`CiliumNode ${name}: not there`],
    fix: [
      'k8slab kubectl -- -n kube-system get pods -l k8s-app=cilium -o wide',
      'k8slab kubectl -- -n kube-system logs -l k8s-app=cilium -c cilium-agent --tail 20',
    ],
  };
}

function judgeAddress(cluster: Cluster, { name, address }: Machine, { internalIPs }: CiliumNode): Finding[] {
  const [seen] = internalIPs;
  if (seen === address) return [];
  const nat = seen !== undefined && isNat(cluster, seen);
  const what = nat ? `${seen}, the NAT adapter that every machine has` : (seen ?? 'no address');
  return [
    {
      code: nat ? 'K8S_CILIUM_ADDRESS_NAT' : 'K8S_CILIUM_ADDRESS',
      severity: 'failed',
      machine: name,
      message: `Cilium has ${what} for ${name}; planned is ${address}.`,
      evidence: [`CiliumNode ${name}, InternalIP: ${shown(internalIPs)}`, `planned: ${address}`],
      fix: [`k8slab provision ${name}`, 'k8slab kubectl -- -n kube-system rollout restart daemonset/cilium'],
    },
  ];
}

function judgeRange({ name }: Machine, { podCIDRs }: CiliumNode, range: string | null): Finding[] {
  // A node without a range is another check's finding.
  if (range === null || podCIDRs.includes(range)) return [];
  return [
    {
      code: 'K8S_CILIUM_RANGE',
      severity: 'failed',
      machine: name,
      message: `Cilium gives pods of ${name} addresses of ${shown(podCIDRs, 'no range')}; the node's range is ${range}.`,
      evidence: [`CiliumNode ${name}, podCIDRs: ${shown(podCIDRs)}`, `Node ${name}, podCIDR: ${range}`],
    },
  ];
}
