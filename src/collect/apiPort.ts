import type { Cluster, Machine } from '../plan/cluster.js';

/**
 * Port on which every API server itself listens: the endpoint's when that is the first control plane, else 6443
 * behind whatever balances it.
 */
export function apiPort(cluster: Cluster): number {
  return cluster.endpoint?.kind === 'control-plane' ? cluster.endpoint.port : 6443;
}

/** A control plane's own API server, by its planned address. */
export function apiUrl(cluster: Cluster, machine: Machine): string {
  return `https://${machine.address}:${apiPort(cluster)}`;
}
