import type { Machine } from '../plan/cluster.js';
import type { LabContext } from './lab.js';
import type { Ssh } from './ssh.js';

/**
 * Takes machines that are gone out of the cluster's list of nodes, so that their successors can join at once: kubeadm refuses a
 * name that counts as Ready, which a lost node does for 50 s. Asks the first control plane that answers; when none
 * does, the list stays as it is, and joining waits.
 */
export async function forgetNodes(
  lab: LabContext,
  gone: readonly Machine[],
  ssh: Ssh,
  signal: AbortSignal,
): Promise<void> {
  const nodes = gone.filter(({ role }) => role !== 'load-balancer').map(({ name }) => name);
  if (lab.cluster.kubernetes === undefined || nodes.length === 0 || signal.aborted) return;
  const controlPlanes = lab.cluster.machines.filter(
    (machine) => machine.role === 'control-plane' && !gone.includes(machine),
  );
  const command = ['sudo', '-n', '-H', 'kubectl', 'delete', 'node', '--ignore-not-found', ...nodes];
  for (const { name } of controlPlanes) {
    if ((await ssh.probe(name, { cachedOnly: true, connectTimeout: 2, signal })) === undefined) continue;
    const { exitCode } = await ssh.run(name, command, { cachedOnly: true, timeout: 20, signal });
    if (exitCode === 0) return;
  }
}
