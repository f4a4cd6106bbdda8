import { calicoNamespace, restartCalico } from '../calico.js';
import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines } from '../look.js';

/** Written by calico-node when it starts; its CNI plugin makes no pod without it. */
const file = '/var/lib/calico/nodename';

export const check: Check = {
  id: 'calico-node-name',
  title: "Calico's plugin knows the name of its node",
  layer: 'cni',
  follows: { here: ['runtime', 'kubelet', 'cri', 'nodes-registered'] },
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'calico',
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { calico }) => {
      if (calico?.nodeName == null || calico.nodeName === name) return [];
      const { nodeName } = calico;
      return [
        {
          code: 'K8S_CALICO_NODE_NAME',
          severity: 'failed',
          machine: name,
          message:
            nodeName === ''
              ? `${file} is missing on ${name}: Calico makes no pods there.`
              : `Calico takes ${name} for ${nodeName}: ${file} says so.`,
          evidence: [`${file}: ${nodeName === '' ? 'no such file' : nodeName}`],
          fix: [
            restartCalico(cluster, name),
            `k8slab kubectl -- -n ${calicoNamespace(cluster)} rollout status daemonset/calico-node`,
          ],
        },
      ];
    }),
};
