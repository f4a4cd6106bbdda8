import type { Ping, ProbeFacts } from '../../collect/snapshotProbes.js';
import type { Cluster } from '../../plan/cluster.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, listed, onMachine, word } from '../look.js';
import { judgeProbes } from '../probes.js';

/** A packet of ping without a word about its size; larger ones fill the MTU. */
const smallPacket = 84;

interface Pair {
  from: string;
  to: string;
  pings: Ping[];
}

export const check: Check = {
  id: 'pod-paths',
  title: 'Pods on all nodes reach each other, with small and with full packets',
  layer: 'data-path',
  follows: {
    here: ['probe-pods'],
    anywhere: ['bridge-ping', 'bridge-routes', 'calico-addresses', 'flannel-addresses', 'cilium-addresses'],
  },
  applies: isKubernetes,
  evaluate: (cluster, snapshot) =>
    judgeProbes(snapshot, ({ machines }) => {
      const names = Object.keys(machines);
      if (names.length === 0) return { notAsked: 'no pod of our own runs' };
      if (names.length === 1) return [];
      const pairs = pairsOf(machines);
      const silent = names.filter((name) => !pairs.some(({ from }) => from === name));
      const small = pairs.filter(({ pings }) => pings.some((ping) => !ping.ok && ping.bytes <= smallPacket));
      const large = pairs.filter((pair) => !small.includes(pair) && pair.pings.some(({ ok }) => !ok));
      const findings = [...findingOf(small, 'lost', cluster), ...findingOf(large, 'large', cluster)];
      return silent.length === 0
        ? findings
        : { unknown: `the pods on ${listed(silent)} could not be asked`, findings };
    }),
};

const pairsOf = (machines: ProbeFacts['machines']): Pair[] =>
  Object.entries(machines).flatMap(([from, { pings }]) =>
    [...new Set(pings?.map(({ machine }) => machine))].map((to) => ({
      from,
      to,
      pings: pings?.filter(({ machine }) => machine === to) ?? [],
    })),
  );

/** All lost pairs are one finding, about the machine that is in all of them, if it is one alone. */
function findingOf(pairs: readonly Pair[], kind: 'lost' | 'large', cluster: Cluster): Finding[] {
  const [first] = pairs;
  if (!first) return [];
  const both = [first.from, first.to].filter((name) =>
    pairs.every(({ from, to }) => from === name || to === name),
  );
  const [machine] = both.length === 1 ? both : [];
  const others = [...new Set(pairs.flatMap(({ from, to }) => [from, to]))].filter((name) => name !== machine);
  const who =
    machine === undefined ? `pods on ${listed(others)}` : `pods on ${machine} and those on ${listed(others)}`;
  const bytes = Math.max(
    ...pairs.flatMap(({ pings }) => pings.filter(({ ok }) => !ok).map((ping) => ping.bytes)),
  );
  const about = {
    severity: 'failed' as const,
    ...(machine !== undefined && { machine }),
    evidence: pairs.map(wordsOf),
  };
  const [ping] = first.pings;
  const look = [
    onMachine(first.from, `ip route get ${word(ping?.to ?? '', 'address')}`),
    onMachine(first.to, `ip route get ${word(ping?.from ?? '', 'address')}`),
    onMachine(machine ?? first.from, 'sudo iptables -S FORWARD'),
  ];
  if (kind === 'lost') {
    return [
      {
        ...about,
        code: 'K8S_POD_PATH_LOST',
        message: `No packets pass between ${who}.`,
        fix: [...look, `k8slab provision ${machine ?? `${first.from} ${first.to}`}`],
      },
    ];
  }
  const address = cluster.machines.find(({ name }) => name === first.to)?.address ?? '';
  return [
    {
      ...about,
      code: 'K8S_POD_PATH_LARGE_LOST',
      message: `Small packets pass between ${who}, those of ${bytes} bytes, as large as their MTU allows, do not.`,
      fix: [
        onMachine(first.from, `ping -c 3 -M do -s ${bytes - 28} ${address}`),
        ...look,
        'k8slab render   # after networking: {mtu: …} in lab.yaml, with the size that passes',
        'k8slab provision',
      ],
    },
  ];
}

function wordsOf({ from, to, pings }: Pair): string {
  const words = pings.map(({ bytes, ok, detail }) => `${bytes} bytes ${ok ? 'answered' : lost(detail)}`);
  return `${from} → ${to}: ${words.join(', ')}`;
}

/** ping's own sum says no more than that; an error of the network does. */
function lost(detail: string): string {
  const error = detail.split(';').find((part) => part.trim() !== '' && !part.includes('packets transmitted'));
  return error === undefined ? 'lost' : `lost (${error.trim()})`;
}
