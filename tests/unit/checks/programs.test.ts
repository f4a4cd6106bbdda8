import { describe, expect, test } from '@jest/globals';
import { lookAtProgram, repair } from '../../../src/checks/advice.js';
import type { Finding } from '../../../src/checks/check.js';
import { check } from '../../../src/checks/programs/check.js';
import { allFixtures, snapshotOf } from './fixtures.js';

/** What the check of programs says, and what is advised where: as units, and as static pods. */
function findingsOf(file: string): Finding[] {
  const fixture = allFixtures().find((one) => one.check === 'programs' && one.file === file);
  if (!fixture) throw new Error(`there is no fixture ${file}`);
  const { cluster, snapshot } = snapshotOf(fixture.base, fixture.changes);
  const answer = check.evaluate(cluster, snapshot);
  return Array.isArray(answer) ? answer : [];
}

describe('a program that ends', () => {
  test('is told with its own last words, the message of JSON alone', () => {
    const [etcd] = findingsOf('static-pod-failing.json');
    expect(etcd?.evidence.at(-1)).toBe(
      'discovery failed: listen tcp 192.168.57.11:2380: bind: cannot assign requested address',
    );
  });

  test('follows from one that it needs', () => {
    const [etcd, apiServer] = findingsOf('static-pod-failing.json');
    expect(etcd).not.toHaveProperty('consequenceOf');
    expect(apiServer).toMatchObject({ consequenceOf: ['K8S_PROGRAM_FAILING'] });
  });
});

describe('advice', () => {
  test('names no static pod, kubeadm or crictl where there are none', () => {
    const { cluster } = snapshotOf('hard-way-3cp-3w');
    const said = [
      ...findingsOf('units-real.json').flatMap(({ fix, message, evidence }) => [
        ...(fix ?? []),
        message,
        ...evidence,
      ]),
      ...lookAtProgram(cluster, 'cp1', 'kube-apiserver'),
      ...(['coredns', 'nodeIp', 'unusedImages'] as const).map((what) =>
        repair(cluster, what, { name: 'cp1', address: '192.168.130.10' }),
      ),
    ].join('\n');
    expect(said).toContain('journalctl -u kube-apiserver');
    expect(said).not.toMatch(/crictl|kubeadm|manifests|static pod/);
  });

  test('is kubeadm’s for plans that do not say what runs how', () => {
    const { cluster } = snapshotOf('calico-bgp-1cp-2w');
    expect(cluster.bootstrap).not.toHaveProperty('programs');
    expect(lookAtProgram(cluster, 'cp1', 'etcd').join('\n')).toContain('/etc/kubernetes/manifests/etcd.yaml');
  });
});
