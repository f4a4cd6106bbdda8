import type { EtcdFacts, Snapshot } from '../../collect/snapshot.js';
import { controlPlanes } from '../../plan/balancers.js';
import type { Cluster } from '../../plan/cluster.js';
import { etcdctl, lookAtProgram } from '../advice.js';
import type { Check, Finding } from '../check.js';
import { isOn, leads, membersSeen, toldMembers, type Member } from '../etcdMembers.js';
import { isKubernetes, listed, reached, shown, word } from '../look.js';

/** With a single control plane, its API server answers for etcd. */
export const check: Check = {
  id: 'etcd',
  title: 'etcd has one member on every control plane, all well, and one leader',
  layer: 'control-plane',
  follows: { here: ['address', 'kubelet', 'runtime', 'programs'] },
  applies: (cluster) => isKubernetes(cluster) && controlPlanes(cluster).length > 1,
  evaluate: (cluster, snapshot) => {
    const machines = reached(cluster, snapshot, ({ role }) => role === 'control-plane');
    const members = membersSeen(machines);
    if (members.length === 0) return { unknown: 'no member of etcd could be asked' };
    const findings = [
      ...aloneFindings(cluster, members),
      ...leaderFindings(cluster, snapshot, members),
      ...listFindings(cluster, members),
    ];
    const silent = machines
      .map(({ machine }) => machine.name)
      .filter((name) => !members.some((member) => member.name === name));
    return silent.length === 0
      ? findings
      : { unknown: `could not be read on ${silent.join(', ')}`, findings };
  },
};

const answers = ({ members, leader }: EtcdFacts): boolean => members !== null || leader !== null;

/** Members that do not take part although others do. */
function aloneFindings(cluster: Cluster, members: readonly Member[]): Finding[] {
  const led = members.some(({ facts }) => leads(facts));
  return members
    .filter(({ facts }) => facts.healthy !== true && (led || !answers(facts)))
    .map(({ name, facts }) => ({
      code: 'K8S_ETCD_DOWN',
      severity: 'failed',
      machine: name,
      message: facts.running === true ? `etcd on ${name} is not well.` : `etcd does not run on ${name}.`,
      evidence: [`/health on ${name}: ${facts.said ?? 'no answer'}`],
      fix: lookAtProgram(cluster, name, 'etcd'),
    }));
}

function leaderFindings(cluster: Cluster, snapshot: Snapshot, members: readonly Member[]): Finding[] {
  const asked = members.filter(({ facts }) => answers(facts));
  const leaders = new Set(asked.flatMap(({ facts }) => (leads(facts) ? [facts.leader] : [])));
  if (leaders.size === 1 || asked.length === 0) return [];
  const alive = new Set(reached(cluster, snapshot).map(({ machine }) => machine.name));
  const gone = controlPlanes(cluster)
    .map(({ name }) => name)
    .filter((name) => !alive.has(name));
  const silent = members.filter(({ facts }) => !answers(facts)).map(({ name }) => name);
  const needed = Math.floor(controlPlanes(cluster).length / 2) + 1;
  return [
    {
      code: 'K8S_ETCD_LEADER',
      severity: 'failed',
      message:
        leaders.size === 0
          ? `etcd has no leader: ${needed} of ${controlPlanes(cluster).length} members must reach each other.`
          : `etcd has ${leaders.size} leaders at once.`,
      evidence: [
        ...asked.map(
          ({ name, facts }) => `${name} follows ${leads(facts) ? (facts.leader ?? '') : 'nobody'}`,
        ),
        ...(silent.length > 0 ? [`no answer: ${listed(silent)}`] : []),
        ...(gone.length > 0 ? [`not reached: ${listed(gone)}`] : []),
      ],
      fix: [...(gone.length > 0 ? [`k8slab up ${gone.join(' ')}`] : []), 'k8slab verify --wait 2m'],
      ...(gone.length + silent.length > 0 && {
        consequenceOf: [
          ...(gone.length > 0 ? (['GUEST_UNREACHABLE'] as const) : []),
          ...(silent.length > 0 ? (['K8S_ETCD_DOWN'] as const) : []),
        ],
      }),
    },
  ];
}

/** Compares the list of members with the planned control planes. */
function listFindings(cluster: Cluster, members: readonly Member[]): Finding[] {
  const told = toldMembers(members);
  if (!told) return [];
  const { asked, list } = told;
  const planned = controlPlanes(cluster);
  const evidence = [
    `members: ${shown(list.map(({ name, peerUrls }) => `${name || 'not started'} ${peerUrls.join(' ')}`))}`,
  ];
  const common = { code: 'K8S_ETCD_MEMBERS', severity: 'failed', evidence } as const;
  const lacking = planned.filter((machine) => !list.some((member) => isOn(member, machine)));
  const strange = list.filter((member) => !planned.some((machine) => isOn(member, machine)));
  const learning = list.filter((member) => member.learner && !strange.includes(member));
  return [
    ...lacking.map(({ name, address }) => ({
      ...common,
      machine: name,
      message: `etcd has no member on ${name} (${address}).`,
      fix: [`k8slab destroy ${name} --yes`, `k8slab up ${name}`],
    })),
    ...strange.map(({ id, name, peerUrls }) => ({
      ...common,
      message: `etcd counts a member that is no control plane of this lab: ${name || 'not started'} (${peerUrls.join(' ')}).`,
      fix: [etcdctl(cluster, asked, `member remove ${word(hexadecimal(id), 'member')}`)],
    })),
    ...learning.map(({ id, name }) => ({
      ...common,
      message: `The member ${name} of etcd is still a learner, and does not vote.`,
      fix: [etcdctl(cluster, asked, `member promote ${word(hexadecimal(id), 'member')}`)],
    })),
  ];
}

/** etcdctl writes ids in hexadecimal, the JSON gateway in decimal. */
const hexadecimal = (id: string): string => (/^\d+$/.test(id) ? BigInt(id).toString(16) : id);
