import { originOfKubelet } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeCluster } from '../look.js';

/** A kubelet may be this many minors older than the API server, and never newer. Source: kubernetes.io, "Version Skew Policy". */
const oldest = 3;

/** `v1.36.3` → 36 */
function minorOf(version: string): number | undefined {
  const minor = Number(/^v?1\.(\d+)\./.exec(version)?.[1] ?? Number.NaN);
  return Number.isNaN(minor) ? undefined : minor;
}

export const check: Check = {
  id: 'versions',
  title: 'Kubernetes has the planned version everywhere',
  layer: 'nodes',
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, ({ nodes, version }): Finding[] | undefined => {
      const server = minorOf(version ?? '');
      if (!nodes || server === undefined) return undefined;
      const planned = Number(cluster.kubernetes?.minor.split('.')[1]);
      const seen = `API server: ${version ?? ''}`;
      return [
        ...(server === planned
          ? []
          : [
              {
                code: 'K8S_VERSION_OTHER' as const,
                severity: 'warning' as const,
                message: `The API server is ${version ?? ''}; planned is ${cluster.kubernetes?.version ?? ''}.`,
                evidence: [seen],
                fix: ['k8slab destroy --yes', 'k8slab up'],
              },
            ]),
        ...cluster.machines.filter(isNode).flatMap(({ name }): Finding[] => {
          const own = nodes.find((node) => node.name === name)?.kubeletVersion ?? '';
          const minor = minorOf(own);
          if (minor === undefined || minor === server) return [];
          const allowed = minor < server && server - minor <= oldest;
          return [
            {
              code: allowed ? 'K8S_VERSION_OTHER' : 'K8S_VERSION_SKEW',
              severity: allowed ? 'warning' : 'failed',
              machine: name,
              message: allowed
                ? `The kubelet of ${name} is ${own}, older than the API server's ${version ?? ''}.`
                : `The kubelet of ${name} is ${own}, which does not go with the API server's ${version ?? ''}: it is of another minor.`,
              evidence: [seen, `kubelet of ${name}: ${own}`],
              fix: [originOfKubelet(cluster, name), `k8slab destroy ${name} --yes`, `k8slab up ${name}`],
            },
          ];
        }),
      ];
    }),
};
