import { beforeAll, expect, test } from '@jest/globals';
import type { Check } from '../../../src/checks/check.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { changesBetween } from '../../../src/report/changes.js';
import { evaluate } from '../../../src/report/evaluate.js';
import type { Report } from '../../../src/report/report.js';
import { snapshotOf } from '../checks/fixtures.js';

let checks: Check[] = [];
beforeAll(async () => {
  checks = await loadChecks();
});

function reportOf(base: string): Report {
  const { cluster, snapshot } = snapshotOf(base);
  return evaluate(cluster, snapshot, checks);
}

test('what has appeared, what has gone, and nothing twice', () => {
  const sound = reportOf('probes-1cp-2w');
  const broken = reportOf('broken/probes-path-lost');
  const codes = (some: { code: string }[]): string[] => some.map(({ code }) => code).sort();
  const fall = changesBetween(sound, broken);
  expect(codes(fall.appeared)).toEqual(['K8S_DNS_NO_ANSWER', 'K8S_POD_PATH_LOST']);
  expect(fall.gone).toEqual([]);
  expect(changesBetween(broken, broken)).toEqual({ appeared: [], gone: [], unanswered: [], answered: [] });
  expect(codes(changesBetween(broken, sound).gone)).toEqual(codes(fall.appeared));
});

test('at the first look, everything that is found has appeared', () => {
  const { appeared, gone } = changesBetween(undefined, reportOf('broken/probes-mtu-hole'));
  expect(appeared.map(({ code }) => code)).toEqual(['K8S_POD_PATH_LARGE_LOST']);
  expect(gone).toEqual([]);
});

test('a check that has no answer any more, and has one again', () => {
  const { cluster, snapshot } = snapshotOf('probes-1cp-2w');
  const silent = { ...snapshot };
  delete silent.cluster;
  const before = evaluate(cluster, snapshot, checks);
  const after = evaluate(cluster, silent, checks);
  const { unanswered } = changesBetween(before, after);
  expect(unanswered.map(({ id }) => id)).toContain('nodes-ready');
  expect(changesBetween(after, before).answered).toEqual(unanswered);
});
