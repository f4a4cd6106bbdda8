import type { MachineSnapshot, NodeFacts } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, isNode, judgeCluster, withoutPrefix } from '../look.js';

/** Written by calico-node: the address it has chosen for its node, and what its peers use. */
const annotation = 'projectcalico.org/IPv4Address';

export const check: Check = {
  id: 'calico-addresses',
  title: "Calico has chosen every node's host-only address",
  layer: 'cni',
  follows: { here: ['address'] },
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'calico',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      return cluster.machines.filter(isNode).flatMap((machine): Finding[] => {
        const node = nodes.find((entry) => entry.name === machine.name);
        // A node that has not joined is another check's finding.
        return node ? judgeNode(cluster, machine, node, snapshot.machines[machine.name]) : [];
      });
    }),
};

function judgeNode(
  cluster: Cluster,
  machine: Machine,
  node: NodeFacts,
  facts: MachineSnapshot | undefined,
): Finding[] {
  const seen = Object.hasOwn(node.annotations, annotation) ? node.annotations[annotation] : undefined;
  const address = seen === undefined ? undefined : withoutPrefix(seen);
  if (address === machine.address) return [];
  const first = cluster.machines.find((entry) => entry.role === 'control-plane') ?? machine;
  return [
    {
      ...explain(cluster, machine, address, facts),
      severity: 'failed',
      machine: machine.name,
      evidence: [
        `${annotation}: ${seen ?? '(not set)'}`,
        `planned: ${machine.address}`,
        ...interfaceOf(address, facts),
      ],
      fix: [
        `k8slab kubectl -- -n kube-system set env daemonset/calico-node IP_AUTODETECTION_METHOD=can-reach=${first.address}`,
        'k8slab kubectl -- -n kube-system rollout status daemonset/calico-node',
      ],
    },
  ];
}

function explain(
  cluster: Cluster,
  { name, address: planned }: Machine,
  address: string | undefined,
  facts: MachineSnapshot | undefined,
): Pick<Finding, 'code' | 'message'> {
  if (address === undefined) {
    return {
      code: 'K8S_CALICO_ADDRESS_MISSING',
      message: `Calico has chosen no address for ${name}; planned is ${planned}.`,
    };
  }
  if (isNat(cluster, address)) {
    return {
      code: 'K8S_CALICO_ADDRESS_NAT',
      message: `Calico has chosen ${address} for ${name}, the NAT adapter that every machine has; planned is ${planned}.`,
    };
  }
  if (cluster.endpoint?.kind === 'vip' && address === cluster.endpoint.address) {
    return {
      code: 'K8S_CALICO_ADDRESS_VIP',
      message: `Calico has chosen the virtual address ${address} for ${name}, which moves between machines; planned is ${planned}.`,
    };
  }
  const link = linkOf(address, facts);
  if (link !== undefined && /^(br-|docker|virbr|cni|lxcbr|lxdbr)/.test(link)) {
    return {
      code: 'K8S_CALICO_ADDRESS_BRIDGE',
      message: `Calico has chosen ${address} for ${name}, the bridge ${link} inside it; planned is ${planned}.`,
    };
  }
  return {
    code: 'K8S_CALICO_ADDRESS',
    message: `Calico has chosen ${address} for ${name}; planned is ${planned}.`,
  };
}

function linkOf(address: string, facts: MachineSnapshot | undefined): string | undefined {
  return facts?.system?.interfaces?.find((link) =>
    link.addresses.some((own) => withoutPrefix(own) === address),
  )?.name;
}

function interfaceOf(address: string | undefined, facts: MachineSnapshot | undefined): string[] {
  const link = address === undefined ? undefined : linkOf(address, facts);
  return link === undefined ? [] : [`${address ?? ''} is on ${link}`];
}
