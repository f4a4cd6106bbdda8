import type { Finding } from './findings.js';

/** A lab of 90 machines, every field written, is a tenth of this. */
const largestBytes = 1024 * 1024;
/** Nesting of a lab is 4 deep; a parser that recurses must be kept from much more. */
const deepest = 32;
const mostControlCharacters = 5;

/** Inclusive ranges of code points that are never meant. */
const forbidden: readonly (readonly [number, number])[] = [
  // C0 and C1 controls, apart from tab and line feed.
  [0x00, 0x08],
  [0x0b, 0x1f],
  [0x7f, 0x9f],
  // Line and paragraph separators, and a byte order mark in the middle.
  [0x2028, 0x2029],
  [0xfeff, 0xfeff],
  // Marks that reorder text on screen: a file must read the way it acts.
  [0x202a, 0x202e],
  [0x2066, 0x2069],
];

/** Whether a UTF-16 code unit is a control character or reorders text on screen; tab and line feed are not. */
function isForbidden(code: number): boolean {
  return forbidden.some(([first, last]) => code >= first && code <= last);
}

/** Takes a file's text as it was read; gives it with LF line ends and without a byte order mark. */
export function normalizeText(text: string): string {
  return (text.startsWith('\ufeff') ? text.slice(1) : text).replaceAll('\r\n', '\n');
}

/** What forbids parsing a text at all. Takes normalised text; gives nothing when it may be parsed. */
export function unreadable(text: string): Finding[] {
  const bytes = text.length > largestBytes ? text.length : new TextEncoder().encode(text).length;
  if (bytes > largestBytes) {
    return [
      {
        code: 'LAB_TOO_LARGE',
        message: `The file has ${bytes} bytes or more; a lab file has at most ${largestBytes} (1 MiB).`,
        span: { from: 0, to: 1 },
      },
    ];
  }
  return [...binary(text), ...(text.includes('\0') ? [] : controlCharacters(text)), ...nesting(text)];
}

function binary(text: string): Finding[] {
  const zero = text.indexOf('\0');
  const at = zero === -1 ? text.indexOf('\ufffd') : zero;
  if (at === -1) return [];
  return [
    {
      code: 'LAB_NOT_TEXT',
      message:
        zero === -1
          ? 'The file is not UTF-8 text: it has bytes that stand for no character.'
          : 'The file has NUL characters: it is binary, or saved as UTF-16.',
      span: { from: at, to: at + 1 },
    },
  ];
}

function controlCharacters(text: string): Finding[] {
  const findings: Finding[] = [];
  for (let at = 0; at < text.length && findings.length < mostControlCharacters; at += 1) {
    if (!isForbidden(text.charCodeAt(at))) continue;
    findings.push({
      code: 'LAB_CONTROL_CHARACTER',
      message: `There is an invisible character, ${codePoint(text[at] ?? '')}, in the file.`,
      fix: ['Delete it; it may have come along with copied text.'],
      span: { from: at, to: at + 1 },
    });
  }
  return findings;
}

/** `U+001B` */
export function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** The first control, line-end or reordering character of a value, if there is one. */
export function invisibleCharacter(value: string): string | undefined {
  return Array.from(value).find((character) => character < ' ' || isForbidden(character.charCodeAt(0)));
}

function nesting(text: string): Finding[] {
  const at = tooDeep(text);
  if (at === undefined) return [];
  return [
    {
      code: 'LAB_SYNTAX',
      message: `The file is nested more than ${deepest} levels deep here; a lab needs four.`,
      fix: ['Compare with a preset: k8slab show 1cp-2w'],
      span: { from: at, to: at + 1 },
    },
  ];
}

function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '[' || character === '{') depth += 1;
    else if ((character === ']' || character === '}') && depth > 0) depth -= 1;
    if (depth > deepest) return at;
  }
  const block = new RegExp(`^ {${deepest * 8}}|(?:[-?:][ \\t]+){${deepest}}`, 'm').exec(text);
  return block?.index;
}
