import { describe, expect, test } from '@jest/globals';
import { checkFlagValues, explainUsage } from '../../../src/commands/usage.js';

describe('flags that take a value', () => {
  test('are fine once, and --set many times', () => {
    expect(checkFlagValues({ dir: 'lab', provider: 'lxc', set: ['a=1', 'b=2'] })).toBe(true);
  });

  test('are refused twice', () => {
    expect(() => checkFlagValues({ dir: ['a', 'b'] })).toThrow('--dir is given 2 times.');
  });

  test.each(['', '  '])('are refused without a value: %j', (dir) => {
    expect(() => checkFlagValues({ dir })).toThrow('--dir needs a value.');
  });
});

describe('verbs below a verb', () => {
  const explain = (...raw: string[]): { message: string; advice: string[] } =>
    explainUsage('Unknown argument', {
      raw,
      commands: ['create', 'bundle', 'list'],
      below: { bundle: ['create', 'verify', 'list'] },
      flags: ['out', 'json'],
    });

  test('are suggested as a whole', () => {
    const { message, advice } = explain('bundle', 'verfy', '/media/usb');
    expect(message).toBe('There is no command "bundle verfy".');
    expect(advice).toEqual(['Did you mean bundle verify?', 'See: k8slab bundle --help']);
  });

  test('are listed when none is given', () => {
    expect(explain('bundle').message).toBe('Which command of k8slab bundle? There are create, verify, list.');
  });

  test('have flags of their own', () => {
    const { message, advice } = explain('bundle', 'create', '--otu', 'x');
    expect(message).toBe('k8slab bundle create has no flag --otu.');
    expect(advice).toEqual(['Did you mean --out?', 'See: k8slab bundle create --help']);
  });

  test('do not change the verbs above', () => {
    expect(explain('creat').advice[0]).toBe('Did you mean create?');
    expect(explain().message).toBe('Which command?');
  });
});
