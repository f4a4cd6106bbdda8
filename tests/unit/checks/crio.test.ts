import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Check } from '../../../src/checks/check.js';
import { loadChecks } from '../../../src/collect/loadChecks.js';
import { evaluate } from '../../../src/report/evaluate.js';
import { snapshotOf, type Fixture } from './fixtures.js';

/** Advice names the unit and folders of the lab's own runtime. */
let checks: Check[] = [];
beforeAll(async () => {
  checks = await loadChecks();
});

function fixesOf(changes: Fixture['changes'], base = 'crio-1cp-1w'): string[] {
  const { cluster, snapshot } = snapshotOf(base, changes);
  return evaluate(cluster, snapshot, checks).results.flatMap(({ findings }) =>
    findings.flatMap(({ fix }) => fix ?? []),
  );
}

describe('a lab with CRI-O', () => {
  test('is told how to start and restart CRI-O', () => {
    expect(fixesOf([], 'broken/crio-stopped')).toContain(
      'k8slab ssh worker1 -- sudo systemctl enable --now crio',
    );
    expect(fixesOf([{ path: '/snapshot/machines/worker1/runtime/socket', value: false }])).toContain(
      'k8slab ssh worker1 -- sudo systemctl restart crio',
    );
  });

  test('is told to look where CRI-O has its images', () => {
    const full = [
      { path: '/cluster/provider', value: 'virtualbox' },
      {
        path: '/snapshot/cluster/nodes/1/taints',
        value: ['node.kubernetes.io/disk-pressure:NoSchedule'],
      },
    ];
    expect(fixesOf(full)).toContain('k8slab ssh worker1 -- df -h / /var/lib/containers');
    const old = [...full, { path: '/cluster/runtime/service' }];
    expect(fixesOf(old)).toContain('k8slab ssh worker1 -- df -h / /var/lib/containerd');
  });
});
