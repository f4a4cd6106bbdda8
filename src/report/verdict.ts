import type { Report, ReportedFinding } from './report.js';

/** The verdict in one sentence; when not sound, it names the finding to begin with. */
export function verdict(report: Report): string {
  const { lab } = report;
  const results = report.results.filter(({ status }) => status !== 'skipped');
  const count = (status: string): number => results.filter((result) => result.status === status).length;
  const warnings = count('warning');
  if (results.length === 0) return `${lab}: no check applies.`;
  if (report.sound) {
    const besides = warnings === 0 ? '' : `, ${warnings} of them with a warning`;
    const left = results.filter(({ findings }) =>
      findings.some(({ severity }) => severity === 'expected'),
    ).length;
    const planned = left === 0 ? '' : `; what ${left} of them find missing, the plan leaves out`;
    const skipped = report.results.length - results.length;
    const others = skipped === 0 ? '' : `; ${skipped} not asked`;
    return `${lab} is sound: ${plural(results.length, 'check')} passed${besides}${planned}${others}.`;
  }
  const failed = results.filter(({ status }) => status === 'failed');
  if (
    failed.every(({ findings }) => findings.every(({ code }) => code === 'GUEST_BARE')) &&
    failed.length > 0
  ) {
    const machines = failed.flatMap(({ findings }) => findings.map(({ machine }) => machine));
    const who = count('unknown') === 0 ? 'its machines are bare' : `bare are ${machines.join(', ')}`;
    return `${lab} is not set up: ${who}. k8slab provision sets it up.`;
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
