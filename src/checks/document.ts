import type { CatalogueEntry } from '../errors/catalogue/index.js';
import { cataloguePage } from '../errors/document.js';
import { headings } from '../report/text.js';
import { layers, type Check } from './check.js';

/** A check, and the codes of all findings that it can have. */
export type Documented = Pick<Check, 'id' | 'title' | 'layer'> & { codes: readonly string[] };

/**
 * The generated part of `docs/checks.md`: checks by layer, lowest first, then the page of every finding, as `k8slab explain`
 * prints it, under its check.
 */
export function checksDocument(
  checks: readonly Documented[],
  catalogue: Readonly<Record<string, CatalogueEntry>>,
): string {
  const groups = layers.map((layer) => ({ layer, own: checks.filter((check) => check.layer === layer) }));
  const rows = groups.flatMap(({ layer, own }) =>
    own.map((check) => `| ${headings[layer]} | ${check.title} | ${linksOf(check)} |`),
  );
  const told = new Set<string>();
  const pages = groups.flatMap(({ layer, own }) => [
    `## ${headings[layer]}`,
    ...own.flatMap(({ title, codes }) => [
      `### ${title}`,
      ...unique(codes).flatMap((code) => {
        if (told.has(code)) return [`[${code}](#${code.toLowerCase()}): above.`];
        told.add(code);
        return [cataloguePage(code, catalogue[code], 4)];
      }),
    ]),
  ]);
  const table = ['| layer | what is looked at | findings |', '|---|---|---|', ...rows].join('\n');
  return [table, ...pages].join('\n\n').concat('\n');
}

const linksOf = ({ codes }: Documented): string =>
  unique(codes)
    .map((code) => `[${code}](#${code.toLowerCase()})`)
    .join(', ');

const unique = (codes: readonly string[]): string[] => [...new Set(codes)].sort();
