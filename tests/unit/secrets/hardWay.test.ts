import { createPrivateKey, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadAssets } from '../../../src/assets/load.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import { adminKubeconfig } from '../../../src/secrets/kubeconfig.js';
import { completeSecrets, type Secrets } from '../../../src/secrets/secrets.js';
import { laptop } from '../plan/assets.js';

const now = new Date('2026-11-21T12:00:00Z');
let cluster: Cluster;
let secrets: Secrets;

const planned = async (text: string): Promise<Cluster> => {
  const assets = await loadAssets();
  return planCluster(parseLab(text, 'lab.yaml', assets), laptop, assets);
};
const labText = 'name: hard\nbootstrap: hard-way\ncni: bridge\nworkers: 1\n';
const certificate = (path: string, of = secrets): X509Certificate => new X509Certificate(of.get(path) ?? '');

beforeAll(async () => {
  cluster = await planned(labText);
  ({ secrets } = await completeSecrets(cluster, new Map(), now));
});

describe('the secrets of a lab without kubeadm', () => {
  test('reach only the machines that need them', () => {
    const groups = Object.fromEntries(cluster.machines.map(({ name, secretGroups }) => [name, secretGroups]));
    expect(groups).toEqual({
      cp1: ['node', 'control-plane', 'machine-cp1'],
      worker1: ['node', 'machine-worker1'],
    });
    const keysOf = (group: string): string[] =>
      [...secrets.keys()].filter((path) => path.startsWith(`${group}/`) && path.endsWith('.key'));
    expect(keysOf('node')).toEqual([]);
    expect(keysOf('machine-worker1')).toEqual(['machine-worker1/pki/kubelet.key']);
    expect(secrets.has('host/etcd-ca.key')).toBe(true);
  });

  test('have certificates for real names and addresses, signed by the right authority, for their use', () => {
    const { address } = cluster.machines.find(({ name }) => name === 'worker1') ?? { address: '' };
    const kubelet = certificate('machine-worker1/pki/kubelet.crt');
    expect(kubelet.subject).toBe('O=system:nodes\nCN=system:node:worker1');
    expect(kubelet.subjectAltName).toBe(`DNS:worker1, IP Address:${address}`);
    expect(kubelet.verify(certificate('control-plane/pki/ca.crt').publicKey)).toBe(true);
    expect(kubelet.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.1']);
    expect(
      kubelet.checkPrivateKey(createPrivateKey(secrets.get('machine-worker1/pki/kubelet.key') ?? '')),
    ).toBe(true);

    const api = certificate('control-plane/pki/apiserver.crt');
    expect(api.checkIP('10.96.0.1')).toBe('10.96.0.1');
    expect(api.checkHost('kubernetes.default.svc.cluster.local')).toBe(
      'kubernetes.default.svc.cluster.local',
    );
    expect(api.checkHost('example.org')).toBeUndefined();
    expect(api.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);

    const peer = certificate('machine-cp1/pki/etcd/peer.crt');
    expect(peer.verify(certificate('host/etcd-ca.crt').publicKey)).toBe(true);
    expect(secrets.get('control-plane/pki/etcd/ca.crt')).toBe(secrets.get('host/etcd-ca.crt'));
  });

  test('have an administrator, on the host and on control planes alike', async () => {
    const admin = secrets.get('control-plane/admin.conf');
    expect(await adminKubeconfig(cluster, secrets, undefined, now)).toBe(admin);
    expect(parse(admin ?? '')).toMatchObject({
      'current-context': 'hard',
      clusters: [{ cluster: { server: `https://${cluster.endpoint?.hostPort ?? ''}` } }],
    });
    expect(certificate('host/admin.crt').subject).toBe('O=system:masters\nCN=admin');
  });

  test('have a key of 32 bytes for encryption', () => {
    const text = secrets.get('control-plane/encryption.yaml') ?? '';
    const key = /secret: (\S+)/.exec(text)?.[1] ?? '';
    expect(Buffer.from(key, 'base64')).toHaveLength(32);
  });

  test('stay as they are as long as they fit', async () => {
    const again = await completeSecrets(cluster, secrets, now);
    expect([...again.secrets]).toEqual([...secrets]);
    expect(again).toMatchObject({ made: [], renewed: [] });
  });

  test('are renewed where an address changed, and with them what holds them', async () => {
    const moved = await planned(`${labText}networking: {hostOnlySubnet: 192.168.60.0/24}\n`);
    const { secrets: after, made, renewed } = await completeSecrets(moved, secrets, now);
    expect(made).toEqual([]);
    expect(renewed).toContain('control-plane/pki/apiserver.crt');
    expect(renewed).toContain('machine-worker1/kubelet.conf');
    expect(renewed).not.toContain('control-plane/pki/ca.crt');
    expect(renewed.filter((path) => path.endsWith('.key'))).toEqual([]);
    expect(certificate('machine-worker1/pki/kubelet.crt', after).checkIP('192.168.60.20')).toBe(
      '192.168.60.20',
    );
  });

  test('are renewed in their last month', async () => {
    const late = new Date(now.getTime() + 340 * 86_400_000);
    const { renewed } = await completeSecrets(cluster, secrets, late);
    expect(renewed).toContain('host/admin.crt');
    expect(renewed).toContain('control-plane/admin.conf');
  });
});
