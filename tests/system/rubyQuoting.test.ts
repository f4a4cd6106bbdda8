import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { quoteRuby } from '../../src/render/quote.js';
import { hostile } from '../unit/render/support/languages.js';

test('Ruby reads back exactly the values that were quoted for it', () => {
  const values = hostile.filter((value) => !value.includes('\n'));
  const script = `require 'json'; print JSON.generate([${values.map(quoteRuby).join(', ')}, ${quoteRuby(values)}])`;
  const output = execFileSync('ruby', ['-e', script], {
    encoding: 'utf8',
    env: { ...process.env, LANG: 'C.UTF-8' },
  });
  expect(JSON.parse(output)).toEqual([...values, values]);
});
