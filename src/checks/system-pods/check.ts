import type { ClusterSnapshot, PodFacts } from '../../collect/snapshot.js';
import type { ErrorCode } from '../../errors/catalogue/index.js';
import type { Cluster } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeCluster, shown, word } from '../look.js';
import { systemNamespaces } from '../systemNamespaces.js';

const staticPods = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'etcd'];

export const check: Check = {
  id: 'system-pods',
  title: 'System pods are healthy',
  layer: 'nodes',
  follows: {
    here: [
      'reachable',
      'runtime',
      'kubelet',
      'programs',
      'nodes-registered',
      'nodes-ready',
      'sysctls',
      'node-addresses',
      ...['cri', 'kubelet-name', 'kubelet-server', 'shared-mounts', 'cni-leftovers', 'default-route'],
    ],
    anywhere: [
      ...[
        'calico-addresses',
        'flannel-addresses',
        'api-answers',
        'api-address',
        'nodes-schedulable',
        'taints',
      ],
      ...['certificates', 'firewall', 'cluster-cidr', 'kubelet-name', 'kubelet-server', 'cri'],
    ],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeCluster(cluster, snapshot, (facts) => {
      const { pods } = facts;
      if (!pods) return undefined;
      return [
        ...pods
          .filter((pod) => systemNamespaces.includes(pod.namespace))
          .flatMap((pod) => podFinding(cluster, pod)),
        ...missingPods(cluster, facts, pods),
      ];
    }),
};

/** CoreDNS has a check of its own. */
function podFinding(cluster: Cluster, pod: PodFacts): Finding[] {
  const dns = pod.name.startsWith('coredns-');
  if (dns || pod.phase === 'Succeeded' || (pod.phase === 'Running' && pod.ready)) return [];
  const { code, what } = diagnose(pod);
  const where = pod.node ?? 'no machine yet';
  const planned = cluster.machines.some((machine) => machine.name === pod.node);
  return [
    {
      code,
      severity: 'failed',
      ...(pod.node !== null && planned && { machine: pod.node }),
      message: `${pod.name} on ${where} ${what}.`,
      evidence: [
        `${pod.namespace}/${pod.name}: ${pod.phase}, ${pod.ready ? 'ready' : 'not ready'}, ${pod.restarts} restarts`,
        ...(pod.reason === null ? [] : [`${pod.reason}: ${pod.message ?? ''}`]),
      ],
      fix: [
        `k8slab kubectl -- -n ${pod.namespace} describe pod ${word(pod.name, 'pod')}`,
        ...(code === 'K8S_POD_CRASHING'
          ? [`k8slab kubectl -- -n ${pod.namespace} logs ${word(pod.name, 'pod')} --previous`]
          : []),
      ],
    },
  ];
}

/** What a pod's phase and its containers' reasons mean. */
function diagnose(pod: PodFacts): { code: ErrorCode; what: string } {
  const reason = pod.reason ?? '';
  if (/^(ErrImage|ImagePull|InvalidImageName)/.test(reason)) {
    return { code: imageCode(pod.message ?? ''), what: `cannot get its image (${reason})` };
  }
  if (/^(CrashLoopBackOff|Error|OOMKilled|StartError|ContainerCannotRun|RunContainerError)$/.test(reason)) {
    return { code: 'K8S_POD_CRASHING', what: `crashes: ${reason}, ${pod.restarts} restarts` };
  }
  if (pod.phase === 'Failed')
    return { code: 'K8S_POD_CRASHING', what: `has failed (${reason || 'no reason'})` };
  if (pod.phase === 'Pending') {
    return { code: 'K8S_POD_PENDING', what: `is Pending (${reason || 'containers are being created'})` };
  }
  return { code: 'K8S_POD_NOT_READY', what: `is ${pod.phase} but not ready` };
}

/** Why there is no image, in the words of registries and of Go's net package. */
function imageCode(message: string): ErrorCode {
  if (/\b429\b|toomanyrequests|rate limit/i.test(message)) return 'K8S_POD_IMAGE_LIMITED';
  const noWay =
    /no route to host|network is unreachable|i\/o timeout|no such host|connection refused|server misbehaving/;
  return noWay.test(message) ? 'K8S_POD_IMAGE_NO_WAY' : 'K8S_POD_IMAGE';
}

/** kubeadm's static pods on every control plane, and kube-proxy on every node that has joined. */
function missingPods(cluster: Cluster, facts: ClusterSnapshot, pods: PodFacts[]): Finding[] {
  if (cluster.bootstrap.name !== 'kubeadm') return [];
  const system = pods.filter((pod) => pod.namespace === 'kube-system');
  const joined = new Set(facts.nodes?.map((node) => node.name));
  return cluster.machines
    .filter((machine) => isNode(machine) && joined.has(machine.name))
    .flatMap(({ name, role }) => {
      const there = system.filter((pod) => pod.node === name);
      const missing = [
        ...(role === 'control-plane'
          ? staticPods.filter((pod) => !there.some((seen) => seen.name === `${pod}-${name}`))
          : []),
        ...(there.some((pod) => pod.name.startsWith('kube-proxy-')) ? [] : ['kube-proxy']),
      ];
      return missing.map((pod): Finding => ({
        code: 'K8S_POD_MISSING',
        severity: 'failed',
        machine: name,
        message: `${pod} does not run on ${name}.`,
        evidence: [`kube-system pods of ${name}: ${shown(there.map((seen) => seen.name))}`],
        fix: [`k8slab kubectl -- -n kube-system get pods -o wide --field-selector spec.nodeName=${name}`],
      }));
    });
}
