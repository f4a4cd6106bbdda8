import type { Cluster, PlannedRuntime } from './cluster.js';

/** Where the container runtime of a lab is found on its machines. Plans that do not say so are of labs with containerd. */
export function runtimeService({
  runtime,
}: Pick<Cluster, 'runtime'>): NonNullable<PlannedRuntime['service']> {
  return (
    runtime.service ?? {
      unit: 'containerd',
      program: 'containerd',
      socket: '/run/containerd/containerd.sock',
      storage: '/var/lib/containerd',
    }
  );
}
