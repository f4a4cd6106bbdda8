import { haScenario } from './support/haScenario.js';

/** haproxy and keepalived as static pods on the control planes: the form that kubeadm's own guide shows. */
haScenario('ha-3cp-2w', '3cp-2w', ['haproxy', 'keepalived']);
