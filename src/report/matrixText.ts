import type { Palette } from '../errors/palette.js';
import type { Cell, Matrix } from './matrices.js';
import { cutTo, printable, wrapText } from './wrap.js';

const indent = '    ';

/**
 * A matrix for a terminal of so many columns: what pods reach always, others when something in them is not reached. One that does not
 * fit is left to the page for a browser.
 */
export function matrixLines(matrix: Matrix, palette: Palette, width: number): string[] {
  const failed = matrix.rows.some(({ cells }) => cells.some(({ state }) => state === 'failed'));
  if (matrix.layer !== 'data-path' && !failed) return [];
  const first = Math.max(...matrix.rows.map(({ name }) => name.length)) + 2;
  const widths = matrix.columns.map((column) => Math.max(column.length, 2) + 2);
  const whole = indent.length + first + widths.reduce((sum, one) => sum + one, 0);
  if (whole > width) {
    const words = `${matrix.title}: too wide for this terminal; k8slab verify --html report.html shows it.`;
    return wrapText(words, width - indent.length).map((line) => palette.dim(`${indent}${line}`));
  }
  const heading = matrix.columns.map((column, index) => printable(column).padEnd(widths[index] ?? 0));
  return [
    palette.dim(cutTo(`${indent}${' '.repeat(first)}${heading.join('')}`, width).trimEnd()),
    ...matrix.rows.map(({ name, cells }) => {
      const marks = cells.map((cell, index) => mark(cell, palette) + ' '.repeat((widths[index] ?? 1) - 1));
      return `${indent}${printable(name).padEnd(first)}${marks.join('')}`.trimEnd();
    }),
  ];
}

const mark = ({ state }: Cell, palette: Palette): string =>
  ({ ok: palette.green('✓'), failed: palette.red('✗'), none: palette.dim('·') })[state];
