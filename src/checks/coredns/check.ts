import type { ClusterSnapshot, PodFacts } from '../../collect/snapshot.js';
import { controlPlanes } from '../../plan/balancers.js';
import { repair } from '../advice.js';
import type { Cluster } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, judgeCluster, leavesCniOut, onMachine, shown, word } from '../look.js';
import { restoreCorefile } from './corefile.js';

export const check: Check = {
  id: 'coredns',
  title: 'CoreDNS is available',
  layer: 'dns',
  follows: {
    anywhere: [
      'reachable',
      'runtime',
      'kubelet',
      'nodes-ready',
      'nodes-schedulable',
      'nodes-registered',
      'calico-addresses',
      'flannel-addresses',
      'calico-pool',
      'firewall',
      'cri',
      'taints',
      'cluster-cidr',
      'cni-leftovers',
      'calico-mesh',
      'calico-bgp',
      'calico-node-name',
      'calico-felix',
      'pod-routes',
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
            fix: controlPlanes(cluster)
              .slice(0, 1)
              .map((machine) => repair(cluster, 'coredns', machine)),
          },
        ];
      }
      if (deployment.desired === 0) return [scaledToZero];
      if (deployment.available >= deployment.desired) return [];
      const pods = facts.pods.filter(
        (pod) => pod.namespace === 'kube-system' && pod.name.startsWith('coredns-'),
      );
      const evidence = [
        `deployment coredns: ${deployment.available} of ${deployment.desired} available`,
        ...pods.filter((pod) => !pod.ready).map((pod) => describePod(pod)),
      ];
      if (!waitsForCni(facts, pods)) return [broken(cluster, facts, deployment, pods, evidence)];
      return [
        leavesCniOut(cluster, facts.nodes) ? leftOut(evidence) : withoutCni(cluster.cni.name, evidence),
      ];
    }),
};

/** kubeadm starts two replicas. */
const scaledToZero: Finding = {
  code: 'K8S_DNS_SCALED_TO_ZERO',
  severity: 'failed',
  message: 'CoreDNS is scaled to zero: names of Services do not resolve.',
  evidence: ['deployment coredns: 0 replicas wanted'],
  fix: [
    'k8slab kubectl -- -n kube-system scale deployment coredns --replicas 2',
    'k8slab kubectl -- -n kube-system rollout status deployment coredns',
  ],
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

function leftOut(evidence: string[]): Finding {
  return {
    code: 'K8S_DNS_NO_CNI_PLANNED',
    severity: 'expected',
    message: 'CoreDNS is Pending, as expected: there is no CNI, and this lab plans none.',
    evidence,
    fix: ['k8slab kubectl -- -n kube-system get pods -w   # runs as soon as there is a CNI'],
  };
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

/** Told apart by what its pods say last, and by how they are configured. */
function broken(
  cluster: Cluster,
  { coreDnsLog, corefile }: ClusterSnapshot,
  deployment: { desired: number; available: number },
  pods: readonly PodFacts[],
  evidence: string[],
): Finding {
  const said = (words: RegExp): string | undefined => coreDnsLog?.find((line) => words.test(line));
  const common = { severity: 'failed' as const };
  const loop = said(/plugin\/loop: Loop/);
  if (loop !== undefined) {
    const forward = corefile?.find((line) => /^ *forward /.test(line))?.trim();
    const ofMachine = forward?.startsWith('forward . /etc/resolv.conf') === true;
    return {
      ...common,
      code: 'K8S_DNS_LOOP',
      message: `CoreDNS stops because questions that it hands on come back to itself${ofMachine ? ": its machine's /etc/resolv.conf names a server on the machine itself" : ''}.`,
      evidence: [loop, ...(forward === undefined ? [] : [`Corefile: ${forward}`]), ...evidence],
      fix: ofMachine
        ? [
            ...[...new Set(pods.flatMap(({ node }) => node ?? []))].map((node) =>
              onMachine(
                word(node, 'machine'),
                'sudo ln --symbolic --force /run/systemd/resolve/resolv.conf /etc/resolv.conf',
              ),
            ),
            'k8slab kubectl -- -n kube-system rollout restart deployment coredns',
          ]
        : restoreCorefile(cluster),
    };
  }
  const parse = said(/Corefile:\d+|[Ee]rror during parsing|Unknown directive|plugin\/\S+: .*[Cc]orefile/);
  if (parse !== undefined) {
    return {
      ...common,
      code: 'K8S_DNS_COREFILE',
      message: 'CoreDNS does not start because its configuration has a mistake.',
      evidence: [parse, ...evidence],
      fix: restoreCorefile(cluster),
    };
  }
  const image = pods.find(({ reason }) => /^(ErrImage|ImagePull|InvalidImageName)/.test(reason ?? ''));
  if (image) {
    return {
      ...common,
      code: 'K8S_DNS_IMAGE',
      message: `CoreDNS cannot get its image (${image.reason ?? ''}).`,
      evidence,
      fix: [
        'k8slab kubectl -- -n kube-system rollout undo deployment coredns   # if the image was changed',
        'k8slab kubectl -- -n kube-system rollout status deployment coredns',
      ],
    };
  }
  return unavailable(deployment, evidence);
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
