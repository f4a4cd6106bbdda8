import type { Cluster } from '../plan/cluster.js';

/**
 * The machines whose failure makes setting up this one pointless: joiners wait for the first control plane, and
 * everyone for a load balancer that is the only way to the API. None in a lab without a cluster.
 */
export function dependencies(cluster: Cluster, machine: string): string[] {
  const planned = cluster.machines.find(({ name }) => name === machine);
  if (cluster.bootstrap.name === 'none' || planned === undefined || planned.role === 'load-balancer')
    return [];
  const first = cluster.machines.find(({ role }) => role === 'control-plane');
  const balancers =
    cluster.endpoint?.kind === 'load-balancer'
      ? cluster.machines.filter(({ role }) => role === 'load-balancer')
      : [];
  return [...(first === undefined ? [] : [first]), ...balancers]
    .map(({ name }) => name)
    .filter((name) => name !== machine);
}

/** Whether a step of a provisioner is one that waits for other machines. */
export function waitsForOthers(cluster: Cluster, machine: string, step: number): boolean {
  const planned = cluster.machines.find(({ name }) => name === machine);
  return planned?.steps.find(({ number }) => number === step)?.id.startsWith('bootstrap/') ?? false;
}
