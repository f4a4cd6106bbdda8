import type { Check, Finding } from '../check.js';
import { isKubernetes, isNat, judgeCluster, listed, onMachine, shown } from '../look.js';

export const check: Check = {
  id: 'node-addresses',
  title: "Nodes' InternalIP is their host-only address",
  layer: 'nodes',
  follows: { here: ['address'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      return cluster.machines.flatMap(({ name, address }): Finding[] => {
        const node = nodes.find((entry) => entry.name === name);
        if (!node || node.internalIPs[0] === address) return [];
        const nat = node.internalIPs.some((seen) => isNat(cluster, seen));
        const flag = snapshot.machines[name]?.kubelet?.nodeIpFlag;
        return [
          {
            code: nat ? 'K8S_NODE_ADDRESS_NAT' : 'K8S_NODE_ADDRESS',
            severity: 'failed',
            machine: name,
            message: nat
              ? `${name} has registered ${listed(node.internalIPs)}, the NAT adapter that every machine has; planned is ${address}.`
              : `${name} has registered ${listed(node.internalIPs)}; planned is ${address}.`,
            evidence: [
              `InternalIP: ${shown(node.internalIPs)}`,
              `kubelet --node-ip: ${flag ?? 'not set, so it takes the address of the default route'}`,
            ],
            fix: [
              `k8slab provision ${name}   # sets node-ip to ${address}`,
              onMachine(name, 'sudo systemctl restart kubelet'),
            ],
          },
        ];
      });
    }),
};
