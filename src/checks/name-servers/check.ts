import { nameServerOf } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { judgeMachines, onMachine } from '../look.js';

export const check: Check = {
  id: 'name-servers',
  title: 'Machines know whom to ask for names',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, { condition }): Finding[] | undefined => {
        if (!condition) return [];
        if (!condition.nameServers) return undefined;
        if (condition.nameServers.length > 0) return [];
        return [
          {
            code: 'GUEST_NO_NAME_SERVER',
            severity: 'failed',
            machine: name,
            message: `${name} has no name server: packages and images are not found, and CoreDNS has nobody to ask.`,
            evidence: ['/etc/resolv.conf: no line "nameserver"'],
            fix: [
              onMachine(name, `'echo nameserver ${nameServerOf(cluster)} | sudo tee -a /etc/resolv.conf'`),
            ],
          },
        ];
      },
    ),
};
