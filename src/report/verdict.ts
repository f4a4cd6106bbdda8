import type { Report, ReportedFinding } from './report.js';

/** The verdict in one sentence; when not sound, it names the finding to begin with. */
export function verdict(report: Report): string {
  const { lab, results } = report;
  const count = (status: string): number => results.filter((result) => result.status === status).length;
  const warnings = count('warning');
  if (results.length === 0) return `${lab}: no check applies.`;
  if (report.sound) {
    const besides = warnings === 0 ? '' : `, ${warnings} of them with a warning`;
    return `${lab} is sound: ${plural(results.length, 'check')} passed${besides}.`;
  }
  const parts = [
    ...(count('failed') > 0 ? [`${count('failed')} failed`] : []),
    ...(count('unknown') > 0 ? [`${count('unknown')} could not be answered`] : []),
  ];
  const first = firstCause(report);
  const begin = first
    ? ` Begin with ${first.code}${first.machine === undefined ? '' : ` on ${first.machine}`}.`
    : '';
  return `${lab} is not sound: of ${plural(results.length, 'check')}, ${parts.join(' and ')}.${begin}`;
}

/** The lowest failed finding that follows from no other; checks come lowest layer first. */
export function firstCause(report: Report): ReportedFinding | undefined {
  const failed = report.results
    .flatMap((result) => result.findings)
    .filter((finding) => finding.severity === 'failed');
  return failed.find((finding) => finding.consequenceOf === undefined) ?? failed[0];
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
