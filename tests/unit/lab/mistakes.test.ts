import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { formatError } from '../../../src/errors/format.js';
import { K8slabErrors } from '../../../src/errors/error.js';
import { parseLab } from '../../../src/lab/parse.js';
import { testAssets } from './assets.js';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/labs/${name}`, import.meta.url), 'utf8');

test('a lab with many mistakes is told them all, in the order of the file', () => {
  const said = (): string => {
    try {
      parseLab(fixture('mistakes.yaml'), 'mistakes.yaml', testAssets());
    } catch (error) {
      if (error instanceof K8slabErrors) return error.errors.map((one) => formatError(one)).join('\n\n');
      throw error;
    }
    return 'accepted';
  };
  expect(`${said()}\n`).toBe(fixture('mistakes.txt'));
});
