import { execFileSync } from 'node:child_process';

/** Values that would do harm wherever they are printed without quoting. */
export const hostile = [
  '"; reboot #',
  "'; reboot #",
  '#{exit}',
  '#{`reboot`}',
  '$(id)',
  '${HOME}',
  '`id`',
  '$HOME',
  "it's",
  "''",
  '"',
  '\\',
  "\\'",
  "\\\\'",
  '\\n',
  '%w(a b)',
  '!!js/function x',
  '{{machine.name}}',
  '*alias',
  '&anchor',
  '- item',
  'key: value',
  ' leading and trailing ',
  'null',
  'true',
  '1.30',
  '0x10',
  '~',
  '#comment',
  'ünïcödé 漢字 🚀',
  '</code></pre><script>',
  '',
  'first\nsecond; reboot',
  "first'\nreboot\n'",
];

/** Whether a program can be started here. */
export function program(name: string): boolean {
  try {
    execFileSync(name, ['-c', 'exit 0'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Reads the Ruby literals that we write: single-quoted strings, numbers, booleans and lists of them. Throws on anything else. */
export function decodeRuby(source: string): unknown {
  let position = 0;
  const value = literal();
  if (position !== source.length) throw new Error(`more Ruby than one literal: ${source}`);
  return value;

  function literal(): unknown {
    if (source[position] === '[') return list();
    if (source[position] === "'") return text();
    const bare = /^(true|false|-?\d+(\.\d+)?)/.exec(source.slice(position))?.[0];
    if (bare === undefined) throw new Error(`not a literal: ${source.slice(position)}`);
    position += bare.length;
    return JSON.parse(bare) as unknown;
  }

  function list(): unknown[] {
    const items: unknown[] = [];
    position += 1;
    while (source[position] !== ']') {
      items.push(literal());
      if (source.startsWith(', ', position)) position += 2;
      else if (source[position] !== ']') throw new Error(`list without end: ${source}`);
    }
    position += 1;
    return items;
  }

  function text(): string {
    let result = '';
    for (position += 1; source[position] !== "'"; position += 1) {
      if (position >= source.length) throw new Error(`string without end: ${source}`);
      const next = source[position + 1] ?? '';
      if (source[position] === '\\' && (next === '\\' || next === "'")) position += 1;
      result += source[position] ?? '';
    }
    position += 1;
    return result;
  }
}
