import { restartAgent } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeCluster, onMachine, shown, word } from '../look.js';

export const check: Check = {
  id: 'nodes-registered',
  title: 'Every planned node has joined, and no other',
  layer: 'nodes',
  follows: {
    here: [
      'kubelet-name',
      'kubelet-server',
      'cri',
      'reachable',
      'hostname',
      'kubelet',
      'api-answers',
      'tokens',
    ],
    anywhere: ['api-address'],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      const seen = new Set(nodes.map((node) => node.name));
      const planned = cluster.machines.filter(isNode).map((machine) => machine.name);
      const evidence = [`kubectl get nodes: ${shown([...seen])}`];
      return [
        ...planned
          .filter((name) => !seen.has(name))
          .map((name): Finding => ({
            code: 'K8S_NODE_MISSING',
            severity: 'failed',
            machine: name,
            message: `${name} has not joined the cluster.`,
            evidence,
            // A kubelet whose node was deleted registers it again when it starts.
            fix: [
              onMachine(name, 'sudo systemctl restart kubelet'),
              `k8slab provision ${name}`,
              ...restartAgent(cluster, name),
              'k8slab verify --wait 4m',
            ],
          })),
        ...[...seen]
          .filter((name) => !planned.includes(name))
          .map((name): Finding => ({
            code: 'K8S_NODE_UNPLANNED',
            severity: 'warning',
            message: `The cluster has a node ${name} that this lab does not plan.`,
            evidence,
            fix: [`k8slab kubectl -- delete node ${word(name, 'node')}`],
          })),
      ];
    }),
};
