import { describe, expect, test } from '@jest/globals';
import { check } from '../../../src/checks/calico-addresses/check.js';
import type { Finding } from '../../../src/checks/check.js';
import { snapshotOf } from './fixtures.js';

/** What is found on a real cluster that used first-found, had its lab chosen these options. */
function findings(options: Record<string, string>): Finding[] {
  const changes = Object.entries(options).map(([name, value]) => ({
    path: `/cluster/cni/options/${name}`,
    value,
  }));
  const { cluster, snapshot } = snapshotOf('broken/calico-first-found', changes);
  const answer = check.evaluate(cluster, snapshot);
  return Array.isArray(answer) ? answer : (answer.findings ?? []);
}

const ofMethod = ({ evidence }: Finding): string[] =>
  evidence.filter((line) => line.startsWith('cni.autodetection'));

describe('what Calico chose is told with the method that chose it', () => {
  test('first-found, which does just that', () => {
    const found = findings({ autodetection: 'first-found' });
    expect(found).toHaveLength(3);
    for (const finding of found) {
      expect(finding.severity).toBe('failed');
      expect(ofMethod(finding)).toEqual([
        'cni.autodetection of this lab: first-found: it takes the first adapter, which is NAT on every machine. This lab asks for it, to show this',
      ]);
    }
  });

  test('another one, which must have been changed by hand', () => {
    for (const finding of findings({ autodetection: 'cidr' }))
      expect(ofMethod(finding)).toEqual(['cni.autodetection of this lab: cidr']);
  });
});

describe('what mends it', () => {
  test('is the DaemonSet’s variable', () => {
    const fixes = findings({ autodetection: 'first-found' }).map(({ fix }) => fix?.[0]);
    expect(new Set(fixes)).toEqual(
      new Set([
        'k8slab kubectl -- -n kube-system set env daemonset/calico-node -c calico-node IP_AUTODETECTION_METHOD=can-reach=192.168.56.10',
      ]),
    );
  });

  test('is the Installation where the operator would put the variable back', () => {
    const [first = ''] = findings({ install: 'operator' })[0]?.fix ?? [];
    const patch = /--patch '(.*)'$/.exec(first)?.[1] ?? '{}';
    expect(JSON.parse(patch)).toEqual({
      spec: {
        calicoNetwork: {
          nodeAddressAutodetectionV4: {
            canReach: '192.168.56.10',
            cidrs: null,
            firstFound: null,
            interface: null,
            kubernetes: null,
          },
        },
      },
    });
    expect(first).toContain('patch installation default --type merge');
  });
});
