import type { MachineSnapshot } from '../../collect/snapshot.js';
import type { Cluster } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isNat, judgeMachines, onMachine, shown, withoutPrefix, word } from '../look.js';

export const check: Check = {
  id: 'default-route',
  title: 'There is a way out of the lab',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, facts): Finding[] | undefined => {
        const routes = facts.system?.routes;
        if (!routes) return undefined;
        if (routes.some(({ destination }) => destination === 'default')) return [];
        const adapter = natAdapter(cluster, facts);
        return [
          {
            code: 'GUEST_DEFAULT_ROUTE_MISSING',
            severity: 'failed',
            machine: name,
            message: `${name} has no default route: nothing leads out of the lab.`,
            evidence: [
              `ip route: ${shown(routes.map(({ destination, device }) => `${destination} dev ${device}`).slice(0, 8))}`,
            ],
            fix:
              adapter === undefined
                ? [`k8slab halt ${name}`, `k8slab up ${name}`]
                : [
                    onMachine(
                      name,
                      `sudo ip route add default via ${gatewayOf(cluster)} dev ${word(adapter, 'adapter')}`,
                    ),
                  ],
          },
        ];
      },
    ),
};

function natAdapter(cluster: Cluster, facts: MachineSnapshot): string | undefined {
  return facts.system?.interfaces?.find(({ addresses }) =>
    addresses.some((address) => isNat(cluster, withoutPrefix(address))),
  )?.name;
}

/** VirtualBox and slirp4netns answer at the second address of their range, libvirt at the first. */
const gatewayOf = ({ networking: { nat } }: Cluster): string =>
  nat.cidr.replace(/\d+\/\d+$/, nat.address === '' ? '1' : '2');
