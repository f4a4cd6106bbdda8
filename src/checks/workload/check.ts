import type { WorkloadFacts } from '../../collect/snapshotProbes.js';
import type { Cluster } from '../../plan/cluster.js';
import { logOf, pullImage } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, onMachine, word } from '../look.js';
import { judgeProbes } from '../probes.js';

export const check: Check = {
  id: 'workload',
  title: 'A Deployment of three nginx becomes available',
  layer: 'workload',
  follows: { anywhere: ['probe-pods'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeProbes(snapshot, ({ workload, pods }) => {
      if (!workload) return { notAsked: 'the lab has no image of something that serves' };
      if (!pods) return { notAsked: 'the API did not list the pods' };
      return workload.available >= workload.desired ? [] : [unavailable(cluster, workload)];
    }),
};

function unavailable(cluster: Cluster, { image, desired, available, pods }: WorkloadFacts): Finding {
  const waiting = pods.filter(({ ready }) => !ready);
  const evidence = [
    `${available} of ${desired} pods are available`,
    ...waiting.map(
      ({ machine, phase, reason }) =>
        `${phase}${machine === null ? '' : ` on ${machine}`}: ${reason ?? 'no reason given'}`,
    ),
  ];
  const lacking = waiting.filter(({ reason }) => /ErrImage|ImagePull|pull(ing)? image/i.test(reason ?? ''));
  const [first] = lacking;
  if (first && lacking.length === waiting.length) {
    const machine = first.machine ?? '<machine>';
    return {
      code: 'K8S_WORKLOAD_IMAGE',
      severity: 'warning',
      message: `${image} cannot be had, so nothing could be tried with it.`,
      evidence,
      fix: [
        onMachine(machine, 'curl -I https://registry-1.docker.io/v2/'),
        ...pullImage(cluster, machine, word(image, 'image')),
        'k8slab bundle create --out bundle   # everything that labs download, once, for a whole classroom',
      ],
    };
  }
  return {
    code: 'K8S_WORKLOAD_UNAVAILABLE',
    severity: 'failed',
    message: `Of a Deployment of ${desired} nginx, ${available} ${available === 1 ? 'is' : 'are'} available.`,
    evidence,
    fix: [
      'k8slab kubectl -- get nodes',
      'k8slab kubectl -- -n kube-system get pods -o wide',
      ...logOf(cluster, 'kube-scheduler'),
      ...logOf(cluster, 'kube-controller-manager'),
    ],
  };
}
