import type { EtcdFacts, MachineSnapshot, Snapshot } from '../collect/snapshot.js';
import { controlPlanes } from '../plan/balancers.js';
import type { Cluster, Machine } from '../plan/cluster.js';
import { reached } from './look.js';

/** etcd of a control plane, as it was seen there. */
export interface Member {
  name: string;
  facts: EtcdFacts;
}

type Listed = NonNullable<EtcdFacts['members']>[number];

/** Those of the machines on which something could be learned of etcd. */
export function membersSeen(machines: readonly { machine: Machine; facts: MachineSnapshot }[]): Member[] {
  return machines.flatMap(({ machine: { name }, facts: { etcd } }) =>
    etcd && etcd.running !== null ? [{ name, facts: etcd }] : [],
  );
}

/** Whether it follows a leader, or is one. */
export const leads = ({ leader }: EtcdFacts): boolean => leader !== null && leader !== '0';

/** Whether a listed member is that of a machine. */
export const isOn = ({ peerUrls }: Listed, { address }: Machine): boolean =>
  peerUrls.some((url) => url.includes(`//${address}:`));

/** The list of members as the first one tells it that has a leader, and who that is. */
export function toldMembers(members: readonly Member[]): { asked: string; list: Listed[] } | undefined {
  const [told] = members.flatMap(({ name, facts }) =>
    facts.members !== null && leads(facts) ? [{ asked: name, list: facts.members }] : [],
  );
  return told;
}

/** Control planes without a member, as the others tell it. None where nobody can tell. */
export function withoutMember(cluster: Cluster, snapshot: Snapshot): Machine[] {
  const told = toldMembers(membersSeen(reached(cluster, snapshot)));
  if (!told) return [];
  return controlPlanes(cluster).filter((machine) => !told.list.some((member) => isOn(member, machine)));
}
