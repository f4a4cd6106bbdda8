import { createHash, createPrivateKey, createPublicKey, sign, verify, X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { z } from 'zod';
import { K8slabError } from '../../../src/errors/error.js';
import { planCluster } from '../../../src/plan/plan.js';
import { adminKubeconfig } from '../../../src/secrets/kubeconfig.js';
import { completeSecrets, secretFacts, type Secrets } from '../../../src/secrets/secrets.js';
import { bareLab, lab, laptop, parsed, role, testAssets } from '../plan/assets.js';

const now = new Date('2026-11-21T12:00:00Z');
const hours = (count: number): number => count * 3_600_000;
const days = (count: number): number => hours(24 * count);
const later = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

const cluster = planCluster(parsed(lab()), laptop, testAssets());
const pki = (name: string): string => `control-plane/pki/${name}`;
let secrets: Secrets;
const text = (path: string, of = secrets): string => of.get(path) ?? '';
const certificate = (path: string): X509Certificate => new X509Certificate(text(path));

const makeSecrets = async (of = cluster): Promise<Secrets> =>
  (await completeSecrets(of, new Map(), now)).secrets;

beforeAll(async () => {
  secrets = await makeSecrets();
});

async function refusal(existing: ReadonlyMap<string, string>): Promise<string> {
  try {
    await completeSecrets(cluster, existing, now);
  } catch (error) {
    if (error instanceof K8slabError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('the secrets of a lab', () => {
  test('are exactly those of its plan', () => {
    expect([...secrets.keys()]).toEqual(cluster.secrets.map(({ path }) => path));
  });

  test('have a bootstrap token of the form kubeadm wants', () => {
    expect(text('node/bootstrap-token')).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}\n$/);
  });

  test.each([
    ['ca', 'kubernetes'],
    ['etcd/ca', 'etcd-ca'],
    ['front-proxy-ca', 'front-proxy-ca'],
  ])('have the authority %s as kubeadm makes it', (name, commonName) => {
    const authority = certificate(pki(`${name}.crt`));
    expect(authority.subject).toBe(`CN=${commonName}`);
    expect(authority.ca).toBe(true);
    expect(authority.checkIssued(authority)).toBe(true);
    expect(authority.verify(authority.publicKey)).toBe(true);
    expect(authority.checkPrivateKey(createPrivateKey(text(pki(`${name}.key`))))).toBe(true);
    expect(authority.publicKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
    expect(authority.subjectAltName).toBe(`DNS:${commonName}`);
    expect(Date.parse(authority.validFrom)).toBe(now.getTime() - hours(1));
    expect(new Date(authority.validTo).toISOString()).toBe('2036-11-21T12:00:00.000Z');
  });

  test('have keys in the PEM forms that kubeadm reads', () => {
    for (const name of ['ca.key', 'etcd/ca.key', 'front-proxy-ca.key', 'sa.key']) {
      expect(text(pki(name))).toMatch(/^-----BEGIN PRIVATE KEY-----\n[^]+\n-----END PRIVATE KEY-----\n$/);
    }
    expect(text(pki('sa.pub'))).toMatch(/^-----BEGIN PUBLIC KEY-----\n[^]+\n-----END PUBLIC KEY-----\n$/);
    const message = Buffer.from('a token');
    const signature = sign('sha256', message, text(pki('sa.key')));
    expect(verify('sha256', message, text(pki('sa.pub')), signature)).toBe(true);
  });

  test('differ from lab to lab', async () => {
    const others = await makeSecrets();
    for (const [path, content] of secrets) expect(others.get(path)).not.toBe(content);
    const serials = ['ca', 'etcd/ca', 'front-proxy-ca'].map(
      (name) => certificate(pki(`${name}.crt`)).serialNumber,
    );
    expect(new Set(serials).size).toBe(3);
    for (const serial of serials) expect(serial).toMatch(/^[4-7][0-9A-F]{15}$/);
  });

  test('give the hash by which joining machines know the cluster', () => {
    const spki = createPublicKey(text(pki('ca.key'))).export({ type: 'spki', format: 'der' });
    expect(secretFacts(secrets)).toEqual({
      caCertHash: `sha256:${createHash('sha256').update(spki).digest('hex')}`,
    });
    expect(secretFacts(new Map())).toEqual({});
  });

  test('are few without Kubernetes, and a password more with several load balancers', async () => {
    const bare = planCluster(parsed(bareLab()), laptop, testAssets());
    expect(await makeSecrets(bare)).toEqual(new Map());
    const balanced = planCluster(parsed(lab({ loadBalancers: role(2) })), laptop, testAssets());
    expect(text('load-balancer/vrrp-password', await makeSecrets(balanced))).toMatch(/^[a-z0-9]{8}\n$/);
  });
});

describe('existing secrets', () => {
  const without = (...paths: string[]): Map<string, string> =>
    new Map([...secrets].filter(([path]) => !paths.includes(path)));
  const replaced = (path: string, content: string): Map<string, string> =>
    new Map([...secrets, [path, content]]);

  test('stay as they are', async () => {
    const again = await completeSecrets(cluster, secrets, later(days(400)));
    expect(again.made).toEqual([]);
    expect(again.secrets).toEqual(secrets);
  });

  test('are completed, and nothing else is made anew', async () => {
    const missing = ['node/bootstrap-token', pki('etcd/ca.crt'), pki('etcd/ca.key'), pki('sa.pub')];
    const { secrets: completed, made } = await completeSecrets(cluster, without(...missing), now);
    expect([...made].sort()).toEqual([...missing].sort());
    expect(text(pki('sa.pub'), completed)).toBe(text(pki('sa.pub')));
    for (const [path, content] of without(...missing)) expect(completed.get(path)).toBe(content);
  });

  test('keep the hash when only the certificate is lost', async () => {
    const { secrets: completed, made } = await completeSecrets(cluster, without(pki('ca.crt')), now);
    expect(made).toEqual([pki('ca.crt')]);
    expect(secretFacts(completed)).toEqual(secretFacts(secrets));
  });

  test('without their key are refused, naming the file', async () => {
    expect(await refusal(without(pki('ca.key')))).toBe(
      'PLAN_SECRET_KEY_MISSING .k8slab/secrets/control-plane/pki/ca.key is missing, and' +
        ' .k8slab/secrets/control-plane/pki/ca.crt is there.',
    );
    expect(await refusal(without(pki('sa.key')))).toContain('PLAN_SECRET_KEY_MISSING');
  });

  test('that do not belong together are refused', async () => {
    expect(await refusal(replaced(pki('ca.key'), text(pki('etcd/ca.key'))))).toBe(
      'PLAN_SECRET_MISMATCH .k8slab/secrets/control-plane/pki/ca.crt and' +
        ' .k8slab/secrets/control-plane/pki/ca.key do not belong together.',
    );
    expect(await refusal(replaced(pki('sa.key'), text(pki('ca.key'))))).toContain('PLAN_SECRET_MISMATCH');
  });

  test.each([
    ['node/bootstrap-token', 'abc.def'],
    [pki('ca.crt'), 'half a certificate'],
    [pki('ca.key'), ''],
    [pki('sa.pub'), 'x'],
  ])('that cannot be read are refused: %s', async (path, content) => {
    expect(await refusal(replaced(path, content))).toContain(
      `PLAN_SECRET_INVALID .k8slab/secrets/${path} is`,
    );
  });
});

describe('the kubeconfig', () => {
  const shape = z.object({
    'current-context': z.string(),
    clusters: z.tuple([
      z.object({
        name: z.string(),
        cluster: z.object({ server: z.string(), 'certificate-authority-data': z.string() }),
      }),
    ]),
    contexts: z.tuple([
      z.object({ name: z.string(), context: z.object({ cluster: z.string(), user: z.string() }) }),
    ]),
    users: z.tuple([
      z.object({
        name: z.string(),
        user: z.object({ 'client-certificate-data': z.string(), 'client-key-data': z.string() }),
      }),
    ]),
  });
  const decoded = (data: string): string => Buffer.from(data, 'base64').toString('utf8');
  const make = async (existing?: string, at = now, of = cluster): Promise<string> =>
    (await adminKubeconfig(of, secrets, existing, at)) ?? '';

  test('is named after the lab and leads to its endpoint', async () => {
    const config = shape.parse(parse(await make()));
    expect(config['current-context']).toBe('demo');
    expect(config.contexts[0]).toEqual({ name: 'demo', context: { cluster: 'demo', user: 'demo-admin' } });
    expect(config.users[0].name).toBe('demo-admin');
    expect(config.clusters[0].name).toBe('demo');
    expect(config.clusters[0].cluster.server).toBe('https://192.168.56.10:6443');
    expect(decoded(config.clusters[0].cluster['certificate-authority-data'])).toBe(text(pki('ca.crt')));
  });

  test("has an administrator's client certificate signed by the cluster's authority", async () => {
    const { user } = shape.parse(parse(await make())).users[0];
    const client = new X509Certificate(decoded(user['client-certificate-data']));
    expect(client.subject).toBe('O=kubeadm:cluster-admins\nCN=kubernetes-admin');
    expect(client.ca).toBe(false);
    expect(client.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(client.checkIssued(certificate(pki('ca.crt')))).toBe(true);
    expect(client.verify(certificate(pki('ca.crt')).publicKey)).toBe(true);
    expect(client.checkPrivateKey(createPrivateKey(decoded(user['client-key-data'])))).toBe(true);
    expect(Date.parse(client.validFrom)).toBe(now.getTime() - hours(1));
    expect(Date.parse(client.validTo)).toBe(later(days(365)).getTime());
  });

  test('stays until a month before its end', async () => {
    const first = await make();
    expect(await make(first, later(days(334)))).toBe(first);
    expect(await make(first, later(days(336)))).not.toBe(first);
  });

  test('is made anew for another endpoint or authority, or when it cannot be read', async () => {
    const first = await make();
    const moved = planCluster(parsed(lab({ loadBalancers: role(1) })), laptop, testAssets());
    expect(shape.parse(parse(await make(first, now, moved))).clusters[0].cluster.server).toBe(
      'https://192.168.56.90:6443',
    );
    const others = await makeSecrets();
    expect(await adminKubeconfig(cluster, others, first, now)).not.toBe(first);
    expect(shape.safeParse(parse(await make('apiVersion: v1\n'))).success).toBe(true);
    expect(shape.safeParse(parse(await make('{['))).success).toBe(true);
  });

  test('is not there without Kubernetes', async () => {
    const bare = planCluster(parsed(bareLab()), laptop, testAssets());
    expect(await adminKubeconfig(bare, new Map())).toBeUndefined();
  });
});
