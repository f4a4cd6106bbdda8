import { createHash } from 'node:crypto';
import type { Cluster, Machine } from '../plan/cluster.js';

const longest = 60;

/**
 * Name of a machine on its hypervisor (VirtualBox machine, lxc container): `<lab>-<machine>-<third octet of the
 * host-only range>`, so that labs on one host never share one. At most 60 characters; longer ones end in a hash.
 */
export function hypervisorName(cluster: Cluster, machine: Machine): string {
  const name = `${cluster.name}-${machine.name}-${thirdOctet(cluster)}`;
  if (name.length <= longest) return name;
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return `${name.slice(0, longest - 1 - hash.length)}-${hash}`;
}

/** Third octet of the host-only range, 0 to 255. */
export function thirdOctet(cluster: Cluster): number {
  return Number(cluster.networking.hostOnly.cidr.split('.')[2]);
}
