import type { Check, Finding } from '../check.js';

/** The one check that looks at machines that could not be reached; all others leave them out. */
export const check: Check = {
  id: 'reachable',
  title: 'Machines answer over ssh',
  layer: 'machine',
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    cluster.machines.flatMap(({ name, address }): Finding[] => {
      const facts = Object.hasOwn(snapshot.machines, name) ? snapshot.machines[name] : undefined;
      if (!facts?.reachable) {
        return [
          {
            code: 'GUEST_UNREACHABLE',
            severity: 'failed',
            machine: name,
            message: `${name} (${address}) does not answer.`,
            evidence: [facts ? (facts.error ?? 'no reason given') : 'the snapshot has no such machine'],
            fix: ['k8slab status', `k8slab up ${name}`],
          },
        ];
      }
      if (facts.error === undefined) return [];
      return [
        {
          code: 'GUEST_COLLECTOR_FAILED',
          severity: 'failed',
          machine: name,
          message: `${name} answers, but could not be looked at in full.`,
          evidence: [facts.error],
          fix: [`k8slab ssh ${name} -- sudo true`, 'k8slab verify'],
        },
      ];
    }),
};
