import type { MachineSnapshot } from '../../collect/snapshot.js';
import type { Check, Finding } from '../check.js';
import { judgeMachines } from '../look.js';

/** Tells machines that wait for somebody to set them up from machines on which something is broken. */
export const check: Check = {
  id: 'bare',
  title: 'Machines are set up',
  layer: 'machine',
  settles: true,
  applies: () => true,
  evaluate: (cluster, snapshot) =>
    judgeMachines(
      cluster,
      snapshot,
      () => true,
      ({ name }, facts) => (isBare(facts) ? [bare(name, facts.system?.notes?.resetAt ?? null)] : []),
    ),
};

/**
 * Reset and nothing built since, whether by k8slab or by hand; or never set up at all. A machine that failed half-way is not
 * bare: what its other checks find is the news.
 */
function isBare({ system, runtime, kubelet, bridge }: MachineSnapshot): boolean {
  const { notes } = system ?? {};
  if (!notes || notes.provisioned) return false;
  if (notes.resetAt !== null) return kubelet?.active !== 'active' && bridge?.exists !== true;
  return runtime?.version === null && (kubelet === undefined || kubelet.version === null);
}

function bare(machine: string, resetAt: string | null): Finding {
  return {
    code: 'GUEST_BARE',
    severity: 'failed',
    machine,
    message:
      resetAt === null
        ? `${machine} is bare: it has not been set up yet.`
        : `${machine} is bare: k8slab reset took it out of its cluster.`,
    evidence:
      resetAt === null ? ['neither a container runtime nor a kubelet is installed'] : [`reset: ${resetAt}`],
    fix: [
      'k8slab provision   # sets up every machine, as planned',
      'k8slab explain GUEST_BARE   # how to do it by hand',
    ],
  };
}
