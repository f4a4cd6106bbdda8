import { describe, expect, test } from '@jest/globals';
import { checkFlagValues } from '../../../src/commands/usage.js';

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
