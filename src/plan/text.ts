import { plainPalette, type Palette } from '../errors/palette.js';
import type { Cluster } from './cluster.js';
import { describeCluster, type Table } from './describe.js';
import { drawTopology } from './topology.js';

const width = 100;

/** What `k8slab plan` prints: facts, the picture, machines, ranges, ports, notes. Ends with a line end. */
export function planText(cluster: Cluster, palette: Palette = plainPalette): string {
  const { facts, machines, ranges, ports } = describeCluster(cluster);
  const label = Math.max(...facts.map(([name]) => name.length));
  const blocks = [
    [palette.bold(`Lab ${cluster.name}`), ...wrap(cluster.description.trim(), '')],
    facts.flatMap(([name, value]) => wrap(value, `  ${name.padEnd(label)}  `)),
    drawTopology(cluster).trimEnd().split('\n'),
    ...[machines, ranges, ports].map((table) => tableLines(table, palette)),
    cluster.adaptations === undefined
      ? []
      : [
          palette.bold('Adapted to this host'),
          ...cluster.adaptations.flatMap(({ why }) => wrap(why, '  - ')),
        ],
    cluster.warnings.length === 0
      ? []
      : [
          palette.bold('Notes'),
          ...cluster.warnings.flatMap(({ code, message }) => wrap(`${message} [${code}]`, '  - ')),
        ],
  ];
  const texts = blocks
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => line.trimEnd()).join('\n'));
  return `${texts.join('\n\n')}\n`;
}

/** A table as lines: title, column names, rows, indented by two. */
function tableLines({ title, columns, rows }: Table, palette: Palette = plainPalette): string[] {
  const widths = columns.map(({ name }, index) =>
    Math.max(name.length, ...rows.map((row) => (row[index] ?? '').length)),
  );
  const line = (cells: string[]): string =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        return align === 'right' ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
      })
      .join('  ')
      .trimEnd();
  const heading = line(columns.map(({ name }) => name));
  return [palette.bold(title), `  ${palette.dim(heading)}`, ...rows.map((row) => `  ${line(row)}`)];
}

/** Breaks text between words; the first line begins with `lead`, further ones below its end. */
function wrap(text: string, lead: string): string[] {
  if (text === '') return lead.trim() === '' ? [] : [lead];
  const lines: string[] = [];
  let line = lead;
  for (const word of text.split(/\s+/)) {
    const space = line.length === lead.length ? '' : ' ';
    if (line.length > lead.length && line.length + space.length + word.length > width) {
      lines.push(line);
      line = ' '.repeat(lead.length) + word;
    } else line += space + word;
  }
  return [...lines, line];
}
