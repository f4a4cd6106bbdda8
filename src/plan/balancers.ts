import type { Cluster, Machine } from './cluster.js';

/** Programs that give several control planes one address, by the names of their processes, units and static pods. */
export const balancerPrograms: readonly string[] = ['haproxy', 'keepalived', 'kube-vip'];

/**
 * Machines in front of the API servers: those that spread connections over them, or pass the virtual address among
 * themselves. In boot order; none where clients speak to the first control plane itself.
 */
export function balancers(cluster: Cluster): Machine[] {
  const { endpoint, loadBalancer, machines } = cluster;
  if (endpoint === undefined || endpoint.kind === 'control-plane') return [];
  if (loadBalancer) return machines.filter(({ name }) => loadBalancer.machines.includes(name));
  return machines.filter(({ role }) => role === 'load-balancer');
}

/** The address that moves among machines, where the lab has one. */
export function virtualAddress(cluster: Cluster): string | undefined {
  return cluster.endpoint?.kind === 'vip' ? cluster.endpoint.address : undefined;
}

/** Control planes, in boot order. */
export const controlPlanes = (cluster: Cluster): Machine[] =>
  cluster.machines.filter(({ role }) => role === 'control-plane');
