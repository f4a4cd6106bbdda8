import type { Check } from '../check.js';
import { judgeMachines, listed, onMachine, word } from '../look.js';

/** Those have checks of their own. */
const known = /^(containerd|crio|kubelet|haproxy|keepalived|etcd|kube-.*)\.service$/;

export const check: Check = {
  id: 'failed-units',
  title: 'No service has failed',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, { system }) => {
        if (!system?.failedUnits) return undefined;
        const units = system.failedUnits.filter((unit) => !known.test(unit));
        if (units.length === 0) return [];
        return [
          {
            code: 'GUEST_UNIT_FAILED',
            severity: 'warning',
            machine: name,
            message: `On ${name}, ${listed(units)} ${units.length === 1 ? 'has' : 'have'} failed.`,
            evidence: units.slice(0, 10).map((unit) => `systemctl --failed: ${unit}`),
            fix: [
              onMachine(name, `sudo journalctl -u ${word(units[0] ?? '', 'unit')} -n 20 --no-pager`),
              onMachine(
                name,
                `sudo systemctl reset-failed ${units
                  .slice(0, 10)
                  .map((unit) => word(unit, 'unit'))
                  .join(' ')}`,
              ),
            ],
          },
        ];
      },
    ),
};
