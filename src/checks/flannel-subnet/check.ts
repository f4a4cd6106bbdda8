import type { NodeFacts } from '../../collect/snapshot.js';
import { contains, parseCidr } from '../../lab/cidr.js';
import { controlPlanes } from '../../plan/balancers.js';
import type { Cluster } from '../../plan/cluster.js';
import { programOf } from '../../plan/programs.js';
import { logOf } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeCluster, onMachine } from '../look.js';

export const check: Check = {
  id: 'flannel-subnet',
  title: 'Every node has a range of pod addresses within podSubnet',
  layer: 'cni',
  follows: { here: ['nodes-registered'] },
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'flannel',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) =>
      nodes
        ?.filter(({ name }) => cluster.machines.some((machine) => isNode(machine) && machine.name === name))
        .flatMap((node) => judgeNode(cluster, node)),
    ),
};

function judgeNode(cluster: Cluster, { name, podCIDR }: NodeFacts): Finding[] {
  const { podSubnet } = cluster.networking;
  const [planned, own] = [parseCidr(podSubnet), parseCidr(podCIDR ?? '')];
  if (planned && own && contains(planned, own)) return [];
  const common = {
    severity: 'failed' as const,
    machine: name,
    evidence: [`spec.podCIDR of ${name}: ${podCIDR ?? '(not set)'}`, `podSubnet: ${podSubnet}`],
  };
  return podCIDR === null
    ? [
        {
          ...common,
          code: 'K8S_FLANNEL_SUBNET_MISSING',
          message: `${name} has no range of pod addresses, and flannel does not start without one.`,
          fix: [
            ...logOf(cluster, 'kube-controller-manager'),
            ...controlPlanes(cluster)
              .slice(0, 1)
              .map((first) =>
                onMachine(first.name, `sudo grep cidr ${programOf(cluster, 'kube-controller-manager').file}`),
              ),
          ],
        },
      ]
    : [
        {
          ...common,
          code: 'K8S_FLANNEL_SUBNET',
          message: `${name} has the pod addresses ${podCIDR}, outside the planned ${podSubnet} that flannel serves.`,
        },
      ];
}
