import { describe, expect, test } from '@jest/globals';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { evaluate } from '../../../src/report/evaluate.js';
import type { Report } from '../../../src/report/report.js';
import { reportText } from '../../../src/report/text.js';
import { verdict } from '../../../src/report/verdict.js';
import { snapshotOf } from '../checks/fixtures.js';

async function reportOf(base: string, changes: { path: string; value?: unknown }[] = []): Promise<Report> {
  const { cluster, snapshot } = snapshotOf(base, changes);
  return evaluate(cluster, snapshot, await loadChecks());
}

describe('what a plan leaves out', () => {
  test('keeps a lab sound, and is told with what to do next', async () => {
    const report = await reportOf('no-cni-1cp-1w');
    expect(report.sound).toBe(true);
    expect(verdict(report)).toMatch(
      /is sound: \d+ checks passed; what 2 of them find missing, the plan leaves out; \d+ not asked\.$/,
    );
    const text = reportText(report, { width: 100 });
    expect(text).toContain('○ Every node is Ready');
    expect(text).toMatch(/^ +next +k8slab kubectl -- apply/m);
    expect(text).not.toMatch(/^ +(?:fix|cause) /m);
  });

  test('hides nothing else that is wrong', async () => {
    const report = await reportOf('no-cni-1cp-1w', [
      { path: '/snapshot/machines/worker1/kubelet/active', value: 'inactive' },
    ]);
    expect(report.sound).toBe(false);
    expect(verdict(report)).toContain('Begin with GUEST_KUBELET_STOPPED on worker1');
  });

  test('is a fault in a lab that plans it', async () => {
    const report = await reportOf('no-cni-1cp-1w', [{ path: '/cluster/cni/name', value: 'flannel' }]);
    expect(report.sound).toBe(false);
    const codes = report.results.flatMap(({ findings }) => findings.map(({ code }) => code));
    expect(codes).toEqual(expect.arrayContaining(['K8S_NODE_NO_CNI', 'K8S_DNS_WAITS_FOR_CNI']));
  });
});
