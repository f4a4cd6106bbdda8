import type { Cluster } from '../plan/cluster.js';

/** Name of the interface that the bridge CNI makes: its option `bridge`, `cni0` by default. */
export function bridgeName(cluster: Cluster): string {
  const { bridge } = cluster.cni.options;
  return typeof bridge === 'string' && bridge !== '' ? bridge : 'cni0';
}
