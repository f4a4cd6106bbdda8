import { describe, expect, test } from '@jest/globals';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { evaluate } from '../../../src/report/evaluate.js';
import { select, type Selection } from '../../../src/report/select.js';
import { snapshotOf } from '../checks/fixtures.js';

const nothing: Selection = { layers: [], only: [], skip: [] };

async function reportOf(base: string) {
  const { cluster, snapshot } = snapshotOf(base);
  return evaluate(cluster, snapshot, await loadChecks());
}

const codesOf = ({ results }: Awaited<ReturnType<typeof reportOf>>): string[] => [
  ...new Set(results.flatMap(({ findings }) => findings.map(({ code }) => code))),
];

describe('a part of a report', () => {
  test('nothing asked for is all of it', async () => {
    const report = await reportOf('broken/calico-first-found');
    expect(select(report, nothing)).toEqual(report);
  });

  test('layers: only their checks, and the verdict on them', async () => {
    const report = await reportOf('broken/calico-first-found');
    const part = select(report, { ...nothing, layers: ['machine', 'runtime'] });
    expect(new Set(part.results.map(({ layer }) => layer))).toEqual(new Set(['machine', 'runtime']));
    expect([report.sound, part.sound]).toEqual([false, true]);
  });

  test('only one code: its check alone', async () => {
    const part = select(await reportOf('broken/calico-first-found'), {
      ...nothing,
      only: ['K8S_CALICO_ADDRESS_NAT'],
    });
    expect(codesOf(part)).toEqual(['K8S_CALICO_ADDRESS_NAT']);
    expect(part.results.map(({ id, status }) => [id, status])).toEqual([['calico-addresses', 'failed']]);
    expect(part.sound).toBe(false);
  });

  test('without a code: everything else; a check that found nothing else is not called ok', async () => {
    const report = await reportOf('broken/cordoned');
    const codes = codesOf(report);
    const [skipped] = report.results.flatMap(({ findings }) => findings);
    if (skipped === undefined) throw new Error('The snapshot has no finding.');
    const part = select(report, { ...nothing, skip: [skipped.code] });
    expect(codesOf(part)).toEqual(codes.filter((code) => code !== skipped.code));
    expect(part.results.length).toBeLessThan(report.results.length);
  });

  test('what has no answer stays without one', async () => {
    const report = await reportOf('broken/api-restarting');
    const part = select(report, { ...nothing, only: ['GUEST_SWAP_ON'] });
    expect(part.results.length).toBeGreaterThan(0);
    expect(new Set(part.results.map(({ status }) => status))).toEqual(new Set(['unknown']));
    expect(part.sound).toBe(false);
  });
});
