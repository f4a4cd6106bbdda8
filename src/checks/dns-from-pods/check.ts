import type { NameAnswer } from '../../collect/snapshotProbes.js';
import type { Cluster } from '../../plan/cluster.js';
import { lookAtRules, restartProxy } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, shown } from '../look.js';
import { asOne, judgeViews } from '../probes.js';

export const check: Check = {
  id: 'dns-from-pods',
  title: 'Names inside and outside the cluster resolve in a pod on every node',
  layer: 'dns',
  follows: { here: ['probe-pods', 'service-from-pods'], anywhere: ['coredns', 'pod-paths'] },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeViews(
      snapshot,
      (machine, { names }) => {
        const inside = names?.find(({ server }) => server === cluster.networking.dnsServiceAddress);
        return names && inside ? judgeNames(cluster, machine, inside, names) : undefined;
      },
      (findings) => {
        const codes = [...new Set(findings.map(({ code }) => code))];
        return codes.flatMap((code) => {
          const same = findings.filter((finding) => finding.code === code);
          const machines = same.flatMap(({ machine = [] }) => machine);
          return asOne(
            same,
            (same[0]?.message ?? '').replace(/^On \S+, /, 'On every node, '),
            code === 'K8S_DNS_NO_ANSWER' ? openWay(cluster, machines) : undefined,
          );
        });
      },
    ),
};

const configuration = 'k8slab kubectl -- -n kube-system get configmap coredns -o yaml';
const restart = 'k8slab kubectl -- -n kube-system rollout restart deployment coredns';

/** The name inside first; one outside tells of CoreDNS only when that one is right. */
function judgeNames(
  cluster: Cluster,
  machine: string,
  inside: NameAnswer,
  names: readonly NameAnswer[],
): Finding[] {
  const { apiServiceAddress, dnsServiceAddress } = cluster.networking;
  const outside = names.find(({ name }) => name !== inside.name);
  const about = { severity: 'failed' as const, machine };
  if (inside.status === null) {
    const evidence = names.filter(({ name }) => name === inside.name).map(wordsOf);
    return [
      {
        ...about,
        code: 'K8S_DNS_NO_ANSWER',
        message: `On ${machine}, CoreDNS does not answer pods at ${dnsServiceAddress}.`,
        evidence,
        fix: openWay(cluster, [machine]),
      },
    ];
  }
  if (!inside.addresses.includes(apiServiceAddress)) {
    return [
      {
        ...about,
        code: 'K8S_DNS_WRONG_ANSWER',
        message: `On ${machine}, ${inside.name} is not ${apiServiceAddress}.`,
        evidence: [wordsOf(inside)],
        fix: [configuration, restart],
      },
    ];
  }
  if (!outside || outside.addresses.length > 0) return [];
  return [
    {
      ...about,
      code: 'K8S_DNS_OUTSIDE',
      message: `On ${machine}, ${outside.name} resolves for the machine and not for its pods.`,
      evidence: [wordsOf(outside)],
      fix: [restart, configuration],
    },
  ];
}

/** Looks at the first of the machines, and mends all. */
const openWay = (cluster: Cluster, machines: readonly string[]): string[] => [
  ...lookAtRules(machines, 'FORWARD'),
  'k8slab kubectl -- -n kube-system get pods -l k8s-app=kube-dns -o wide',
  ...restartProxy(cluster, machines),
];

const wordsOf = ({ name, server, status, addresses, detail }: NameAnswer): string =>
  `${name} asked of ${server}: ${status === null ? detail : `${status}, ${shown(addresses, 'no address')}`}`;
