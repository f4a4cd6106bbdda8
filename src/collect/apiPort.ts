import type { Cluster, Machine } from '../plan/cluster.js';

/** Port on which every API server itself listens, whatever clients reach it by; Kubernetes' own where no plan says. */
export function apiPort(cluster: Cluster): number {
  return cluster.endpoint?.apiServerPort ?? 6443;
}

/** A control plane's own API server, by its planned address. */
export function apiUrl(cluster: Cluster, machine: Machine): string {
  return `https://${machine.address}:${apiPort(cluster)}`;
}
