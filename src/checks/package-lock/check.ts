import type { Check } from '../check.js';
import { judgeMachines, onMachine } from '../look.js';

export const check: Check = {
  id: 'package-lock',
  title: 'Packages can be installed',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, { condition }) =>
        (condition?.packageLocks ?? []).slice(0, 1).map(({ file, process, pid }) => ({
          code: 'GUEST_PACKAGE_LOCK',
          severity: 'warning',
          machine: name,
          message: `${process} on ${name} holds the package manager's lock: nothing can be installed there until it ends.`,
          evidence: [`${file}: held by ${process}, process ${pid}`],
          fix: [onMachine(name, `sudo timeout 300 tail --pid=${pid} -f /dev/null`)],
        })),
    ),
};
