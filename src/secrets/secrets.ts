import { createHash, createPublicKey, randomInt, X509Certificate, type KeyObject } from 'node:crypto';
import { K8slabError } from '../errors/error.js';
import type { Cluster } from '../plan/cluster.js';
import type { SecretReference } from '../plan/plannedSecret.js';
import type { SecretFacts } from '../render/fileTree.js';
import { makeAuthority } from './certificates.js';
import { encryptionConfiguration } from './encryption.js';
import { belongTogether, newPrivateKey, publicKeyOf } from './keys.js';
import { isRenewable, renew, type RenewableReference } from './renewable.js';

/** Path below `.k8slab/secrets/` to text; written with mode 0600. */
export type Secrets = ReadonlyMap<string, string>;

export const caCertificatePath = 'control-plane/pki/ca.crt';
export const caKeyPath = 'control-plane/pki/ca.key';

/** Names kubeadm gives its authorities (cmd/kubeadm/app/phases/certs/certlist.go). */
const authorityNames: Readonly<Record<string, string>> = {
  'control-plane/pki/ca': 'kubernetes',
  'control-plane/pki/etcd/ca': 'etcd-ca',
  'control-plane/pki/front-proxy-ca': 'front-proxy-ca',
};

/** What is made of what: private keys of nothing, certificates of keys, kubeconfigs of certificates. */
const ranks: Readonly<Partial<Record<SecretReference['kind'], number>>> = {
  'certificate-authority': 1,
  'public-key': 1,
  certificate: 2,
  kubeconfig: 3,
  copy: 4,
};

const rankOf = ({ kind }: SecretReference): number => ranks[kind] ?? 0;

/**
 * The secrets of a cluster, taking over those that exist (path to text) and making what is missing; `made` names the
 * latter, `renewed` those that were there and no longer fitted the plan or expire within a month. Throws K8slabError when an existing file cannot be used, or when a certificate or public key exists
 * without its private key: a new key would not fit a cluster that runs.
 */
export async function completeSecrets(
  cluster: Cluster,
  existing: ReadonlyMap<string, string>,
  now = new Date(),
): Promise<{ secrets: Secrets; made: string[]; renewed: string[] }> {
  const texts = new Map<string, string>();
  const made: string[] = [];
  const renewed: string[] = [];
  for (const reference of [...cluster.secrets].sort((one, other) => rankOf(one) - rankOf(other))) {
    const old = existing.get(reference.path);
    if (isRenewable(reference)) {
      const text = await renew(reference, old, texts, now);
      texts.set(reference.path, text);
      if (text !== old) (old === undefined ? made : renewed).push(reference.path);
      continue;
    }
    if (old !== undefined) {
      checkSecret(reference, old, texts);
      texts.set(reference.path, old);
      continue;
    }
    if (reference.kind === 'private-key') refuseOrphans(cluster, reference.path, existing);
    texts.set(reference.path, await makeSecret(reference, texts, now));
    made.push(reference.path);
  }
  const secrets = new Map(cluster.secrets.map(({ path }) => [path, texts.get(path) ?? '']));
  return { secrets, made, renewed };
}

/** What configuration files may print: the hash by which a joining machine knows the cluster's authority. */
export function secretFacts(secrets: Secrets): SecretFacts {
  const certificate = secrets.get(caCertificatePath);
  if (certificate === undefined) return {};
  const publicKey = new X509Certificate(certificate).publicKey.export({
    type: 'spki',
    format: 'der',
  });
  return { caCertHash: `sha256:${createHash('sha256').update(publicKey).digest('hex')}` };
}

async function makeSecret(
  reference: Exclude<SecretReference, RenewableReference>,
  texts: ReadonlyMap<string, string>,
  now: Date,
): Promise<string> {
  switch (reference.kind) {
    case 'bootstrap-token':
      return `${randomText(lowerCase, 6)}.${randomText(lowerCase, 16)}\n`;
    case 'password':
      // keepalived uses the first eight characters of auth_pass.
      return `${randomText(lowerCase, 8)}\n`;
    case 'private-key':
      return newPrivateKey();
    case 'encryption-configuration':
      return encryptionConfiguration();
    case 'public-key':
      return publicKeyOf(keyOf(reference, texts));
    case 'certificate-authority':
      return makeAuthority(
        reference.commonName ?? authorityNames[stem(reference.path)] ?? stem(reference.path),
        keyOf(reference, texts),
        now,
      );
  }
}

const lowerCase = 'abcdefghijklmnopqrstuvwxyz0123456789';

function randomText(letters: string, length: number): string {
  return Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join('');
}

/** Throws when a file that exists is not what its kind says, or does not fit the private key beside it. */
function checkSecret(
  reference: Exclude<SecretReference, RenewableReference>,
  text: string,
  texts: ReadonlyMap<string, string>,
): void {
  switch (reference.kind) {
    case 'bootstrap-token':
      if (!/^[a-z0-9]{6}\.[a-z0-9]{16}\s*$/.test(text))
        throw invalid(reference.path, 'not a bootstrap token');
      return;
    case 'encryption-configuration':
    case 'password':
      if (text.trim() === '') throw invalid(reference.path, 'empty');
      return;
    case 'private-key':
      readable(reference.path, () => publicKeyOf(text));
      return;
    case 'public-key':
      checkPair(
        reference,
        readable(reference.path, () => createPublicKey(text)),
        texts,
      );
      return;
    case 'certificate-authority': {
      const certificate = readable(reference.path, () => new X509Certificate(text));
      if (!certificate.ca) throw invalid(reference.path, 'not the certificate of an authority');
      checkPair(reference, certificate.publicKey, texts);
    }
  }
}

function checkPair(
  reference: SecretReference,
  publicKey: KeyObject,
  texts: ReadonlyMap<string, string>,
): void {
  if (belongTogether(publicKey, keyOf(reference, texts))) return;
  const files = `${shown(reference.path)} and ${shown(keyPath(reference.path))}`;
  throw new K8slabError('PLAN_SECRET_MISMATCH', `${files} do not belong together.`);
}

/** A private key may not be made anew while its certificate or public key exists. */
function refuseOrphans(cluster: Cluster, path: string, existing: ReadonlyMap<string, string>): void {
  const orphan = cluster.secrets.find(
    (other) => isDerived(other) && keyPath(other.path) === path && existing.has(other.path),
  );
  if (!orphan) return;
  throw new K8slabError(
    'PLAN_SECRET_KEY_MISSING',
    `${shown(path)} is missing, and ${shown(orphan.path)} is there.`,
  );
}

function keyOf(reference: SecretReference, texts: ReadonlyMap<string, string>): string {
  const key = texts.get(keyPath(reference.path));
  if (key === undefined) throw new Error(`no private key is planned for ${reference.path}`);
  return key;
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw invalid(path, 'not readable as what its name says', cause);
  }
}

function invalid(path: string, what: string, cause?: unknown): K8slabError {
  return new K8slabError('PLAN_SECRET_INVALID', `${shown(path)} is ${what}.`, { cause });
}

/** Made from the private key beside it, and of no use with another one. */
function isDerived({ kind }: SecretReference): boolean {
  return kind === 'certificate-authority' || kind === 'public-key';
}

/** `control-plane/pki/ca.crt` → `control-plane/pki/ca` */
function stem(path: string): string {
  return path.replace(/\.[a-z]+$/, '');
}

function keyPath(path: string): string {
  return `${stem(path)}.key`;
}

function shown(path: string): string {
  return `.k8slab/secrets/${path}`;
}
