import { haScenario } from '../support/haScenario.js';

/** haproxy and keepalived on two machines of their own. */
haScenario('ha-3cp-2w-2lb', '3cp-2w-2lb', ['haproxy', 'keepalived']);
