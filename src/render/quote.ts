import { K8slabError } from '../errors/error.js';

/**
 * Quoting for every language that generated files are written in. A value leaves these functions either as
 * a literal that the language reads back as exactly that value, or not at all (RENDER_VALUE).
 */

/** Control characters, line and paragraph separators, byte order mark, bidirectional overrides. */
const unprintable = /[\p{Cc}\u2028\u2029\ufeff\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;
const plainWord = /^[A-Za-z0-9._:/@-]+$/;
const commentWidth = 96;

type Scalar = string | number | boolean;

/** POSIX shell: single quotes; nothing is expanded inside. Line feeds are allowed. */
export function quoteSh(value: unknown): string {
  const text = String(scalar(value));
  refuseUnprintable(text, '\n');
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Ruby: single-quoted strings, in which nothing is interpolated; numbers, booleans and lists of these as they are. */
export function quoteRuby(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quoteRuby).join(', ')}]`;
  const literal = scalar(value);
  if (typeof literal !== 'string') return String(literal);
  refuseUnprintable(literal);
  return `'${literal.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}

/** YAML 1.2: strings as double-quoted scalars in JSON's form, numbers and booleans bare, lists in flow style. */
export function quoteYaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(quoteYaml).join(', ')}]`;
  return quoteJson(scalar(value));
}

/** JSON of any plain value. */
export function quoteJson(value: unknown): string {
  checkDeep(value);
  return JSON.stringify(value);
}

/** A word for formats without quoting (haproxy, keepalived, systemd units): letters, digits and `._:/@-` only. */
export function bareWord(value: unknown): string {
  const text = String(scalar(value));
  if (!plainWord.test(text)) {
    throw new K8slabError(
      'RENDER_VALUE',
      `${shown(text)} cannot be written there: only letters, digits and . _ : / @ - are possible.`,
    );
  }
  return text;
}

/** Text as `# ` comment lines, wrapped at 96 columns; its own line feeds stay, and no line leaves the comment. */
export function commentLines(value: unknown): string {
  const text = String(scalar(value));
  refuseUnprintable(text, '\n\t');
  return text
    .split('\n')
    .flatMap((line) => wrap(line, commentWidth - 2))
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
}

/** Text on one line, for the middle of a comment. */
export function inlineText(value: unknown): string {
  const text = String(scalar(value));
  refuseUnprintable(text, '\n\t');
  return text.replaceAll(/\s+/g, ' ').trim();
}

/** Text for Markdown prose or a table cell, on one line; nothing in it is markup. */
export function markdownText(value: unknown): string {
  return inlineText(value).replaceAll(/[\\`*_{}[\]<>#|~!&]/g, String.raw`\$&`);
}

/** Text for a Markdown code span or fenced block: backticks, which would end it, become quotes. */
export function codeText(value: unknown): string {
  const text = String(scalar(value));
  refuseUnprintable(text, '\n');
  return text.replaceAll('`', "'");
}

function scalar(value: unknown): Scalar {
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const kind = value === null ? 'null' : typeof value;
  throw new K8slabError('RENDER_TEMPLATE', `The value is missing or not plain (${kind}).`);
}

function refuseUnprintable(text: string, allowed = ''): void {
  for (const character of text) {
    if (unprintable.test(character) && !allowed.includes(character)) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      throw new K8slabError(
        'RENDER_VALUE',
        `${shown(text)} holds the character U+${code}, which cannot be printed.`,
      );
    }
  }
}

function checkDeep(value: unknown): void {
  if (typeof value === 'string') refuseUnprintable(value);
  else if (Array.isArray(value)) value.forEach(checkDeep);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      refuseUnprintable(key);
      checkDeep(item);
    }
  } else scalar(value);
}

function shown(text: string): string {
  const start = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return JSON.stringify(start);
}

function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of line.split(/\s+/).filter((part) => part !== '')) {
    if (current !== '' && current.length + 1 + word.length > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}

/** HTML and XML, as text or inside a quoted attribute; what neither may hold is shown as `\uFFFD`. */
export function htmlText(value: unknown): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return String(scalar(value))
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu, '\uFFFD')
    .replace(/[&<>"']/g, (character) => entities[character] ?? character);
}
