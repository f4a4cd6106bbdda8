import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine } from '../look.js';

/** As many pods are named as evidence. */
const named = 5;

/**
 * After a boot the API goes on telling what the kubelet told it last: pods are Running and ready, in containers that went with the
 * machine. Containers are compared, not times: clocks jump when a laptop wakes up.
 */
export const check: Check = {
  id: 'pod-statuses',
  title: 'Pods run in the containers that the API knows',
  layer: 'nodes',
  follows: { here: ['reachable', 'bare', 'runtime', 'kubelet', 'nodes-ready'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { runtime }) => {
      const there = new Set(runtime?.containers);
      if (!runtime?.containers || !snapshot.cluster?.pods) return [];
      const stale = snapshot.cluster.pods
        .filter((pod) => pod.node === name && pod.ready)
        .filter(({ running = [] }) => running.some((id) => !there.has(id)));
      if (stale.length === 0) return [];
      return [
        {
          code: 'K8S_POD_STATUS_OLD',
          severity: 'failed',
          machine: name,
          message: `What the API tells of ${stale.length === 1 ? 'a pod' : `${stale.length} pods`} on ${name} is old: containers that it takes for running are gone.`,
          evidence: stale
            .slice(0, named)
            .map(
              ({ namespace, name: pod, running = [] }) =>
                `${namespace}/${pod}: ${running.filter((id) => !there.has(id)).join(', ')}`,
            ),
          fix: ['k8slab verify --wait 2m', onMachine(name, 'sudo journalctl -u kubelet -n 30 --no-pager')],
        },
      ];
    }),
};
