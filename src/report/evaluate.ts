import { layers, type Check, type Finding } from '../checks/check.js';
import type { Snapshot } from '../collect/snapshot.js';
import type { Cluster } from '../plan/cluster.js';
import type { CheckResult, Report, ReportedFinding } from './report.js';

/**
 * Asks every check that applies; lower layers first. A check that throws gives `unknown`, so that one mistake of
 * ours cannot hide what the others see. Findings that a lower one explains are marked `consequenceOf`.
 */
export function evaluate(cluster: Cluster, snapshot: Snapshot, checks: readonly Check[]): Report {
  const ordered = checks.toSorted((one, other) => layers.indexOf(one.layer) - layers.indexOf(other.layer));
  const results = ordered.flatMap((check) => ask(check, cluster, snapshot) ?? []);
  return {
    schema: 1,
    lab: cluster.name,
    takenAt: snapshot.takenAt,
    sound: results.every((result) => result.status === 'ok' || result.status === 'warning'),
    results: markConsequences(results, checks),
  };
}

function ask(check: Check, cluster: Cluster, snapshot: Snapshot): CheckResult | undefined {
  const about = { id: check.id, title: check.title, layer: check.layer };
  try {
    if (!check.applies(cluster)) return undefined;
    const answer = check.evaluate(cluster, snapshot);
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
  return findings.length > 0 ? 'warning' : 'ok';
}

function markConsequences(results: CheckResult[], checks: readonly Check[]): CheckResult[] {
  const failures = new Map(
    results.map((result) => [result.id, result.findings.filter((finding) => finding.severity === 'failed')]),
  );
  return results.map((result) => {
    const follows = checks.find((check) => check.id === result.id)?.follows;
    if (!follows) return result;
    const mark = (finding: Finding): ReportedFinding => {
      const here = (follows.here ?? [])
        .flatMap((id) => failures.get(id) ?? [])
        .filter((cause) => cause.machine === undefined || cause.machine === finding.machine);
      const anywhere = (follows.anywhere ?? []).flatMap((id) => failures.get(id) ?? []);
      const codes = [...new Set([...here, ...anywhere].map((cause) => cause.code))];
      return codes.length === 0 ? finding : { ...finding, consequenceOf: codes };
    };
    return { ...result, findings: result.findings.map(mark) };
  });
}
