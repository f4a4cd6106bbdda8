import type { Check } from '../check.js';
import { isKubernetes, isNode, judgeMachines, onMachine } from '../look.js';

export const check: Check = {
  id: 'shared-mounts',
  title: '/ is mounted shared',
  layer: 'machine',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { condition }) => {
      if (!condition) return [];
      if (condition.sharedRoot === null) return undefined;
      if (condition.sharedRoot) return [];
      return [
        {
          code: 'GUEST_MOUNT_PRIVATE',
          severity: 'failed',
          machine: name,
          message: `/ is mounted private on ${name}, must be shared: containers that mount for others cannot start.`,
          evidence: ['/proc/self/mountinfo: / has no "shared:" mark'],
          fix: [onMachine(name, 'sudo mount --make-rshared /')],
        },
      ];
    }),
};
