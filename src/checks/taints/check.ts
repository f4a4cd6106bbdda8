import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeCluster, listed, word } from '../look.js';

/** What the cluster itself puts on nodes says something of their state, which other checks tell. */
const ofCluster = /^node\.(kubernetes|cloudprovider)\.(io|kubernetes\.io)\//;
const ofControlPlanes = 'node-role.kubernetes.io/control-plane';

export const check: Check = {
  id: 'taints',
  title: 'Nodes have the taints that are planned',
  layer: 'nodes',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes }) => {
      if (!nodes) return undefined;
      const places = cluster.machines.filter((machine) => isNode(machine) && machine.schedulable);
      const kept = new Map(
        places.map(({ name }) => [
          name,
          (nodes.find((node) => node.name === name)?.taints ?? []).filter(
            (taint) => !ofCluster.test(taint) && !taint.endsWith(':PreferNoSchedule'),
          ),
        ]),
      );
      const none = places.length > 0 && places.every(({ name }) => (kept.get(name) ?? []).length > 0);
      return [
        ...places.flatMap(({ name }): Finding[] => {
          const taints = kept.get(name) ?? [];
          if (taints.length === 0) return [];
          return [
            {
              code: 'K8S_NODE_TAINT',
              severity: none ? 'failed' : 'warning',
              machine: name,
              message: `${name} has the taint ${listed(taints)}, which is not planned${none ? ': pods that do not tolerate it find no node at all' : ''}.`,
              evidence: taints.map((taint) => `taint: ${taint}`),
              fix: [
                `k8slab kubectl -- taint nodes ${name} ${taints.map((taint) => `${word(taint, 'taint')}-`).join(' ')}`,
              ],
            },
          ];
        }),
        ...cluster.machines
          .filter((machine) => machine.role === 'control-plane' && !machine.schedulable)
          .flatMap(({ name }): Finding[] => {
            const node = nodes.find((entry) => entry.name === name);
            if (!node || node.taints.some((taint) => taint.startsWith(ofControlPlanes))) return [];
            return [
              {
                code: 'K8S_NODE_TAINT_MISSING',
                severity: 'warning',
                machine: name,
                message: `${name} takes pods: it lacks the taint that keeps them off a control plane.`,
                evidence: [`taints: ${node.taints.join(', ') || 'none'}`],
                fix: [`k8slab kubectl -- taint nodes ${name} ${ofControlPlanes}:NoSchedule`],
              },
            ];
          }),
      ];
    }),
};
