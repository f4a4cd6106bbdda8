import type { Cluster } from '../../plan/cluster.js';
import { lookAtRules, restartProxy } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes } from '../look.js';
import { asOne, judgeProbes } from '../probes.js';

export const check: Check = {
  id: 'node-ports',
  title: 'A NodePort answers this computer on every node',
  layer: 'data-path',
  follows: { here: ['service-from-pods'], anywhere: ['probe-pods', 'pod-paths'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeProbes(snapshot, ({ nodePorts, workload }) => {
      if (!workload) return { notAsked: 'the lab has no image of something that serves' };
      if (!nodePorts || workload.available === 0) return { notAsked: 'no pod of the workload serves' };
      const closed = nodePorts
        .filter(({ ok }) => !ok)
        .map(({ machine, url, answer }): Finding => ({
          code: 'K8S_NODE_PORT_CLOSED',
          severity: 'failed',
          machine,
          message: `From this computer, the NodePort of ${machine} does not answer.`,
          evidence: [`${url}: ${answer ?? 'no answer'}`],
          fix: fixOn(cluster, [machine]),
        }));
      return closed.length > 1 && closed.length === nodePorts.length
        ? asOne(
            closed,
            'From this computer, a NodePort answers on no node.',
            fixOn(
              cluster,
              closed.flatMap(({ machine = [] }) => machine),
            ),
          )
        : closed;
    }),
};

/** Looks at the first of the machines, and mends all. */
const fixOn = (cluster: Cluster, machines: readonly string[]): string[] => [
  ...lookAtRules(machines, 'INPUT'),
  `k8slab provision ${machines.join(' ')}   # turns ufw off, and tells firewalld of the lab`,
  ...restartProxy(cluster, machines),
];
