import type { Cluster } from '../../plan/cluster.js';
import { restartProxy } from '../advice.js';
import type { Check } from '../check.js';
import { isKubernetes, onMachine } from '../look.js';
import { asOne, judgeViews } from '../probes.js';

export const check: Check = {
  id: 'service-from-pods',
  title: 'Pods on every node reach a Service',
  layer: 'data-path',
  follows: { here: ['probe-pods'], anywhere: ['pod-paths'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeViews(
      snapshot,
      (machine, { service }) => {
        if (!service) return undefined;
        if (service.ok) return [];
        return [
          {
            code: 'K8S_SERVICE_UNREACHABLE',
            severity: 'failed',
            machine,
            message: `A pod on ${machine} does not reach the API by its Service, ${cluster.networking.apiServiceAddress}.`,
            evidence: [`${service.url}: ${service.answer ?? 'no answer'}`],
            fix: fixOn(cluster, [machine]),
          },
        ];
      },
      (findings) =>
        asOne(
          findings,
          `No pod on any node reaches the API by its Service, ${cluster.networking.apiServiceAddress}.`,
          fixOn(
            cluster,
            findings.flatMap(({ machine = [] }) => machine),
          ),
        ),
    ),
};

/** Mends the machines, then looks at the first. */
const fixOn = (cluster: Cluster, machines: readonly string[]): string[] => [
  ...restartProxy(cluster, machines),
  ...machines
    .slice(0, 1)
    .flatMap((first) => [
      onMachine(first, 'sudo iptables -t nat -S KUBE-SERVICES'),
      onMachine(first, `curl -k https://${cluster.networking.apiServiceAddress}/readyz`),
    ]),
];
