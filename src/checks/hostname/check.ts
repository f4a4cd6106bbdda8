import type { Check, Finding } from '../check.js';
import { judgeMachines, onMachine, shown } from '../look.js';

export const check: Check = {
  id: 'hostname',
  title: 'Hostnames are as planned, and each resolves to its own host-only address',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name, address }, { system }) => {
        if (system?.hostname == null) return undefined;
        const findings: Finding[] = [];
        if (system.hostname !== name) {
          findings.push({
            code: 'GUEST_HOSTNAME',
            severity: 'failed',
            machine: name,
            message: `${name} calls itself ${system.hostname}.`,
            evidence: [`hostname: ${system.hostname}`],
            fix: [onMachine(name, `sudo hostnamectl set-hostname ${name}`), `k8slab provision ${name}`],
          });
        }
        if (system.hostnameResolvesTo === null) return findings.length > 0 ? findings : undefined;
        if (!system.hostnameResolvesTo.includes(address)) {
          const seen = shown(system.hostnameResolvesTo, 'nothing');
          findings.push({
            code: 'GUEST_HOSTNAME_RESOLVES',
            severity: 'failed',
            machine: name,
            message: `The hostname of ${name} resolves to ${seen} there, planned is ${address}.`,
            evidence: [`getent ahostsv4 ${system.hostname}: ${seen}`],
            fix: [
              onMachine(name, 'cat /etc/hosts'),
              `k8slab provision ${name}   # writes /etc/hosts as planned`,
            ],
          });
        }
        return findings;
      },
    ),
};
