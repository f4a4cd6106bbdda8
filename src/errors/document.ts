import type { CatalogueEntry } from './catalogue/index.js';

/** Takes the catalogue; gives the generated part of `docs/errors.md`: every page of `k8slab explain`. */
export function catalogueDocument(catalogue: Readonly<Record<string, CatalogueEntry>>): string {
  const codes = Object.keys(catalogue).sort();
  return [
    [
      '| code | what it says | exit status |',
      '|---|---|---|',
      ...codes.map((code) => row(code, catalogue[code])),
    ].join('\n'),
    ...codes.map((code) => cataloguePage(code, catalogue[code])),
  ]
    .join('\n\n')
    .concat('\n');
}

function row(code: string, entry: CatalogueEntry | undefined): string {
  return `| [${code}](#${code.toLowerCase()}) | ${cell(entry?.title ?? '')} | ${entry?.exit ?? ''} |`;
}

/** One page in Markdown below a heading of this level, 1 to 6. */
export function cataloguePage(code: string, entry: CatalogueEntry | undefined, level = 2): string {
  if (entry === undefined) return '';
  const { title, meaning, why, see = [], fix, source } = entry;
  return [
    `${'#'.repeat(level)} ${code}`,
    `**${title}.** ${meaning}`,
    `Why: ${why}`,
    ...(see.length > 0 ? [`See it by hand:\n\n${block(see)}`] : []),
    `What to do:\n\n${block(fix)}`,
    ...(source === undefined ? [] : [`Source: ${source.startsWith('http') ? `<${source}>` : source}`]),
  ].join('\n\n');
}

const block = (lines: readonly string[]): string => ['```', ...lines, '```'].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|');
