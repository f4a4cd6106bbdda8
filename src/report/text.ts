import { layers, type Layer } from '../checks/check.js';
import { catalogue, type ErrorCode } from '../errors/catalogue/index.js';
import { plainPalette, type Palette } from '../errors/palette.js';
import type { CheckResult, Report, ReportedFinding } from './report.js';
import { matrixLines } from './matrixText.js';
import { verdict } from './verdict.js';
import { cutTo, printable, wrapText } from './wrap.js';

export interface TextOptions {
  palette?: Palette;
  /** Columns of the terminal; 80 by default. */
  width?: number;
}

/** What people call the layers. */
export const headings: Record<Layer, string> = {
  machine: 'Machines',
  runtime: 'Container runtime and kubelet',
  'control-plane': 'Control plane',
  nodes: 'Nodes and system pods',
  cni: 'Pod network',
  dns: 'Cluster DNS',
  'data-path': 'Data path',
  workload: 'Workload',
};

const evidenceLimit = 6;
/** Findings of one kind that follow from others: so many are told. */
const consequenceLimit = 3;
const indent = '      ';

/** The report for people; the last line is the verdict. */
export function reportText(report: Report, { palette = plainPalette, width = 80 }: TextOptions = {}): string {
  const columns = Math.min(Math.max(width, 40), 120);
  const mark = report.sound ? palette.green('✓') : palette.red('✗');
  const sentence = printable(verdict(report));
  const words = report.sound ? palette.green(sentence) : palette.red(sentence);
  const told = withoutRepeats(report.results.filter(({ status }) => status !== 'skipped'));
  const roots = rootsOf(report);
  const sound = told.every((result) => result.status === 'ok');
  const body = layers.flatMap((layer) => {
    const results = told.filter((result) => result.layer === layer);
    if (results.length === 0) return [];
    return [
      palette.bold(headings[layer]),
      ...(sound ? results : results.filter((result) => !isPlain(result))).flatMap((result) =>
        resultLines(result, roots, palette, columns),
      ),
      ...(sound ? [] : passedLine(results.filter(isPlain).length, results.length, palette)),
      ...report.matrices
        .filter((matrix) => matrix.layer === layer)
        .flatMap((matrix) => matrixLines(matrix, palette, columns)),
      '',
    ];
  });
  // Compact when nothing needs attention.
  const lines = sound ? body.filter((line) => line !== '') : body;
  return `${[...lines, ...notAskedLines(report, palette, columns), `${mark} ${palette.bold(words)}`].join('\n')}\n`;
}

/** Passed, and nothing more to say of it. */
const isPlain = ({ status, findings }: CheckResult): boolean => status === 'ok' && findings.length === 0;

/** Beside something that needs attention, checks that passed are only counted. */
function passedLine(passed: number, all: number, palette: Palette): string[] {
  if (passed === 0) return [];
  const which = passed === all ? 'all' : 'the other';
  const words = passed === 1 && passed < all ? 'the other check passed' : `${which} ${passed} checks passed`;
  return [`  ${palette.green('✓')} ${passed === 1 && passed === all ? 'its one check passed' : words}`];
}

/** Checks that were not asked, together by reason. */
function notAskedLines({ results }: Report, palette: Palette, width: number): string[] {
  const skipped = results.filter(({ status }) => status === 'skipped');
  const reasons = [...new Set(skipped.map(({ reason = '' }) => reason))];
  return reasons.flatMap((reason) => {
    const same = skipped.filter((one) => one.reason === reason);
    const what = same.length > 2 ? `${same.length} checks` : same.map(({ title }) => title).join(', ');
    const words = `Not asked: ${what}: ${printable(reason)}.`;
    return wrapText(words, width - 4).map((line, index) =>
      palette.dim(`${index === 0 ? '  · ' : '    '}${line}`),
    );
  });
}

/** A reason that keeps several checks from an answer is told in full once. */
function withoutRepeats(results: readonly CheckResult[]): CheckResult[] {
  return results.map((result, index) => {
    const before = results.slice(0, index).some(({ reason }) => reason === result.reason);
    return result.reason !== undefined && before ? { ...result, reason: 'for the same reason' } : result;
  });
}

/** Codes of findings that follow from no other. */
const rootsOf = (report: Report): ReadonlySet<ErrorCode> =>
  new Set(
    report.results.flatMap(({ findings }) =>
      findings.filter(({ consequenceOf }) => consequenceOf === undefined).map(({ code }) => code),
    ),
  );

function resultLines(
  result: CheckResult,
  roots: ReadonlySet<ErrorCode>,
  palette: Palette,
  width: number,
): string[] {
  const marks = {
    ok: palette.green('✓'),
    warning: palette.yellow('!'),
    failed: palette.red('✗'),
    unknown: palette.yellow('?'),
    skipped: palette.dim('·'),
  };
  // Sound, but not for what the title says.
  const leftOut = result.status === 'ok' && result.findings.length > 0;
  const mark = leftOut ? palette.cyan('○') : marks[result.status];
  const title = wrapText(result.title, width - 4).map((line, index) =>
    index === 0 ? `  ${mark} ${line}` : `    ${line}`,
  );
  const reason =
    result.reason === undefined
      ? []
      : wrapText(`not known: ${printable(result.reason)}`, width - indent.length).map(
          (line) => `${indent}${palette.dim(line)}`,
        );
  return [
    ...title,
    ...reason,
    ...byCode(result.findings).flatMap((group) => groupLines(group, roots, palette, width)),
  ];
}

/** Findings of one code share their cause and fix: told once. */
function byCode(findings: ReportedFinding[]): { code: ErrorCode; findings: ReportedFinding[] }[] {
  const codes = [...new Set(findings.map((finding) => finding.code))];
  return codes.map((code) => ({ code, findings: findings.filter((finding) => finding.code === code) }));
}

function groupLines(
  { code, findings }: { code: ErrorCode; findings: ReportedFinding[] },
  roots: ReadonlySet<ErrorCode>,
  palette: Palette,
  width: number,
): string[] {
  const entry = catalogue[code];
  const causes = [...new Set(findings.flatMap((finding) => finding.consequenceOf ?? []))];
  const first = causes.filter((cause) => roots.has(cause));
  const consequence = first.length > 0 ? first : causes;
  const every = findings.every((finding) => finding.consequenceOf !== undefined);
  const shown = every ? findings.slice(0, consequenceLimit) : findings;
  const seen = [
    ...shown.flatMap((finding) => findingLines(finding, palette, width)),
    ...(shown.length < findings.length
      ? [`${indent}${palette.dim(`… and ${findings.length - shown.length} more of the kind`)}`]
      : []),
  ];
  const follows =
    consequence.length === 0
      ? []
      : labelled(
          'follows',
          `probably from ${consequence.join(', ')}: mend that first${every ? '' : ', where it is found'}`,
          palette,
          width,
        );
  const expected = findings.every(({ severity }) => severity === 'expected');
  const why = every ? [] : labelled(expected ? 'why' : 'cause', entry.why, palette, width);
  const fixes = [...new Set(findings.flatMap((finding) => finding.fix ?? entry.fix))].slice(0, every ? 0 : 9);
  return [
    ...seen,
    ...follows,
    ...why,
    ...fixes.map(
      (fix, index) =>
        `${indent}${label(index === 0 ? (expected ? 'next' : 'fix') : '', palette)}${palette.cyan(printable(fix))}`,
    ),
    `${indent}${label('more', palette)}${palette.cyan(`k8slab explain ${code}`)}`,
  ];
}

function findingLines(finding: ReportedFinding, palette: Palette, width: number): string[] {
  const paint = { failed: palette.red, warning: palette.yellow, expected: palette.cyan }[finding.severity];
  // Where a finding follows from another, the evidence of that one counts.
  const all = finding.consequenceOf ? [] : finding.evidence;
  const evidence = all.slice(0, evidenceLimit).map((line) => printable(line));
  const more = all.length - evidence.length;
  return [
    ...wrapText(printable(finding.message), width - indent.length).map((line) => `${indent}${paint(line)}`),
    ...[...evidence, ...(more > 0 ? [`… and ${more} more`] : [])].map(
      (line) => `${indent}${palette.dim(`│ ${cutTo(line, width - indent.length - 2)}`)}`,
    ),
  ];
}

const label = (name: string, palette: Palette): string => palette.dim(name.padEnd(8));

function labelled(name: string, text: string, palette: Palette, width: number): string[] {
  return wrapText(text, width - indent.length - 8).map(
    (line, index) => `${indent}${label(index === 0 ? name : '', palette)}${line}`,
  );
}
