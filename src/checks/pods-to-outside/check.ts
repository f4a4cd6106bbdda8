import type { Check } from '../check.js';
import { isKubernetes, onMachine } from '../look.js';
import { asOne, judgeViews } from '../probes.js';

export const check: Check = {
  id: 'pods-to-outside',
  title: 'Pods get out where their machine does',
  layer: 'data-path',
  // A page does not come through where full packets are lost.
  follows: { here: ['probe-pods', 'pod-paths'] },
  applies: isKubernetes,
  evaluate: (_, snapshot) => {
    const ways = Object.values(snapshot.probes?.machines ?? {}).map(({ outside }) => outside);
    if (ways.length > 0 && ways.every((way) => way === null))
      return { notAsked: 'no machine gets out of this network itself' };
    return judgeViews(
      snapshot,
      (machine, { outside }) =>
        outside === null || outside.ok
          ? []
          : [
              {
                code: 'K8S_POD_NO_WAY_OUT',
                severity: 'failed',
                machine,
                message: `${machine} reaches ${outside.name}, a pod on it does not.`,
                evidence: [outside.detail || 'no answer within 4 s'],
                fix: [
                  onMachine(machine, 'sudo iptables -t nat -S POSTROUTING'),
                  onMachine(machine, 'sudo iptables -S FORWARD'),
                  `k8slab provision ${machine}`,
                ],
              },
            ],
      (findings) => asOne(findings, 'Every machine gets out of the cluster, and no pod does.'),
    );
  },
};
