import { runtimeService } from '../../plan/runtime.js';
import type { Check, Finding } from '../check.js';
import { isNode, isStopped, judgeMachines, onMachine } from '../look.js';

export const check: Check = {
  id: 'runtime',
  title: 'The container runtime runs',
  layer: 'runtime',
  follows: { here: ['modules'] },
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(cluster, snapshot, isNode, ({ name }, { runtime }): Finding[] | undefined => {
      if (runtime?.active == null) return undefined;
      const { unit } = runtimeService(cluster);
      if (isStopped(runtime)) return [stopped(name, runtime.name, unit, runtime.log ?? [])];
      if (runtime.active !== 'active') {
        return [
          {
            code: 'GUEST_RUNTIME_INACTIVE',
            severity: 'failed',
            machine: name,
            message: `${runtime.name} on ${name} is ${runtime.active}, must be active.`,
            evidence: [
              `systemctl is-active ${unit}: ${runtime.active}`,
              ...(runtime.version === null
                ? [`${runtime.name} could not tell its version: is it installed?`]
                : []),
              ...(runtime.log ?? []).slice(-5),
            ],
            fix: [`k8slab provision ${name}`, onMachine(name, `sudo journalctl -u ${unit} -n 50 --no-pager`)],
          },
        ];
      }
      if (runtime.socket !== false) return [];
      return [
        {
          code: 'GUEST_RUNTIME_SOCKET',
          severity: 'failed',
          machine: name,
          message: `${runtime.name} on ${name} is active, but its socket is not there.`,
          evidence: [`systemctl is-active ${unit}: active`, 'socket: missing'],
          fix: [onMachine(name, `sudo systemctl restart ${unit}`)],
        },
      ];
    }),
};

function stopped(machine: string, runtime: string, unit: string, log: string[]): Finding {
  return {
    code: 'GUEST_RUNTIME_STOPPED',
    severity: 'failed',
    machine,
    message: `${runtime} on ${machine} is stopped, must be active.`,
    evidence: [
      `systemctl is-active ${unit}: inactive`,
      ...log.filter((line) => line.startsWith('Stopped ')).slice(-1),
    ],
    fix: [onMachine(machine, `sudo systemctl enable --now ${unit}`)],
  };
}
