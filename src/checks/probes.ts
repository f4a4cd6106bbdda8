import type { Snapshot } from '../collect/snapshot.js';
import type { ProbeFacts, ProbeView } from '../collect/snapshotProbes.js';
import type { Answer, Finding } from './check.js';
import { listed } from './look.js';

/** Judges what pods of our own found out; nothing is asked where none were started. */
export function judgeProbes({ probes }: Snapshot, judge: (probes: ProbeFacts) => Answer): Answer {
  if (!probes) return { notAsked: 'this snapshot was taken without pods of our own' };
  if (probes.notAsked !== undefined) return { notAsked: probes.notAsked };
  if (probes.refused !== undefined) return { notAsked: 'the API did not take the pods' };
  return judge(probes);
}

/**
 * Asks the view of every machine whose pod runs; `judge` gives undefined where what it needs could not be read, and `together` makes
 * one finding of those of several machines when it is so on all of them.
 */
export function judgeViews(
  snapshot: Snapshot,
  judge: (machine: string, view: ProbeView) => Finding[] | undefined,
  together: (findings: Finding[]) => Finding[] = (findings) => findings,
): Answer {
  return judgeProbes(snapshot, ({ machines }) => {
    const views = Object.entries(machines);
    if (views.length === 0) return { notAsked: 'no pod of our own runs' };
    const answers = views.map(([name, view]) => ({ name, findings: judge(name, view) }));
    const silent = answers.flatMap(({ name, findings }) => (findings ? [] : [name]));
    const all = answers.flatMap((answer) => answer.findings ?? []);
    const everywhere = views.length > 1 && new Set(all.map(({ machine }) => machine)).size === views.length;
    const findings = everywhere ? together(all) : all;
    return silent.length === 0
      ? findings
      : { unknown: `the pods on ${listed(silent)} could not be asked`, findings };
  });
}

/** One finding for the cluster in place of the same one on every machine. */
export function asOne(findings: readonly Finding[], message: string, fix?: string[]): Finding[] {
  const [first] = findings;
  if (!first) return [];
  const { code, severity } = first;
  const own = fix ?? first.fix;
  return [
    {
      code,
      severity,
      message,
      evidence: findings.flatMap(({ machine = '', evidence }) =>
        evidence.map((line) => `${machine}: ${line}`),
      ),
      ...(own && { fix: own }),
    },
  ];
}
