import { describe, expect, test } from '@jest/globals';
import { K8slabErrors } from '../../../src/errors/error.js';
import { formatError } from '../../../src/errors/format.js';
import { codesOf, errorsOf, parse } from './expectLab.js';

const payloads = [
  '"; reboot #',
  '#{exit}',
  '$(id)',
  '`id`',
  "'; drop",
  '../../etc/passwd',
  '${HOME}',
  '{{constructor}}',
  '%s%n',
  'a\nb',
  'a\u0000b',
  '\u001b]0;owned\u0007',
  'a\u202eb',
  'naïve',
  'имя',
  '💥',
];

/** Characters that would move the cursor, colour, or reorder text. */
const harmful = (text: string): string[] =>
  Array.from(text).filter((character) => {
    const code = character.codePointAt(0) ?? 0;
    return (code < 0x20 && character !== '\n') || (code >= 0x7f && code <= 0x9f) || code === 0x202e;
  });

describe.each(payloads)('the text %j', (payload) => {
  const quoted = JSON.stringify(payload);
  test.each([
    ['a lab’s name', `name: ${quoted}\n`],
    ['a machine’s name', `workers: {count: 1, machines: [{name: ${quoted}}]}\n`],
    ['an address', `workers: {count: 1, machines: [{address: ${quoted}}]}\n`],
    ['a version', `kubernetes: {version: ${quoted}}\n`],
    ['a range', `networking: {podSubnet: ${quoted}}\n`],
    ['a domain', `networking: {dnsDomain: ${quoted}}\n`],
    ['a box', `box: ${quoted}\n`],
    ['a box’s name', `box: {family: apt, name: ${quoted}}\n`],
    ['a box’s URL', `box: {family: apt, name: a, url: ${quoted}}\n`],
    [
      'a box’s URL at its end',
      `box: {family: apt, name: a, url: ${JSON.stringify(`https://example.org/${payload}`)}}\n`,
    ],
    ['a box’s version', `box: {family: apt, name: a, version: ${quoted}}\n`],
    ['a box’s checksum', `box: {family: apt, name: a, checksum: ${quoted}}\n`],
    ['a provider', `provider: ${quoted}\n`],
    ['a CNI', `cni: ${quoted}\n`],
    ['a CNI’s option', `cni: {encapsulation: ${quoted}}\n`],
    ['memory', `workers: {count: 1, memory: ${quoted}}\n`],
    ['a count', `workers: ${quoted}\n`],
    ['a key', `${quoted}: 1\n`],
  ])('is refused as %s', (what, text) => {
    // A path inside a URL is a path on that server, and `%` and `'` are characters URLs have.
    const harmless = what === 'a box’s URL at its end' && ['../../etc/passwd', '%s%n'].includes(payload);
    if (harmless) return;
    const errors = errorsOf(text);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(harmful(formatError(error))).toEqual([]);
  });

  test('is kept in a description as it is, or refused', () => {
    const text = `description: ${quoted}\n`;
    if (harmful(payload.replace('\n', '\0')).length > 0)
      expect(codesOf(text)).toEqual(['LAB_CONTROL_CHARACTER']);
    else expect(parse(text).lab.description).toBe(payload);
  });
});

describe('prototypes', () => {
  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'])(
    '%s is an unknown key everywhere',
    (key) => {
      expect(codesOf(`${key}: {count: 1}\n`)).toEqual(['LAB_UNKNOWN_KEY']);
      expect(codesOf(`networking: {${key}: {mtu: 1}}\n`)).toEqual(['LAB_UNKNOWN_KEY']);
      expect(codesOf(`cni: {${key}: 1}\n`)).toEqual(['LAB_UNKNOWN_KEY']);
      expect(codesOf('name: x\n', [`networking.${key}.polluted=1`])).toEqual(['LAB_UNKNOWN_KEY']);
    },
  );

  test.each(['__proto__', 'constructor', 'toString'])('%s is no CNI, box or provider', (name) => {
    expect(codesOf(`cni: ${name}\n`)).toEqual(['LAB_VALUE']);
    expect(codesOf(`box: ${name}\n`)).toEqual(['LAB_VALUE']);
    expect(codesOf(`provider: ${name}\n`)).toEqual(['LAB_VALUE']);
  });

  test('nothing is polluted', () => {
    expect(codesOf('__proto__: {polluted: 1}\n')).toEqual(['LAB_UNKNOWN_KEY']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('files that are meant to hurt', () => {
  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    .concat(
      'bcdefghi'.split('').map(
        (key, index) =>
          `${key}: &${key} [${Array(9)
            .fill(`*${'abcdefgh'[index] ?? ''}`)
            .join()}]`,
      ),
    )
    .join('\n');
  const many = 10_000;

  test.each([
    ['10 MB of keys', Array.from({ length: 700_000 }, (_, n) => `key${n}: 1`).join('\n'), 'LAB_TOO_LARGE'],
    ['10 MB in one line', `name: ${'a'.repeat(10_000_000)}`, 'LAB_TOO_LARGE'],
    ['little more than 1 MiB of wide characters', `# ${'ü'.repeat(600_000)}\nworkers: 1`, 'LAB_TOO_LARGE'],
    ['an anchor bomb', bomb, 'LAB_ALIAS'],
    ['half a million brackets', `name: ${'['.repeat(500_000)}`, 'LAB_SYNTAX'],
    ['half a million braces', '{a: '.repeat(250_000), 'LAB_SYNTAX'],
    ['half a million dashes', '- '.repeat(500_000), 'LAB_SYNTAX'],
    ['half a million question marks', '? '.repeat(500_000), 'LAB_SYNTAX'],
    ['stairs', Array.from({ length: 1000 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), 'LAB_SYNTAX'],
    ['ten thousand keys', Array.from({ length: many }, (_, n) => `k${n}:`).join('\n'), 'LAB_UNKNOWN_KEY'],
    ['ten thousand times one key', 'name: x\n'.repeat(many), 'LAB_DUPLICATE_KEY'],
    ['ten thousand machines', `workers:\n  machines:\n${'  - {}\n'.repeat(many)}`, 'LAB_RANGE'],
    ['ten thousand syntax errors', 'a: b: c\n'.repeat(many), 'LAB_SYNTAX'],
    ['ten thousand control characters', `name: ${'\u0001'.repeat(many)}`, 'LAB_CONTROL_CHARACTER'],
    ['a name of a megabyte', `name: ${'a'.repeat(1_000_000)}`, 'LAB_NAME'],
    ['a key of a megabyte', `${'a'.repeat(1000)}: 1\n${'b'.repeat(900_000)}: x`, 'LAB_'],
    [
      'a URL of a megabyte',
      `box: {name: a, family: apt, url: "https://a/${'a'.repeat(1_000_000)}"}`,
      'LAB_BOX_URL',
    ],
    ['a memory of a megabyte', `workers: {count: 1, memory: "${'1'.repeat(1_000_000)}"}`, 'LAB_SIZE'],
  ])('%s end soon, with few errors of bounded length', (_, text, code) => {
    const before = process.cpuUsage();
    const errors = errorsOf(text);
    expect(errors.map((error) => error.code).join()).toContain(code);
    expect(errors.length).toBeLessThanOrEqual(51);
    for (const error of errors) expect(formatError(error).length).toBeLessThan(2000);
    // Seconds of the processor, not of the clock: other programs may keep this host busy.
    expect(process.cpuUsage(before).user / 1e6).toBeLessThan(8);
  });

  test('settings are bounded, too', () => {
    const [error] = errorsOf('name: x\n', [`name=${'a'.repeat(10_000_000)}`]);
    expect(error?.code).toBe('LAB_SETTING');
    expect(error ? formatError(error).length : Infinity).toBeLessThan(2000);
    expect(codesOf('name: x\n', [`${'a.'.repeat(1000)}b=1`])).toEqual(['LAB_SETTING']);
  });

  test('whatever is thrown is an error for people', () => {
    const alphabet = [
      'a',
      ':',
      ' ',
      '\n',
      '-',
      '[',
      ']',
      '{',
      '}',
      '"',
      "'",
      '#',
      '&',
      '*',
      '!',
      '|',
      '>',
      '?',
      ',',
      '%',
      '\t',
      'workers',
      'cni',
      '1',
      '<<',
      '.',
    ];
    let seed = 42;
    const next = (bound: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed % bound;
    };
    for (let round = 0; round < 600; round += 1) {
      const text = Array.from({ length: next(40) }, () => alphabet[next(alphabet.length)]).join('');
      try {
        parse(text);
      } catch (error) {
        if (!(error instanceof K8slabErrors))
          throw new Error(`not for people: ${JSON.stringify(text)}`, { cause: error });
        for (const one of error.errors) expect(one.where).toBeDefined();
      }
    }
  });
});
