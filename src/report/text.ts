import { layers, type Layer } from '../checks/check.js';
import { catalogue, type ErrorCode } from '../errors/catalogue/index.js';
import { plainPalette, type Palette } from '../errors/palette.js';
import type { CheckResult, Report, ReportedFinding } from './report.js';
import { verdict } from './verdict.js';
import { cutTo, printable, wrapText } from './wrap.js';

export interface TextOptions {
  palette?: Palette;
  /** Columns of the terminal; 80 by default. */
  width?: number;
}

const headings: Record<Layer, string> = {
  machine: 'Machines',
  runtime: 'Container runtime and kubelet',
  'control-plane': 'Control plane',
  nodes: 'Nodes and system pods',
  cni: 'Pod network',
  dns: 'Cluster DNS',
};

const evidenceLimit = 6;
const indent = '      ';

/** The report for people; the last line is the verdict. */
export function reportText(report: Report, { palette = plainPalette, width = 80 }: TextOptions = {}): string {
  const columns = Math.min(Math.max(width, 40), 120);
  const mark = report.sound ? palette.green('✓') : palette.red('✗');
  const sentence = printable(verdict(report));
  const words = report.sound ? palette.green(sentence) : palette.red(sentence);
  const body = layers.flatMap((layer) => {
    const results = report.results.filter((result) => result.layer === layer);
    if (results.length === 0) return [];
    return [
      palette.bold(headings[layer]),
      ...results.flatMap((result) => resultLines(result, palette, columns)),
      '',
    ];
  });
  // Compact when nothing needs attention.
  const lines = report.results.every((result) => result.status === 'ok')
    ? body.filter((line) => line !== '')
    : body;
  return `${[...lines, `${mark} ${palette.bold(words)}`].join('\n')}\n`;
}

function resultLines(result: CheckResult, palette: Palette, width: number): string[] {
  const marks = {
    ok: palette.green('✓'),
    warning: palette.yellow('!'),
    failed: palette.red('✗'),
    unknown: palette.yellow('?'),
  };
  const title = wrapText(result.title, width - 4).map((line, index) =>
    index === 0 ? `  ${marks[result.status]} ${line}` : `    ${line}`,
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
    ...byCode(result.findings).flatMap((group) => groupLines(group, palette, width)),
  ];
}

/** Findings of one code share their cause and fix: told once. */
function byCode(findings: ReportedFinding[]): { code: ErrorCode; findings: ReportedFinding[] }[] {
  const codes = [...new Set(findings.map((finding) => finding.code))];
  return codes.map((code) => ({ code, findings: findings.filter((finding) => finding.code === code) }));
}

function groupLines(
  { code, findings }: { code: ErrorCode; findings: ReportedFinding[] },
  palette: Palette,
  width: number,
): string[] {
  const entry = catalogue[code];
  const consequence = [...new Set(findings.flatMap((finding) => finding.consequenceOf ?? []))];
  const every = findings.every((finding) => finding.consequenceOf !== undefined);
  const seen = findings.flatMap((finding) => findingLines(finding, palette, width));
  const follows =
    consequence.length === 0
      ? []
      : labelled(
          'follows',
          `probably from ${consequence.join(', ')}: mend that first${every ? '' : ', where it is found'}`,
          palette,
          width,
        );
  const why = every ? [] : labelled('cause', entry.why, palette, width);
  const fixes = [...new Set(findings.flatMap((finding) => finding.fix ?? entry.fix))].slice(0, every ? 0 : 9);
  return [
    ...seen,
    ...follows,
    ...why,
    ...fixes.map(
      (fix, index) => `${indent}${label(index === 0 ? 'fix' : '', palette)}${palette.cyan(printable(fix))}`,
    ),
    `${indent}${label('more', palette)}${palette.cyan(`k8slab explain ${code}`)}`,
  ];
}

function findingLines(finding: ReportedFinding, palette: Palette, width: number): string[] {
  const paint = (line: string): string =>
    finding.severity === 'failed' ? palette.red(line) : palette.yellow(line);
  const evidence = finding.evidence.slice(0, evidenceLimit).map((line) => printable(line));
  const more = finding.evidence.length - evidence.length;
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
