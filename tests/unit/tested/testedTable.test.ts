import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { failoverRow, failoverTable, testedTable, withRows } from '../../support/testedTable.js';

const row = (scenario: string, result: string): string[] => [
  scenario,
  'lxc 5.0.2',
  'Kubernetes 1.36.3',
  result,
  '2026-11-21',
];
const pageOf = (name: string): string =>
  readFileSync(path.resolve(import.meta.dirname, '../../../docs', name), 'utf8');
const page = pageOf('tested.md');
const rows = (text: string): string[] => text.split('\n').filter((line) => line.includes('| 2026-11-21 |'));

describe('the table of docs/tested.md', () => {
  test('the page has the marks between which it is written, and says what VirtualBox is there', () => {
    const written = withRows(page, testedTable, [row('unit-test', 'passed')]);
    expect(written).toContain('| `unit-test` | lxc 5.0.2 | Kubernetes 1.36.3 | passed | 2026-11-21 |');
    expect(written).toContain('**VirtualBox itself has not been run.**');
    expect(written.split('<!-- e2e: end -->')[1]).toBe(page.split('<!-- e2e: end -->')[1]);
  });

  test('a scenario that runs again replaces its row, others keep theirs, sorted by name', () => {
    const bare = '<!-- e2e: begin -->\n<!-- e2e: end -->\n';
    const first = withRows(bare, testedTable, [
      row('kills', 'passed'),
      row('calico', 'passed'),
      row('kills, real', 'passed'),
    ]);
    const second = withRows(first, testedTable, [row('kills', '**failed** at “a | b”')]);
    expect(rows(second)).toEqual([
      '| `calico` | lxc 5.0.2 | Kubernetes 1.36.3 | passed | 2026-11-21 |',
      '| `kills` | lxc 5.0.2 | Kubernetes 1.36.3 | **failed** at “a \\| b” | 2026-11-21 |',
      '| `kills, real` | lxc 5.0.2 | Kubernetes 1.36.3 | passed | 2026-11-21 |',
    ]);
    expect(withRows(second, testedTable, [])).toBe(second);
  });

  test('a page without the marks stays as it is', () => {
    expect(withRows('# Nothing\n', testedTable, [row('kills', 'passed')])).toBe('# Nothing\n');
  });
});

describe('the table of failovers in docs/performance.md', () => {
  test('a row has every round, their median and the worst', () => {
    const outages = [
      { blow: 'its plug is pulled', seconds: 2.84 },
      { blow: 'its haproxy is killed', seconds: 5.8 },
      { blow: 'its keepalived is killed', seconds: 0 },
      { blow: 'its kube-apiserver is killed', seconds: 1.1 },
    ];
    const [preset, rounds, median, worst] = failoverRow({ preset: 'unit-test', outages }, '2026-11-21');
    expect([preset, median, worst]).toEqual(['unit-test', '2.0 s', '5.8 s']);
    expect(rounds).toMatch(/^its plug is pulled: 2\.8; its haproxy is killed: 5\.8; /);
    const written = withRows(pageOf('performance.md'), failoverTable, [
      failoverRow({ preset: 'unit-test', outages }, '2026-11-21'),
    ]);
    expect(written).toMatch(
      /^\| `unit-test` \| its plug is pulled: 2\.8; .* \| 2\.0 s \| 5\.8 s \| 2026-11-21 \|$/m,
    );
  });
});
