import type { ClusterSnapshot, PodFacts } from '../../collect/snapshot.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, shown } from '../look.js';

export const check: Check = {
  id: 'coredns',
  title: 'CoreDNS is available',
  layer: 'dns',
  follows: {
    anywhere: [
      'nodes-ready',
      'nodes-registered',
      'calico-addresses',
      'flannel-addresses',
      'calico-pool',
      'bridge-interface',
      'bridge-routes',
      'system-pods',
      'api-address',
    ],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, (facts): Finding[] | undefined => {
      if (!facts.deployments || !facts.pods) return undefined;
      const deployment = facts.deployments.find(
        (entry) => entry.namespace === 'kube-system' && entry.name === 'coredns',
      );
      if (!deployment) {
        return [
          {
            code: 'K8S_DNS_MISSING',
            severity: 'failed',
            message: 'The cluster has no Deployment coredns: names of Services do not resolve.',
            evidence: [`deployments in kube-system: ${namesOf(facts)}`],
          },
        ];
      }
      if (deployment.desired > 0 && deployment.available >= deployment.desired) return [];
      const pods = facts.pods.filter(
        (pod) => pod.namespace === 'kube-system' && pod.name.startsWith('coredns-'),
      );
      const evidence = [
        `deployment coredns: ${deployment.available} of ${deployment.desired} available`,
        ...pods.filter((pod) => !pod.ready).map((pod) => describePod(pod)),
      ];
      return [
        waitsForCni(facts, pods) ? withoutCni(cluster.cni.name, evidence) : unavailable(deployment, evidence),
      ];
    }),
};

/**
 * CoreDNS cannot be scheduled, or gets no network, until a CNI is there: every node carries the taint
 * node.kubernetes.io/not-ready until then.
 */
function waitsForCni(facts: ClusterSnapshot, pods: PodFacts[]): boolean {
  const noCni =
    facts.nodes?.some((node) => /cni (plugin|config)|NetworkPluginNotReady/i.test(node.readyMessage)) ??
    false;
  return noCni && pods.some((pod) => pod.phase === 'Pending');
}

function withoutCni(cni: string, evidence: string[]): Finding {
  return {
    code: 'K8S_DNS_WAITS_FOR_CNI',
    severity: 'failed',
    message: `CoreDNS is Pending because no CNI is set up yet${cni === 'none' ? '' : ` (planned: ${cni})`}: that is expected until then.`,
    evidence,
    fix: ['k8slab kubectl -- get pods -A -o wide', 'k8slab verify --wait 5m'],
  };
}

function unavailable(deployment: { desired: number; available: number }, evidence: string[]): Finding {
  return {
    code: 'K8S_DNS_UNAVAILABLE',
    severity: 'failed',
    message: `CoreDNS: ${deployment.available} of ${deployment.desired} replicas are available.`,
    evidence,
    fix: [
      'k8slab kubectl -- -n kube-system describe pods -l k8s-app=kube-dns',
      'k8slab kubectl -- -n kube-system logs -l k8s-app=kube-dns',
    ],
  };
}

const describePod = (pod: PodFacts): string =>
  `${pod.name}: ${pod.phase}${pod.node === null ? '' : ` on ${pod.node}`}${pod.reason === null ? '' : `, ${pod.reason}: ${pod.message ?? ''}`}`;

function namesOf(facts: ClusterSnapshot): string {
  const names = facts.deployments
    ?.filter((entry) => entry.namespace === 'kube-system')
    .map((entry) => entry.name);
  return shown(names);
}
