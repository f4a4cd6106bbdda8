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
    ...codes.map((code) => page(code, catalogue[code])),
  ]
    .join('\n\n')
    .concat('\n');
}

function row(code: string, entry: CatalogueEntry | undefined): string {
  return `| [${code}](#${code.toLowerCase()}) | ${cell(entry?.title ?? '')} | ${entry?.exit ?? ''} |`;
}

function page(code: string, entry: CatalogueEntry | undefined): string {
  if (entry === undefined) return '';
  const { title, meaning, why, see = [], fix, source } = entry;
  return [
    `## ${code}`,
    `**${title}.** ${meaning}`,
    `Why: ${why}`,
    ...(see.length > 0 ? [`See it by hand:\n\n${block(see)}`] : []),
    `What to do:\n\n${block(fix)}`,
    ...(source === undefined ? [] : [`Source: ${source.startsWith('http') ? `<${source}>` : source}`]),
  ].join('\n\n');
}

const block = (lines: readonly string[]): string => ['```', ...lines, '```'].join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|');
