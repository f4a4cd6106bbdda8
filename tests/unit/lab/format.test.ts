import { describe, expect, test } from '@jest/globals';
import { K8slabError } from '../../../src/errors/error.js';
import { errorToJson, formatError } from '../../../src/errors/format.js';
import { plainPalette } from '../../../src/errors/palette.js';
import { errorsOf } from './expectLab.js';

const esc = '\u001b';

/** The column the first caret stands in, counted from where the line's own text starts. */
function caretColumn(printed: string): number {
  const lines = printed.split('\n');
  const carets = lines.find((line) => /^[\s|]*\^+$/.test(line)) ?? '';
  return carets.indexOf('^') - carets.indexOf('|') - 2;
}

describe('an error as text', () => {
  test('has code, message, place, line, caret, fixes and where to read on', () => {
    const [error] = errorsOf('name: x\nnetworking:\n  podSubnet: 172.30.7.0/16\n');
    expect(error && formatError(error)).toBe(
      [
        'LAB_HOST_BITS  `networking.podSubnet` has host bits set: a /16 around 172.30.7.0 starts at 172.30.0.0.',
        '  lab.yaml:3:14',
        '  3  |   podSubnet: 172.30.7.0/16',
        '     |              ^^^^^^^^^^^^^',
        '',
        '  → Did you mean 172.30.0.0/16?',
        '',
        '  More about it: k8slab explain LAB_HOST_BITS',
      ].join('\n'),
    );
  });

  test('of a setting shows the argument', () => {
    const [error] = errorsOf('name: x\n', ['workers.memroy=2GiB']);
    const lines = (error ? formatError(error) : '').split('\n');
    expect(lines.slice(1, 4)).toEqual(['  --set', '    | workers.memroy=2GiB', '    |         ^^^^^^']);
  });

  test('shows several lines of a fix, and raw output indented', () => {
    const error = new K8slabError('LAB_SYNTAX', 'No.', { fix: ['networking:\n  mtu: 1'], raw: 'one\ntwo\n' });
    expect(formatError(error).split('\n').slice(1, -2)).toEqual([
      '',
      '  → networking:',
      '      mtu: 1',
      '',
      '    one',
      '    two',
    ]);
  });

  test('colours only through the palette', () => {
    const palette = { ...plainPalette, red: (text: string) => `<red>${text}</red>` };
    const [error] = errorsOf('name: X\n');
    expect(error && formatError(error, palette)).toContain('<red>LAB_NAME</red>');
    expect(error && formatError(error)).not.toContain('<red>');
  });

  test('keeps the caret under the mistake in a very long line', () => {
    const text = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`;
    const where = { file: 'lab.yaml', line: 12, column: 5001, text, length: 4 };
    const printed = formatError(new K8slabError('LAB_SYNTAX', 'No.', { where }));
    const shown = printed.split('\n')[2]?.replace('  12  | ', '') ?? '';
    expect(shown.length).toBeLessThan(110);
    expect(shown.slice(caretColumn(printed), caretColumn(printed) + 4)).toBe('HERE');
    expect(printed).toContain('lab.yaml:12:5001');
    expect(shown).toMatch(/^….*…$/);
  });

  test('never underlines beyond what is shown', () => {
    const where = { file: 'lab.yaml', line: 1, column: 3, text: 'x'.repeat(9000), length: 8000 };
    const printed = formatError(new K8slabError('LAB_SYNTAX', 'No.', { where }));
    for (const line of printed.split('\n')) expect(line.length).toBeLessThan(120);
  });

  test.each([
    ['tabs', '\tname: x', 2, 'name: x'],
    ['wide characters', '日本: x', 5, 'x'],
    ['combining marks', 'e\u0301e\u0301: x', 7, 'x'],
  ])('counts %s as the terminal does', (_, text, column, rest) => {
    const where = { file: 'lab.yaml', line: 1, column, text };
    const printed = formatError(new K8slabError('LAB_SYNTAX', 'No.', { where }));
    const shown = printed.split('\n')[2]?.replace('  1  | ', '') ?? '';
    const wide = Array.from(shown).reduce(
      (sum, letter) => sum + (/[日本]/.test(letter) ? 2 : /\p{Mark}/u.test(letter) ? 0 : 1),
      0,
    );
    expect(caretColumn(printed)).toBe(wide - rest.length);
  });

  test('cannot drive the terminal', () => {
    const hostile = `${esc}]0;owned\u0007${esc}[2J\u202e\u009b31m\rgone`;
    const where = { file: hostile, line: 1, column: 1, text: hostile };
    const printed = formatError(
      new K8slabError('LAB_SYNTAX', hostile, { where, fix: [hostile], raw: hostile }),
    );
    const harmful = Array.from(printed).filter((character) => {
      const code = character.codePointAt(0) ?? 0;
      return (code < 32 && character !== '\n') || (code >= 0x7f && code < 0xa0) || code === 0x202e;
    });
    expect(harmful).toEqual([]);
    expect(printed).toContain('\\x1b]0;owned\\x07');
  });
});

describe('an error as JSON', () => {
  test('has the place flat', () => {
    const [error] = errorsOf('name: X\n');
    expect(error && errorToJson(error)).toEqual({
      code: 'LAB_NAME',
      message: expect.stringContaining('DNS label'),
      file: 'lab.yaml',
      line: 1,
      column: 7,
      length: 1,
      text: 'name: X',
      fix: ['name: x'],
    });
  });

  test('leaves out what there is not', () => {
    expect(errorToJson(new K8slabError('LAB_SYNTAX', 'No.', { fix: [], raw: 'r' }))).toEqual({
      code: 'LAB_SYNTAX',
      message: 'No.',
      fix: [],
      raw: 'r',
    });
  });

  test('does not repeat a megabyte', () => {
    const [error] = errorsOf(`name: ${'X'.repeat(900_000)}\n`);
    expect(JSON.stringify(error && errorToJson(error)).length).toBeLessThan(3000);
  });
});
