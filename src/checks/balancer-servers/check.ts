import { balancers, controlPlanes } from '../../plan/balancers.js';
import type { Check, Finding } from '../check.js';
import { judgeMachines, onMachine, reached, shown } from '../look.js';

export const check: Check = {
  id: 'balancer-servers',
  title: 'haproxy finds every API server',
  layer: 'control-plane',
  follows: {
    here: ['address'],
    anywhere: ['address', 'kubelet', 'runtime', 'etcd', 'api-address', 'api-answers'],
  },
  // What only moves the address hands no connections on.
  applies: (cluster) =>
    balancers(cluster).length > 0 &&
    (cluster.loadBalancer === undefined || cluster.loadBalancer.port !== undefined),
  evaluate: (cluster, snapshot) => {
    const names = new Set(balancers(cluster).map(({ name }) => name));
    const alive = new Set(reached(cluster, snapshot).map(({ machine }) => machine.name));
    return judgeMachines(
      cluster,
      snapshot,
      ({ name }) => names.has(name),
      ({ name }, { balancer }) => {
        // One that does not run is the finding of another check.
        if (balancer?.programs?.some((one) => one.name === 'haproxy' && !one.running)) return [];
        if (!balancer?.servers) return undefined;
        const { servers } = balancer;
        return controlPlanes(cluster)
          .filter((machine) => alive.has(machine.name))
          .flatMap(({ name: server, address }): Finding[] => {
            const found = servers.find((one) =>
              one.address === null ? one.name === server : one.address.split(':')[0] === address,
            );
            if (found && !/^(DOWN|MAINT|DRAIN|NOLB)/.test(found.status)) return [];
            const others = servers.map((one) => `${one.name} ${one.address ?? ''}`.trim());
            return [
              {
                code: 'K8S_BALANCER_SERVER',
                severity: 'failed',
                machine: name,
                message: found
                  ? `haproxy on ${name} takes the API server of ${server} (${found.address ?? address}) for down.`
                  : `haproxy on ${name} does not know the API server of ${server} (${address}).`,
                evidence: [
                  found ? `${found.name} is ${found.status}: ${found.check}` : `it knows: ${shown(others)}`,
                ],
                fix: [`k8slab provision ${name}`, onMachine(name, 'sudo grep -rn server /etc/haproxy/')],
              },
            ];
          });
      },
    );
  },
};
