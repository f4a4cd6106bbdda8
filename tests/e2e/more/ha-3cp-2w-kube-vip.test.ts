import { haScenario } from '../support/haScenario.js';

/** kube-vip on the control planes: one program, no second port. */
haScenario('ha-3cp-2w-kube-vip', '3cp-2w-kube-vip', ['kube-vip']);
