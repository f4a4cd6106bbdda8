import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { performancePage, sections } from '../../bench/page.js';

const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/performance.md'), 'utf8');
const ours = page.indexOf('## What the following was measured on');

test('npm run bench keeps the sections that other runs write', () => {
  Object.assign(
    sections,
    Object.fromEntries(Object.keys(sections).map((part) => [part, () => `## ${part}`])),
  );
  const written = performancePage({ processors: '2 × unit-test' }, {}, page);
  expect(written.slice(0, ours)).toBe(page.slice(0, ours));
  expect(written.slice(0, ours)).toContain('<!-- failover: end -->');
  expect(written.slice(ours)).toContain('2 × unit-test');
  expect(written.split('## Failover')).toHaveLength(2);
});
