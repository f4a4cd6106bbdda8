import type { CalicoFacts } from '../../collect/nodeFacts.js';
import type { Snapshot } from '../../collect/snapshot.js';
import type { Machine } from '../../plan/cluster.js';

/** Two nodes that must have a BGP session with each other, and have none. */
export interface Pair {
  ends: [Machine, Machine];
  /** Whether a packet to TCP 179 gets any answer, as far as the end that knocks could tell. */
  state: 'silent' | 'refused' | 'waiting';
  /** Ends that have no session with the other's planned address, but one with an address that no node is planned to have. */
  elsewhere: { seeker: Machine; sought: Machine; addresses: string[] }[];
  /** What each end says of the other. */
  words: string[];
}

/** Pairs without a session; those with an end of which nothing is known, or whose BIRD does not run, are left out. */
export function lostPairs(nodes: readonly Machine[], snapshot: Snapshot): Pair[] {
  const known = nodes.flatMap((machine) => {
    const calico = snapshot.machines[machine.name]?.calico;
    return calico?.sessions ? [{ machine, calico }] : [];
  });
  const planned = nodes.map(({ address }) => address);
  return known.flatMap((one, index) =>
    known.slice(index + 1).flatMap((other): Pair[] => {
      const ends = [
        view(one.machine, one.calico, other.machine),
        view(other.machine, other.calico, one.machine),
      ];
      if (ends.every(({ state }) => state === 'Established')) return [];
      const has = (mark: 'silent' | 'refused'): boolean => ends.some((end) => end[mark]);
      return [
        {
          ends: [one.machine, other.machine],
          state: has('silent') ? 'silent' : has('refused') ? 'refused' : 'waiting',
          elsewhere: [strayed(one, other.machine, planned), strayed(other, one.machine, planned)].flat(),
          words: ends.map(({ words }) => words),
        },
      ];
    }),
  );
}

/** What one end says of its session with the other. Of two ends one knocks, the other waits (`Passive`). */
function view(
  machine: Machine,
  { sessions, unanswered }: CalicoFacts,
  peer: Machine,
): { state: string; silent: boolean; refused: boolean; words: string } {
  const session = sessions?.find((one) => one.peer === peer.address);
  const state = session?.state ?? 'no session';
  const error = session?.error ?? '';
  const silent = unanswered?.includes(peer.address) === true || /timed out|No route to host/.test(error);
  return {
    state,
    silent: silent && state !== 'Established',
    refused: error.includes('refused') && state !== 'Established',
    words: `${machine.name} of ${peer.name} (${peer.address}): ${state}${error && `, ${error}`}${silent ? ', no answer' : ''}`,
  };
}

function strayed(
  { machine, calico }: { machine: Machine; calico: CalicoFacts },
  sought: Machine,
  planned: readonly string[],
): Pair['elsewhere'] {
  const peers = calico.sessions?.map(({ peer }) => peer) ?? [];
  const addresses = peers.filter((peer) => !planned.includes(peer));
  return peers.includes(sought.address) || addresses.length === 0
    ? []
    : [{ seeker: machine, sought, addresses }];
}
