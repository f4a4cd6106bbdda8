import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Check } from '../../../src/checks/check.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { catalogue } from '../../../src/errors/catalogue/index.js';
import { guestEntries } from '../../../src/errors/catalogue/guest.js';
import { k8sEntries } from '../../../src/errors/catalogue/k8s.js';
import { evaluate } from '../../../src/report/evaluate.js';
import type { CheckResult } from '../../../src/report/report.js';
import { allFixtures, baseNames, snapshotOf, type Fixture } from './fixtures.js';

const fixtures = allFixtures();
let checks: Check[] = [];
beforeAll(async () => {
  checks = await loadChecks();
});

function resultOf(fixture: Fixture): CheckResult {
  const { cluster, snapshot } = snapshotOf(fixture.base, fixture.changes);
  const result = evaluate(cluster, snapshot, checks).results.find((entry) => entry.id === fixture.check);
  if (!result) throw new Error(`${fixture.check} does not apply to ${fixture.base}`);
  return result;
}

const codesIn = (results: CheckResult[]): string[] =>
  results.flatMap((result) => result.findings.map((finding) => finding.code));

const sorted = (findings: { code: string; machine?: string }[]): string[] =>
  findings.map(({ code, machine }) => `${code} ${machine ?? '-'}`).sort();

describe('sound snapshots', () => {
  test.each(baseNames())('%s is sound without a warning', (base) => {
    const { cluster, snapshot } = snapshotOf(base);
    const report = evaluate(cluster, snapshot, checks);
    // Snapshots taken without pods of our own say nothing of what only those find out.
    const wanted = snapshot.probes ? ['ok'] : ['ok', 'skipped'];
    expect(report.results.filter(({ status }) => !wanted.includes(status))).toEqual([]);
    expect(report.sound).toBe(true);
    expect(report.results.length).toBeGreaterThan(8);
  });
});

describe('every fixture', () => {
  test.each(fixtures.map((fixture): [string, Fixture] => [`${fixture.check}/${fixture.file}`, fixture]))(
    '%s gives what it expects',
    (_, fixture) => {
      const result = resultOf(fixture);
      expect(sorted(result.findings)).toEqual(sorted(fixture.expect));
      expect(result.reason === undefined).toBe(!fixture.unknown);
    },
  );

  test.each(
    fixtures
      .filter((fixture) => fixture.expect.length > 0)
      .map((fixture): [string, Fixture] => [`${fixture.check}/${fixture.file}`, fixture]),
  )('%s would pass without its check', (_, fixture) => {
    const { cluster, snapshot } = snapshotOf(fixture.base, fixture.changes);
    const others = checks.filter((check) => check.id !== fixture.check);
    const without = codesIn(evaluate(cluster, snapshot, others).results);
    for (const { code } of fixture.expect) expect(without).not.toContain(code);
  });
});

describe('every check', () => {
  test('has a fixture that passes and one that fails', () => {
    const lacking = checks.filter((check) => {
      const own = fixtures.filter((fixture) => fixture.check === check.id);
      const passing = own.some((fixture) => fixture.expect.length === 0 && !fixture.unknown);
      return !passing || !own.some((fixture) => fixture.expect.length > 0);
    });
    expect(lacking.map((check) => check.id)).toEqual([]);
  });

  test('names only checks that exist as its causes', () => {
    const ids = checks.map((check) => check.id);
    for (const check of checks) {
      for (const cause of [...(check.follows?.here ?? []), ...(check.follows?.anywhere ?? [])]) {
        expect(ids).toContain(cause);
        expect(cause).not.toBe(check.id);
      }
    }
  });

  test('is pure: the same answer twice, nothing changed', () => {
    for (const base of baseNames()) {
      const { cluster, snapshot } = snapshotOf(base);
      const before = JSON.stringify({ cluster, snapshot });
      const once = evaluate(cluster, snapshot, checks);
      expect(evaluate(cluster, snapshot, checks)).toEqual(once);
      expect(JSON.stringify({ cluster, snapshot })).toBe(before);
    }
  });

  test('survives machines of which nothing is known', () => {
    for (const base of baseNames()) {
      const { cluster, snapshot } = snapshotOf(base);
      const names = Object.keys(snapshot.machines);
      const bare = Object.fromEntries(names.map((name) => [name, { reachable: true }]));
      const gone = Object.fromEntries(names.map((name) => [name, { reachable: false }]));
      for (const machines of [bare, gone, {}]) {
        const { results } = evaluate(cluster, { ...snapshot, machines }, checks);
        expect(results.filter((result) => result.reason?.includes('check itself'))).toEqual([]);
      }
      const silent = { ...snapshot, machines: gone };
      delete silent.cluster;
      delete silent.probes;
      const report = evaluate(cluster, silent, checks);
      expect(report.sound).toBe(false);
      expect(
        report.results.filter((result) => result.id !== 'reachable').map((result) => result.status),
      ).not.toContain('ok');
    }
  });

  test('is found in the order of its layers, the reachable one first', () => {
    expect(checks[0]?.id).toBe('reachable');
    expect(checks.at(-1)?.layer).toBe('workload');
  });
});

describe('every code of a finding', () => {
  const notFindings = new Set(['GUEST_SNAPSHOT_INVALID', 'GUEST_DURATION_INVALID']);
  const codes = [...Object.keys(guestEntries), ...Object.keys(k8sEntries)].filter(
    (code) => !notFindings.has(code),
  );

  test('is expected by a fixture', () => {
    const expected = new Set(fixtures.flatMap((fixture) => fixture.expect.map(({ code }) => code)));
    expect(codes.filter((code) => !expected.has(code))).toEqual([]);
  });

  test('means exit status 1, unless the plan leaves out what is missing', () => {
    const leftOut = new Set(['K8S_NODE_NO_CNI_PLANNED', 'K8S_DNS_NO_CNI_PLANNED']);
    for (const code of codes) {
      const { exit } = catalogue[code as keyof typeof catalogue];
      expect({ code, exit }).toEqual({ code, exit: leftOut.has(code) ? 0 : 1 });
    }
  });
});

test('no check reads the host, the clock or chance', () => {
  for (const { id } of checks) {
    const text = readFileSync(new URL(`../../../src/checks/${id}/check.ts`, import.meta.url), 'utf8');
    expect(text).not.toMatch(/Date\.now|new Date\(\)|Math\.random|process\./);
  }
});
