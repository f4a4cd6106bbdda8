import { restartCalico } from '../calico.js';
import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines } from '../look.js';

export const check: Check = {
  id: 'calico-felix',
  title: 'Felix, which programs the rules and routes of pods, is live',
  layer: 'cni',
  follows: {
    here: ['runtime', 'kubelet', 'cri', 'nodes-registered', 'calico-addresses'],
    anywhere: ['calico-addresses', 'api-address', 'api-answers'],
  },
  applies: (cluster) => isKubernetes(cluster) && cluster.cni.name === 'calico',
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { calico }) => {
      // Where nobody answers, its pod does not run: the finding of another check.
      if (!calico?.felix || (calico.felix.live && calico.felix.ready)) return [];
      const { live } = calico.felix;
      return [
        {
          code: 'K8S_FELIX_NOT_LIVE',
          severity: 'failed',
          machine: name,
          message: `Felix on ${name} is ${live ? 'not ready' : 'not live'}.`,
          evidence: [`http://127.0.0.1:9099/${live ? 'readiness' : 'liveness'}: not 200`],
          fix: [
            'k8slab verify --wait 2m   # it needs some seconds after a start',
            restartCalico(cluster, name),
          ],
        },
      ];
    }),
};
