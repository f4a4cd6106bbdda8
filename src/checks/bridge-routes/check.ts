import type { Check, Finding } from '../check.js';
import { judgeMachines, onMachine } from '../look.js';

export const check: Check = {
  id: 'bridge-routes',
  title: "Every machine has a route to every other machine's pod range",
  layer: 'cni',
  follows: { here: ['address'] },
  applies: (cluster) => cluster.machines.some((machine) => machine.routes.length > 0),
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      (machine) => machine.routes.length > 0,
      ({ name, routes }, { system }) => {
        if (!system?.routes) return undefined;
        const seen = system.routes;
        return routes.flatMap(({ destination, via, machine }): Finding[] => {
          const route = seen.find((entry) => entry.destination === destination);
          if (route?.via === via) return [];
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
                onMachine(name, `sudo ip route replace ${destination} via ${via}`),
                `k8slab provision ${name}   # makes it last over reboots`,
              ],
            },
          ];
        });
      },
    ),
};
