import type { CheckResult, Report, ReportedFinding } from './report.js';

/** What is different between two looks at one lab. */
export interface Changes {
  appeared: ReportedFinding[];
  gone: ReportedFinding[];
  /** Checks that have no answer any more, and those that have one again. */
  unanswered: CheckResult[];
  answered: CheckResult[];
}

/** Compares two reports; findings are the same when code and machine are, whatever their words. */
export function changesBetween(before: Report | undefined, after: Report): Changes {
  const findings = (report: Report | undefined): ReportedFinding[] =>
    report?.results.flatMap((result) => result.findings) ?? [];
  const silent = (report: Report | undefined): CheckResult[] =>
    report?.results.filter(({ status }) => status === 'unknown') ?? [];
  const without = <T>(some: readonly T[], others: readonly T[], key: (one: T) => string): T[] => {
    const there = new Set(others.map(key));
    return some.filter((one) => !there.has(key(one)));
  };
  const finding = ({ code, machine = '' }: ReportedFinding): string => `${code} ${machine}`;
  const check = ({ id }: CheckResult): string => id;
  return {
    appeared: without(findings(after), findings(before), finding),
    gone: without(findings(before), findings(after), finding),
    unanswered: without(silent(after), silent(before), check),
    answered: without(silent(before), silent(after), check),
  };
}
