import type { Layer } from '../checks/check.js';
import type { ErrorCode } from '../errors/catalogue/index.js';
import { isSound, type CheckResult, type Report } from './report.js';

/** What somebody wants to hear of; empty: everything. */
export interface Selection {
  layers: readonly Layer[];
  only: readonly ErrorCode[];
  skip: readonly ErrorCode[];
}

/**
 * The part of a report that was asked for, and the verdict on that part. A check whose findings were all left out is left out too:
 * it is not called ok. One that had no answer stays, as its answer might have mattered.
 */
export function select(report: Report, { layers, only, skip }: Selection): Report {
  const wanted = ({ code }: { code: ErrorCode }): boolean =>
    (only.length === 0 || only.includes(code)) && !skip.includes(code);
  const results = report.results
    .filter(({ layer }) => layers.length === 0 || layers.includes(layer))
    .flatMap((result): CheckResult[] => {
      const findings = result.findings.filter(wanted);
      const unanswered = result.status !== 'skipped' && result.reason !== undefined;
      const leftOut = findings.length === 0 && (result.findings.length > 0 || only.length > 0);
      if (leftOut && !unanswered) return [];
      return [{ ...result, findings, status: statusOf(result, findings, unanswered) }];
    });
  return { ...report, results, sound: isSound(results) };
}

function statusOf(
  { status }: CheckResult,
  findings: CheckResult['findings'],
  unanswered: boolean,
): CheckResult['status'] {
  if (findings.some(({ severity }) => severity === 'failed')) return 'failed';
  if (unanswered) return 'unknown';
  return status === 'failed' ? 'warning' : status;
}
