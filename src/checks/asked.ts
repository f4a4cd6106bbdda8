import type { ApiAnswer, Snapshot } from '../collect/snapshot.js';
import type { Cluster } from '../plan/cluster.js';
import { reached } from './look.js';

/** Who asked the API: a machine, or this host; and what it asked. */
export interface Asker {
  /** Absent: the host. */
  machine?: string;
  /** As it is called in a sentence. */
  who: string;
  endpoint: ApiAnswer | null;
  controlPlanes: ({ machine: string } & ApiAnswer)[];
}

/** Everybody who asked the API, in boot order, the host last; `silent` are machines that could not ask. */
export function askersOf(cluster: Cluster, snapshot: Snapshot): { askers: Asker[]; silent: string[] } {
  const machines = reached(cluster, snapshot);
  const askers: Asker[] = machines.flatMap(({ machine: { name }, facts: { api } }) =>
    api?.controlPlanes
      ? [{ machine: name, who: name, endpoint: api.endpoint, controlPlanes: api.controlPlanes }]
      : [],
  );
  const { host } = snapshot;
  if (host?.controlPlanes) {
    askers.push({ who: 'this host', endpoint: host.endpoint, controlPlanes: host.controlPlanes });
  }
  return {
    askers,
    silent: machines.filter(({ facts }) => !facts.api?.controlPlanes).map(({ machine }) => machine.name),
  };
}

/** Answers as evidence: what each asker got, those with the same words together. */
export function wordsOf(answers: readonly { asker: Asker; answer: ApiAnswer }[]): string[] {
  const said = answers.map(({ asker, answer }) => ({ who: asker.who, words: answer.answer ?? 'no answer' }));
  return [...new Set(said.map(({ words }) => words))].map((words) => {
    const who = said.filter((one) => one.words === words).map((one) => one.who);
    return `${who.length === 1 ? (who[0] ?? '') : `${who.length} of ${said.length}`}: ${words}`;
  });
}
