import type { NodeFacts } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import { repair } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, judgeCluster, listed, onMachine, shown } from '../look.js';

export const check: Check = {
  id: 'node-addresses',
  title: 'Nodes register their host-only address',
  layer: 'nodes',
  follows: { here: ['address'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      return cluster.machines.flatMap((machine): Finding[] => {
        const node = nodes.find((entry) => entry.name === machine.name);
        const flag = snapshot.machines[machine.name]?.kubelet?.nodeIpFlag ?? null;
        if (!node) return [];
        if (node.internalIPs[0] !== machine.address) return [wrongAddress(cluster, machine, node, flag)];
        return flag === '' ? [byChance(cluster, machine)] : [];
      });
    }),
};

function wrongAddress(cluster: Cluster, machine: Machine, node: NodeFacts, flag: string | null): Finding {
  const { name, address } = machine;
  const nat = node.internalIPs.some((seen) => isNat(cluster, seen));
  return {
    code: nat ? 'K8S_NODE_ADDRESS_NAT' : 'K8S_NODE_ADDRESS',
    severity: 'failed',
    machine: name,
    message: nat
      ? `${name} has registered ${listed(node.internalIPs)}, the NAT adapter that every machine has; planned is ${address}.`
      : `${name} has registered ${listed(node.internalIPs)}; planned is ${address}.`,
    evidence: [`InternalIP: ${shown(node.internalIPs)}`, ...flagLine(flag)],
    fix: setNodeIp(cluster, machine),
  };
}

/** Without --node-ip the kubelet asks what the hostname resolves to, and takes the default route's address only after that. */
function byChance(cluster: Cluster, machine: Machine): Finding {
  const { name, address } = machine;
  return {
    code: 'K8S_NODE_IP_UNSET',
    severity: 'failed',
    machine: name,
    message: `The kubelet on ${name} runs without --node-ip; planned is ${address}, which it still registers because the hostname resolves to it.`,
    evidence: [...flagLine(''), `InternalIP: ${address}`],
    fix: setNodeIp(cluster, machine),
  };
}

const flagLine = (flag: string | null): string[] =>
  flag === null ? [] : [`kubelet --node-ip: ${flag === '' ? 'not set' : flag}`];

/** The kubelet reads the flag when it starts. */
const setNodeIp = (cluster: Cluster, machine: Machine): string[] => [
  repair(cluster, 'nodeIp', machine),
  onMachine(machine.name, 'sudo systemctl restart kubelet'),
];
