import type { K8slabError, Place } from './error.js';
import { plainPalette, type Palette } from './palette.js';

/** Widest piece of a line that is shown. */
const widest = 100;
const gutter = '  | ';
/** Most characters of a line that JSON output repeats. */
const longestText = 1000;

/**
 * The error as people read it: code and message, the place with its line and a caret, what to do, and the raw text of
 * the program that failed. Text from outside is escaped: it cannot drive the terminal.
 */
export function formatError(error: K8slabError, palette: Palette = plainPalette): string {
  const lines = [`${palette.red(palette.bold(error.code))}  ${escapeLines(error.message).join('\n  ')}`];
  if (error.where) lines.push(...formatPlace(error.where, palette));
  if (error.fix.length > 0) lines.push(...formatFixes(error.fix, palette));
  if (error.raw !== undefined && error.raw.trim() !== '') {
    lines.push('', ...escapeLines(error.raw.trimEnd()).map((line) => palette.dim(`    ${line}`)));
  }
  lines.push('', palette.dim(`  More about it: k8slab explain ${error.code}`));
  return lines.join('\n');
}

/** The error as one JSON object of `--json` output. */
export interface JsonError {
  code: string;
  message: string;
  file?: string;
  line?: number;
  column?: number;
  /** Number of characters the mistake has. */
  length?: number;
  text?: string;
  fix: string[];
  raw?: string;
}

/** The error as plain data; what a missing value does not apply to is left out. */
export function errorToJson({ code, message, where, fix, raw }: K8slabError): JsonError {
  const { file, line, column, length = 1, text } = where ?? {};
  return {
    code,
    message,
    ...(file !== undefined && { file }),
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column }),
    ...(where && { length }),
    ...(text !== undefined && { text: text.slice(0, longestText) }),
    fix,
    ...(raw !== undefined && { raw }),
  };
}

function formatPlace(where: Place, palette: Palette): string[] {
  const { shown, column, length } = excerpt(where);
  const number = String(where.line);
  const caret = ' '.repeat(column) + '^'.repeat(Math.max(1, length));
  const name = where.file === '--set' ? '--set' : `${escapeText(where.file)}:${number}:${where.column}`;
  const margin = where.file === '--set' ? '' : number;
  return [
    `  ${palette.cyan(name)}`,
    `  ${palette.dim(`${margin}${gutter}`)}${shown}`,
    `  ${palette.dim(`${' '.repeat(margin.length)}${gutter}`)}${palette.red(caret)}`,
  ];
}

/** The part of a line around the mistake, escaped; column and length count characters as shown. */
function excerpt({ text, column, length = 1 }: Place): { shown: string; column: number; length: number } {
  const start = Math.max(0, column - 1);
  const from = start < widest - 20 ? 0 : start - 20;
  const to = Math.min(text.length, from + widest);
  const before = `${from > 0 ? '…' : ''}${escapeText(text.slice(from, start))}`;
  const marked = escapeText(text.slice(start, Math.min(to, start + length)));
  const after = `${escapeText(text.slice(start + length, to))}${to < text.length ? '…' : ''}`;
  return { shown: before + marked + after, column: widthOf(before), length: widthOf(marked) };
}

function formatFixes(fixes: readonly string[], palette: Palette): string[] {
  return [
    '',
    ...fixes.flatMap((fix) => {
      const [first = '', ...rest] = escapeLines(fix);
      return [`  ${palette.green('→')} ${first}`, ...rest.map((line) => `    ${line}`)];
    }),
  ];
}

function escapeLines(text: string): string[] {
  return text.split(/\r?\n/).map(escapeText);
}

/** Code points that move the cursor, colour, or reorder what follows: C0, C1, separators, bidirectional marks. */
function isHarmful(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code <= 0x9f) ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    code === 0xfeff
  );
}

/** Control characters become visible: ESC is shown as \x1b. A tab becomes two spaces. */
function escapeText(text: string): string {
  return Array.from(text, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\t') return '  ';
    if (!isHarmful(code)) return character;
    const digits = code.toString(16);
    return code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`;
  }).join('');
}

/** Columns a text takes on a terminal: East Asian wide characters and emoji take two, combining marks none. */
function widthOf(text: string): number {
  return Array.from(text).reduce((sum, character) => {
    if (/\p{Mark}/u.test(character)) return sum;
    const wide =
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
    return sum + (wide.test(character) || /\p{Emoji_Presentation}/u.test(character) ? 2 : 1);
  }, 0);
}
