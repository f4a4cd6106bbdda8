import type { CatalogueEntry } from './catalogue/index.js';
import type { Palette } from './palette.js';

/** Takes a code and its entry; gives the page that `k8slab explain` prints. */
export function explainPage(code: string, entry: CatalogueEntry, palette: Palette): string {
  const section = (title: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : ['', palette.bold(title), ...lines.map((line) => `  ${line}`)];
  return [
    `${palette.bold(code)}  ${entry.title}`,
    ...section('What it means', [entry.meaning]),
    ...section('Why it happens', [entry.why]),
    ...section('See it by hand', entry.see ?? []),
    ...section('What to do', entry.fix),
    ...section('Where this comes from', entry.source === undefined ? [] : [entry.source]),
    ...section('Exit status', [String(entry.exit)]),
  ].join('\n');
}
