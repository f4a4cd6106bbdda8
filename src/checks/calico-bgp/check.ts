import type { MachineSnapshot, Snapshot } from '../../collect/snapshot.js';
import type { Cluster, Machine } from '../../plan/cluster.js';
import { restartCalico } from '../calico.js';
import type { Check, Finding } from '../check.js';
import { isKubernetes, isNode, judgeMachines, listed, onMachine } from '../look.js';
import { lostPairs, type Pair } from './pairs.js';

const nodesOf = (cluster: Cluster): Machine[] => cluster.machines.filter(isNode);

/** A lab whose pods' packets are wrapped in VXLAN has no use for BGP. */
export const check: Check = {
  id: 'calico-bgp',
  title: 'Every node has a BGP session with every other',
  layer: 'cni',
  follows: {
    here: ['reachable', 'runtime', 'kubelet', 'cri', 'nodes-ready', 'calico-addresses', 'calico-node-name'],
    anywhere: [
      'address',
      'firewall',
      'nodes-registered',
      'calico-addresses',
      'calico-mesh',
      'api-address',
      'kubelet-name',
    ],
  },
  applies: (cluster) =>
    isKubernetes(cluster) &&
    cluster.cni.name === 'calico' &&
    cluster.cni.options.encapsulation !== 'vxlan' &&
    nodesOf(cluster).length > 1,
  evaluate: (cluster, snapshot) =>
    // Told about the machine that most of the lost sessions have in common, once.
    judgeMachines(cluster, snapshot, isNode, (machine) =>
      isDown(snapshot.machines[machine.name])
        ? [birdDown(cluster, machine)]
        : mostLost(cluster, snapshot)
            .filter((group) => group.machine === machine)
            .map((group) => lost(cluster, machine, group.pairs)),
    ),
};

/** Before Calico has come, it has no name for the node either. */
function isDown(facts: MachineSnapshot | undefined): boolean {
  const calico = facts?.calico;
  return calico?.birdRuns === false && calico.nodeName !== null;
}

/** Lost sessions, each under one machine: that which has the most of them, or is looked for elsewhere, and so on. */
function mostLost(cluster: Cluster, snapshot: Snapshot): { machine: Machine; pairs: Pair[] }[] {
  const groups: { machine: Machine; pairs: Pair[] }[] = [];
  let rest = lostPairs(nodesOf(cluster), snapshot);
  while (rest.length > 0) {
    const weight = (machine: Machine): number =>
      2 * rest.filter(({ ends }) => ends.includes(machine)).length +
      (rest.some(({ elsewhere }) => elsewhere.some(({ sought }) => sought === machine)) ? 1 : 0);
    const [machine] = nodesOf(cluster).toSorted((one, other) => weight(other) - weight(one));
    if (!machine) break;
    const left = rest;
    groups.push({ machine, pairs: left.filter(({ ends }) => ends.includes(machine)) });
    rest = left.filter(({ ends }) => !ends.includes(machine));
  }
  return groups;
}

const restart = (cluster: Cluster, machine: string): string[] => [
  restartCalico(cluster, machine),
  'k8slab verify --wait 5m',
];

const birdDown = (cluster: Cluster, { name }: Machine): Finding => ({
  code: 'K8S_BIRD_DOWN',
  severity: 'failed',
  machine: name,
  message: `BIRD does not run on ${name}: it neither learns nor tells the others where pods are.`,
  evidence: ['no process of bird'],
  fix: restart(cluster, name),
});

function lost(cluster: Cluster, machine: Machine, pairs: readonly Pair[]): Finding {
  const { name } = machine;
  const peers = listed(pairs.map(({ ends }) => ends.find((end) => end !== machine)?.name ?? ''));
  const common = {
    severity: 'failed' as const,
    machine: name,
    evidence: pairs.flatMap(({ words }) => words),
  };
  const strayed = pairs.flatMap(({ elsewhere }) => elsewhere);
  if (strayed.length > 0) {
    const seekers = strayed.map(
      ({ seeker, sought, addresses }) =>
        `${seeker.name} looks for ${sought.name} (${sought.address}) at ${listed(addresses)}`,
    );
    return {
      ...common,
      code: 'K8S_BGP_WRONG_ADDRESS',
      message: `BGP peers look for each other at addresses that are not planned: ${listed(seekers)}.`,
      fix: [
        ...[...new Set(strayed.flatMap(({ seeker, sought }) => [sought.name, seeker.name]))].map((one) =>
          restartCalico(cluster, one),
        ),
        'k8slab verify --wait 5m',
      ],
    };
  }
  if (pairs.some(({ state }) => state === 'silent')) {
    return {
      ...common,
      code: 'K8S_BGP_PORT_SILENT',
      message: `BGP does not get through between ${name} and ${peers}: TCP 179 gives no answer.`,
      fix: [
        name,
        ...pairs.flatMap(({ ends }) => ends.filter((end) => end !== machine).map((end) => end.name)),
      ].map((one) => onMachine(one, "'sudo iptables -S; sudo nft list ruleset | grep -n drop'")),
    };
  }
  if (pairs.every(({ state }) => state === 'refused')) {
    return {
      ...common,
      code: 'K8S_BGP_REFUSED',
      message: `Between ${name} and ${peers}, BGP is refused: nobody listens at TCP 179.`,
      fix: restart(cluster, name),
    };
  }
  return {
    ...common,
    code: 'K8S_BGP_NOT_ESTABLISHED',
    message: `${name} has no BGP session with ${peers}.`,
    // After a start, a session takes up to some minutes.
    fix: ['k8slab verify --wait 5m', ...restart(cluster, name)],
  };
}
