import type { PodFacts, RestartFacts, Snapshot } from '../../collect/snapshot.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, word } from '../look.js';
import { systemNamespaces } from '../systemNamespaces.js';

/** So many restarts and more count: fewer come from machines that were halted, and from losses that were tried out. */
const enough = 5;

/** After ten minutes of work the kubelet itself takes a container for sound again. Source: kubernetes.io, Pod Lifecycle, container restarts. */
const soundAfter = 600;

/**
 * One snapshot proves that a container goes on ending when
 * - it was started again at least five times, and
 * - its last life lay wholly after the machine's last boot (a halt ends every container, once), was shorter than ten minutes, and ended
 *   within the last ten, by the clock of its own machine, and
 * - it waits to be started again, or has not yet lived longer than it did the last time.
 * So it is silent as soon as a container outlives its last life. Pods of the system that are not ready are other checks' findings; one
 * that is ready just now is a warning.
 */
export const check: Check = {
  id: 'restarts',
  title: 'No container ends again and again',
  layer: 'nodes',
  follows: {
    here: ['reachable', 'runtime', 'kubelet', 'nodes-ready', 'room', 'clock', 'node-addresses', 'cri'],
    anywhere: ['api-address', 'api-answers', 'certificates', 'cluster-cidr', 'etcd', 'firewall'],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ pods }) =>
      pods?.flatMap((pod): Finding[] => {
        if (!pod.ready && systemNamespaces.includes(pod.namespace)) return [];
        const planned = cluster.machines.some(({ name }) => name === pod.node);
        return (pod.restarted ?? [])
          .filter((container) => goesOn(container, pod, snapshot))
          .slice(0, 1)
          .map((container) => finding(pod, container, planned ? pod.node : null));
      }),
    ),
};

const secondsOf = (time: string): number => Date.parse(time) / 1000;

function goesOn({ restarts, last, runsSince }: RestartFacts, pod: PodFacts, { machines }: Snapshot): boolean {
  const system = pod.node === null ? undefined : machines[pod.node]?.system;
  const now = system?.clock?.epochSeconds;
  const boot = system?.bootedAt;
  if (now === undefined || boot == null || restarts < enough) return false;
  const [from, to] = [secondsOf(last.from), secondsOf(last.to)];
  const life = to - from;
  const thisLife = runsSince === null ? 0 : now - secondsOf(runsSince);
  return from > boot && life < soundAfter && now - to < soundAfter && thisLife <= life;
}

function finding(
  pod: PodFacts,
  { container, restarts, last }: RestartFacts,
  machine: string | null,
): Finding {
  const { namespace, name, node } = pod;
  const life = Math.round(secondsOf(last.to) - secondsOf(last.from));
  const named = `-n ${word(namespace, 'namespace')} ${word(name, 'pod')} -c ${word(container, 'container')}`;
  return {
    code: 'K8S_POD_RESTARTS',
    severity: 'warning',
    ...(machine !== null && { machine }),
    message: `${namespace}/${name} on ${node ?? 'no machine'} ends again and again: ${restarts} restarts, the last after ${life} s.`,
    evidence: [
      `container ${container}: ${restarts} restarts; its last life: ${last.from} to ${last.to}, ${last.why}`,
    ],
    fix: [
      `k8slab kubectl -- logs ${named} --previous --tail 20`,
      `k8slab kubectl -- -n ${word(namespace, 'namespace')} describe pod ${word(name, 'pod')}`,
    ],
  };
}
