import { repair } from '../advice.js';
import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine } from '../look.js';

export const check: Check = {
  id: 'kubelet-name',
  title: 'Kubelets register under the names of their machines',
  layer: 'runtime',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, (machine, { kubelet }) => {
      const { name } = machine;
      const seen = kubelet?.hostnameOverride;
      if (!seen || seen === name) return [];
      return [
        {
          code: 'GUEST_KUBELET_NAME',
          severity: 'failed',
          machine: name,
          message: `The kubelet on ${name} is told to register as ${seen}, for which it has no certificate.`,
          evidence: [`kubelet --hostname-override: ${seen}`],
          fix: [repair(cluster, 'kubeletName', machine), onMachine(name, 'sudo systemctl restart kubelet')],
        },
      ];
    }),
};
