import { stripVTControlCharacters } from 'node:util';

/** Takes a heading and rows; gives aligned columns, two spaces apart, without trailing blanks. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => width(line[column] ?? ''))));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const width = (cell: string): number => stripVTControlCharacters(cell).length;
