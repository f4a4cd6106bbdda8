import { layers, type Check, type Finding } from '../checks/check.js';
import type { Snapshot } from '../collect/snapshot.js';
import type { Cluster } from '../plan/cluster.js';
import { matrices } from './matrices.js';
import { isSound, type CheckResult, type Report, type ReportedFinding } from './report.js';

/**
 * Asks every check that applies; lower layers first. A check that throws gives `unknown`, so that one mistake of
 * ours cannot hide what the others see. Findings that a lower one explains are marked `consequenceOf`.
 */
export function evaluate(cluster: Cluster, snapshot: Snapshot, checks: readonly Check[]): Report {
  const ordered = checks.toSorted((one, other) => layers.indexOf(one.layer) - layers.indexOf(other.layer));
  const asked = ordered.flatMap((check) => ask(check, cluster, snapshot) ?? []);
  const settled = new Set(checks.filter(({ settles }) => settles).map(({ id }) => id));
  const results = whatCounts(asked, settled, cluster);
  return {
    schema: 1,
    lab: cluster.name,
    takenAt: snapshot.takenAt,
    sound: isSound(results),
    results: markConsequences(results, checks, settled),
    matrices: matrices(cluster, snapshot),
  };
}

/** Where every machine is found to have nothing yet, what the upper layers do not find is no news. */
function whatCounts(
  results: CheckResult[],
  settled: ReadonlySet<string>,
  { machines }: Cluster,
): CheckResult[] {
  const waiting = new Set(
    results
      .filter(({ id }) => settled.has(id))
      .flatMap(({ findings }) => findings.map(({ machine }) => machine)),
  );
  if (!machines.every(({ name }) => waiting.has(name))) return results;
  return results.filter(({ layer, status }) => layer === 'machine' || status === 'ok');
}

function ask(check: Check, cluster: Cluster, snapshot: Snapshot): CheckResult | undefined {
  const about = { id: check.id, title: check.title, layer: check.layer };
  try {
    if (!check.applies(cluster)) return undefined;
    const answer = check.evaluate(cluster, snapshot);
    if ('notAsked' in answer) return { ...about, status: 'skipped', reason: answer.notAsked, findings: [] };
    const findings = Array.isArray(answer) ? answer : (answer.findings ?? []);
    const reason = Array.isArray(answer) ? {} : { reason: answer.unknown };
    return { ...about, status: statusOf(findings, !Array.isArray(answer)), ...reason, findings };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { ...about, status: 'unknown', reason: `the check itself failed: ${words}`, findings: [] };
  }
}

function statusOf(findings: readonly Finding[], unknown: boolean): CheckResult['status'] {
  if (findings.some((finding) => finding.severity === 'failed')) return 'failed';
  if (unknown) return 'unknown';
  return findings.some((finding) => finding.severity === 'warning') ? 'warning' : 'ok';
}

function markConsequences(
  results: CheckResult[],
  checks: readonly Check[],
  settled: ReadonlySet<string>,
): CheckResult[] {
  const failures = new Map(
    results.map((result) => [result.id, result.findings.filter((finding) => finding.severity === 'failed')]),
  );
  return results.map((result) => {
    const own = checks.find((check) => check.id === result.id)?.follows;
    const settling = result.layer === 'machine' ? [] : [...settled];
    const follows = { here: [...(own?.here ?? []), ...settling], anywhere: own?.anywhere ?? [] };
    const mark = (finding: Finding): ReportedFinding => {
      // What a check says of itself counts for more than the usual order of checks.
      const ofThisOne = ({ consequenceOf }: Finding): boolean =>
        consequenceOf?.includes(finding.code) ?? false;
      const of = (id: string): Finding[] => (failures.get(id) ?? []).filter((cause) => !ofThisOne(cause));
      const here = follows.here
        .flatMap(of)
        .filter((cause) => cause.machine === undefined || cause.machine === finding.machine);
      const anywhere = follows.anywhere.flatMap(of);
      const codes = [
        ...new Set([...(finding.consequenceOf ?? []), ...[...here, ...anywhere].map((cause) => cause.code)]),
      ];
      return codes.length === 0 ? finding : { ...finding, consequenceOf: codes };
    };
    return { ...result, findings: result.findings.map(mark) };
  });
}
