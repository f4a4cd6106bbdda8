import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import {
  bareWord,
  codeText,
  commentLines,
  inlineText,
  markdownText,
  quoteJson,
  quoteRuby,
  quoteSh,
  quoteYaml,
} from '../../../src/render/quote.js';
import { decodeRuby, hostile, program } from './support/languages.js';

const oneLine = hostile.filter((value) => !value.includes('\n'));
const refused = [
  'a\nb',
  'a\rb',
  'a\0b',
  'a\u001b[31mb',
  'a\u0085b',
  'a\u2028b',
  'a\u202eb',
  'a\ud800b',
  '\ufeffa',
];
const shells = ['sh', 'bash', 'dash'].filter((shell) => program(shell));
const isWindows = process.platform === 'win32';

describe('shell', () => {
  (isWindows && shells.length === 0 ? test.skip : test)(
    'every shell at hand reads back exactly the value',
    () => {
      expect(shells.length).toBeGreaterThan(0);
      const script = hostile.map((value) => `VALUE=${quoteSh(value)}\nprintf '%s\\0' "$VALUE"\n`).join('');
      for (const shell of shells) {
        const output = execFileSync(shell, ['-c', script], { encoding: 'utf8' });
        expect([shell, ...output.split('\0').slice(0, -1)]).toEqual([shell, ...hostile]);
      }
    },
  );

  test('refuses what no terminal should print, but not line feeds', () => {
    for (const value of refused.filter((text) => !text.includes('\n'))) {
      expect(() => quoteSh(value)).toThrow(expect.objectContaining({ code: 'RENDER_VALUE' }));
    }
    expect(quoteSh('10.0.0.1 a\n10.0.0.2 b')).toBe("'10.0.0.1 a\n10.0.0.2 b'");
  });
});

describe.each([
  ['ruby', quoteRuby, decodeRuby],
  [
    'yaml',
    quoteYaml,
    (text: string): unknown => (parse(`key: ${text} # comment\n`, { strict: true }) as { key: unknown }).key,
  ],
  ['json', quoteJson, (text: string): unknown => JSON.parse(text) as unknown],
] as const)('%s', (_, quote, decode) => {
  test('reads back exactly the value', () => {
    for (const value of oneLine) expect(decode(quote(value))).toBe(value);
    for (const value of [0, 7, -1.5, true, false]) expect(decode(quote(value))).toBe(value);
    expect(decode(quote(oneLine))).toEqual(oneLine);
    expect(decode(quote([]))).toEqual([]);
  });

  test('stays on its line', () => {
    for (const value of oneLine) expect(quote(value)).not.toMatch(/[\r\n]/);
  });

  test.each(refused)('refuses %j and names the character', (value) => {
    expect(() => quote(value)).toThrow(
      expect.objectContaining({
        code: 'RENDER_VALUE',
        message: expect.stringMatching(/U\+[0-9A-F]{4}/),
      }),
    );
    expect(() => quote([value])).toThrow();
  });

  test.each([undefined, null, Number.NaN, Symbol('x'), () => 1])('refuses %p', (value) => {
    expect(() => quote(value)).toThrow(expect.objectContaining({ code: 'RENDER_TEMPLATE' }));
  });
});

describe('formats without quoting', () => {
  test('take plain words only', () => {
    for (const value of ['cp1', '10.0.2.15/24', 'fe80::1', 'a_b@c-d', 6443])
      expect(bareWord(value)).toBe(String(value));
    const words = hostile.filter((value) => /^[\w.]+$/.test(value));
    for (const value of words) expect(bareWord(value)).toBe(value);
    const others = hostile.filter((value) => !words.includes(value));
    for (const value of [...others, '', 'a b', 'ä', 'a,b', '*', 'a;b', '#', '~', '$x', '%i']) {
      expect(() => bareWord(value)).toThrow(expect.objectContaining({ code: 'RENDER_VALUE' }));
    }
  });

  test('comments never end early', () => {
    for (const value of hostile) {
      for (const line of commentLines(value).split('\n')) expect(line).toMatch(/^#/);
      expect(inlineText(value)).not.toMatch(/[\r\n]/);
    }
    expect(() => commentLines('a\rreboot')).toThrow();
    expect(() => inlineText('a\u2028b')).toThrow();
  });

  test('comments are wrapped between words, at 96 columns', () => {
    const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(' ');
    const lines = commentLines(words).split('\n');
    expect(lines.every((line) => line.length <= 96)).toBe(true);
    expect(lines.map((line) => line.slice(2)).join(' ')).toBe(words);
    expect(commentLines('a\n\nb')).toBe('# a\n#\n# b');
    expect(commentLines('x'.repeat(200))).toBe(`# ${'x'.repeat(200)}`);
  });

  test('Markdown text is no markup', () => {
    expect(markdownText('a|b `c` <img src=x> [d](e) *f* _g_ #h &amp;\ni')).toBe(
      String.raw`a\|b \`c\` \<img src=x\> \[d\](e) \*f\* \_g\_ \#h \&amp; i`,
    );
    expect(codeText('```\n`reboot`')).toBe("'''\n'reboot'");
  });
});
