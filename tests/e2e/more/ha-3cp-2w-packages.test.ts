import { drillInterrupted } from '../support/drill.js';
import { haScenario } from '../support/haScenario.js';

/** haproxy and keepalived of the distribution on the control planes; and a drill that is interrupted. */
haScenario('ha-3cp-2w-packages', '3cp-2w-packages', ['haproxy', 'keepalived'], (step, lab) => {
  step(
    'Ctrl-C in the middle of a drill: the machine is brought back before k8slab ends',
    async () => {
      await drillInterrupted(lab);
    },
    420,
  );
});
