import type { Machine } from '../plan/cluster.js';
import type { LabContext } from './lab.js';
import { shellQuote } from './shell.js';
import type { Ssh } from './ssh.js';

/**
 * Shell for a control plane: moves the pods off nodes, as far as there is room for them elsewhere, and takes the nodes out of the
 * cluster's list. Names that are no nodes are left out. With the API still there, each pod's network is taken down in order.
 */
export function leaveScript(nodes: readonly string[]): string {
  return [
    `nodes=$(kubectl get nodes --output name --request-timeout 10s | grep -xF ${nodes.map((name) => `-e ${shellQuote(`node/${name}`)}`).join(' ')})`,
    '[ -n "$nodes" ] || exit 0',
    '# --disable-eviction: a PodDisruptionBudget would hold up what is going anyway.',
    'kubectl drain $nodes --force --ignore-daemonsets --delete-emptydir-data --disable-eviction --grace-period 5 --timeout 60s',
    'kubectl delete --ignore-not-found --timeout 30s $nodes',
  ].join('\n');
}

/**
 * Drains nodes and deletes them, asking the first control plane whose API answers, those that stay before those that go. Gives its
 * name, or nothing when none answered: what is left of the cluster then is taken down without its help.
 */
export async function leaveCluster(
  lab: LabContext,
  leaving: readonly Machine[],
  ssh: Ssh,
  options: { signal: AbortSignal; onLine: (machine: string, line: string) => void },
): Promise<string | undefined> {
  const nodes = leaving.filter(({ role }) => role !== 'load-balancer').map(({ name }) => name);
  if (lab.cluster.kubernetes === undefined || nodes.length === 0) return undefined;
  const controlPlanes = lab.cluster.machines
    .filter(({ role }) => role === 'control-plane')
    .sort((one, other) => Number(leaving.includes(one)) - Number(leaving.includes(other)));
  const { signal } = options;
  const ask = ['sudo', '-n', '-H', 'kubectl', 'get', '--raw', '/readyz', '--request-timeout', '5s'];
  for (const { name } of controlPlanes) {
    const call = { cachedOnly: true, connectTimeout: 2, signal };
    if ((await ssh.probe(name, call)) === undefined) continue;
    if ((await ssh.run(name, ask, { ...call, timeout: 20 })).exitCode !== 0) continue;
    const { exitCode } = await ssh.run(name, ['sudo', '-n', '-H', 'sh', '-c', leaveScript(nodes)], {
      ...call,
      timeout: 120,
      title: `drain and delete nodes on ${name}`,
      onLine: (line) => {
        options.onLine(name, line);
      },
    });
    if (exitCode === 0) return name;
  }
  return undefined;
}
