import type { Finding, Span } from './findings.js';

/** One `--set path=value`. */
export interface Setting {
  path: { text: string; span: Span }[];
  value: string | number | boolean;
  valueSpan: Span;
  whole: Span;
}

const longest = 4096;
const deepest = 8;

/**
 * Takes `workers.memory=2GiB`; gives its path and value, or what is wrong with it.
 * Whole numbers and `true`/`false` are what they look like; all else is text, and so is anything in quotes.
 */
export function parseSetting(text: string): Setting | Finding {
  const wrong = (message: string, from = 0, to = text.length): Finding => ({
    code: 'LAB_SETTING',
    message,
    fix: ['Write path=value, such as --set workers.memory=2GiB'],
    span: { from, to, setting: text.slice(0, longest) },
  });
  if (text.length > longest)
    return wrong(`A setting has at most ${longest} characters; this one has ${text.length}.`, 0, 1);
  const equals = text.indexOf('=');
  if (equals === -1) return wrong('There is no `=` in the setting.');
  const path = segments(text, equals);
  const empty = path.find((segment) => segment.text === '');
  if (empty) return wrong('There is an empty name in the path.', empty.span.from, empty.span.to);
  if (path.length > deepest) return wrong(`The path has more than ${deepest} names.`, 0, equals);
  return {
    path,
    value: plainValue(text.slice(equals + 1)),
    valueSpan: { from: equals + 1, to: text.length, setting: text },
    whole: { from: 0, to: text.length, setting: text },
  };
}

function segments(text: string, end: number): Setting['path'] {
  let from = 0;
  return text
    .slice(0, end)
    .split('.')
    .map((segment) => {
      const span = { from, to: from + segment.length, setting: text };
      from += segment.length + 1;
      return { text: segment.trim(), span };
    });
}

function plainValue(text: string): string | number | boolean {
  if (/^-?(?:0|[1-9]\d{0,14})$/.test(text)) return Number(text);
  if (text === 'true' || text === 'false') return text === 'true';
  const quoted = /^"(?<double>[^"]*)"$|^'(?<single>[^']*)'$/.exec(text)?.groups;
  return quoted?.double ?? quoted?.single ?? text;
}
