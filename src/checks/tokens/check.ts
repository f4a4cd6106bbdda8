import { controlPlanes } from '../../plan/balancers.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeCluster, shown } from '../look.js';

/** A join with a token that has ended waits without a word (kubernetes#86936); where all have joined, nobody needs one. */
export const check: Check = {
  id: 'tokens',
  title: 'Machines that have yet to join find a bootstrap token',
  layer: 'control-plane',
  applies: (cluster) => isKubernetes(cluster) && cluster.bootstrap.name === 'kubeadm',
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes, tokenEnds }): Finding[] | undefined => {
      if (!nodes || tokenEnds === null) return undefined;
      const missing = cluster.machines.filter(
        (machine) => isNode(machine) && !nodes.some(({ name }) => name === machine.name),
      );
      if (missing.length === 0 || tokenEnds === undefined) return [];
      const now = Date.parse(snapshot.takenAt);
      if (tokenEnds.some((end) => end === 'never' || Date.parse(end) > now)) return [];
      const first = controlPlanes(cluster)[0]?.name ?? '';
      return missing.map(({ name }) => ({
        code: 'K8S_TOKEN_EXPIRED',
        severity: 'failed',
        machine: name,
        message: `No bootstrap token is valid, and ${name} has yet to join.`,
        evidence: [`ends of the bootstrap tokens: ${shown(tokenEnds)}`],
        fix: [
          `k8slab ssh ${first} -- "xargs sudo kubeadm token create --ttl 0" <.k8slab/secrets/node/bootstrap-token`,
          `k8slab provision ${name}`,
        ],
      }));
    }),
};
