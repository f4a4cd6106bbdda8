import { contains, parseCidr } from '../../lab/cidr.js';
import type { Snapshot } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isNode, judgeMachines, onMachine, word } from '../look.js';

export const check: Check = {
  id: 'bridge-routes',
  title: "Every machine has a route to every other machine's pod range",
  layer: 'cni',
  follows: { here: ['address'] },
  applies: (cluster) => cluster.machines.some((machine) => machine.routes.length > 0) || areFound(cluster),
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      (machine) => machine.routes.length > 0 || (areFound(cluster) && isNode(machine)),
      (self, { system }) => {
        const { name } = self;
        const routes = areFound(cluster) ? foundRoutes(self, cluster, snapshot) : self.routes;
        if (!system?.routes || !routes) return undefined;
        const seen = system.routes;
        return routes.flatMap(({ destination, via, machine }): Finding[] => {
          const route = seen.find((entry) => entry.destination === destination);
          if (route?.via === via) return hidden(name, { destination, via, machine }, seen);
          const planned = `planned: ${destination} via ${via}`;
          return [
            {
              code: route ? 'GUEST_ROUTE_WRONG' : 'GUEST_ROUTE_MISSING',
              severity: 'failed',
              machine: name,
              message: route
                ? `On ${name}, the route to the pods of ${machine} (${destination}) goes via ${route.via ?? route.device}, planned is ${via}.`
                : `${name} has no route to the pods of ${machine}: ${destination} via ${via}.`,
              evidence: [
                planned,
                `seen: ${route ? `${destination} via ${route.via ?? '-'} dev ${route.device}` : 'none'}`,
              ],
              fix: [
                onMachine(name, `sudo ip route replace ${word(destination, 'range')} via ${via}`),
                `k8slab provision ${name}   # makes it last over reboots`,
              ],
            },
          ];
        });
      },
    ),
};

/** Whether bridges have ranges that the cluster gave, so that routes are found and not planned. */
const areFound = ({ bootstrap, cni }: Cluster): boolean =>
  bootstrap.allocatesNodeRanges === true && cni.name === 'bridge';

/** What the nodes of the cluster make necessary; undefined when it could not be asked. */
function foundRoutes(self: Machine, cluster: Cluster, snapshot: Snapshot): Machine['routes'] | undefined {
  return snapshot.cluster?.nodes?.flatMap(({ name, podCIDR }) => {
    const peer = cluster.machines.find((machine) => machine.name === name && name !== self.name);
    return peer && podCIDR !== null ? [{ destination: podCIDR, via: peer.address, machine: name }] : [];
  });
}

/** Of several routes that fit, the kernel takes the narrowest, whoever set it. */
function hidden(
  name: string,
  { destination, via, machine }: Machine['routes'][number],
  seen: { destination: string; via: string | null; device: string }[],
): Finding[] {
  const planned = parseCidr(destination);
  const narrower = seen.filter((entry) => {
    const range = parseCidr(entry.destination.includes('/') ? entry.destination : `${entry.destination}/32`);
    return planned && range && range.prefix > planned.prefix && contains(planned, range) && entry.via !== via;
  });
  return narrower.map((entry) => {
    const [kind, way] = entry.via === null ? ['dev', entry.device] : ['via', entry.via];
    const other = `${entry.destination} ${kind} ${way}`;
    const command = `${word(entry.destination, 'range')} ${kind} ${word(way, 'way')}`;
    return {
      code: 'GUEST_ROUTE_OVERLAPS',
      severity: 'failed',
      machine: name,
      message: `On ${name}, the route ${other} overlaps the one to the pods of ${machine} (${destination} via ${via}), and counts in its place.`,
      evidence: [
        `planned: ${destination} via ${via}`,
        `seen: ${entry.destination} via ${entry.via ?? '-'} dev ${entry.device}`,
      ],
      fix: [onMachine(name, `sudo ip route del ${command}`)],
    };
  });
}
