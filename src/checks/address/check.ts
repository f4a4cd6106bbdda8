import type { Check } from '../check.js';
import { judgeMachines, onMachine, plannedInterface, word } from '../look.js';

export const check: Check = {
  id: 'address',
  title: 'Planned host-only addresses are there',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      (machine, facts) => {
        const interfaces = facts.system?.interfaces;
        if (!interfaces) return undefined;
        const link = plannedInterface(machine, facts);
        if (link?.up) return [];
        const seen = interfaces
          .filter((entry) => entry.name !== 'lo' && entry.addresses.length > 0)
          .map((entry) => `${entry.name}: ${entry.addresses.join(', ')}`)
          .slice(0, 10);
        return [
          {
            code: link ? 'GUEST_INTERFACE_DOWN' : 'GUEST_ADDRESS_MISSING',
            severity: 'failed',
            machine: machine.name,
            message: link
              ? `${link.name} of ${machine.name}, which holds ${machine.address}, is down.`
              : `No interface of ${machine.name} has the planned address ${machine.address}.`,
            evidence: seen,
            fix: link
              ? [onMachine(machine.name, `sudo ip link set ${word(link.name, 'adapter')} up`)]
              : [`k8slab halt ${machine.name}`, `k8slab up ${machine.name}`],
          },
        ];
      },
    ),
};
