import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  webcrypto,
  type KeyObject,
} from 'node:crypto';

type SigningAlgorithm = webcrypto.EcKeyImportParams | webcrypto.RsaHashedImportParams;

/** A new ECDSA key on P-256, as PKCS#8 PEM: what kubeadm makes with `encryptionAlgorithm: ECDSA-P256` and reads. */
export function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half of a private key, as SubjectPublicKeyInfo PEM. */
export function publicKeyOf(privateKeyPem: string): string {
  return createPublicKey(privateKeyPem).export({ type: 'spki', format: 'pem' }).toString();
}

/** Whether a public key is that of a private key. */
export function belongTogether(publicKey: KeyObject, privateKeyPem: string): boolean {
  return publicKey.equals(createPublicKey(privateKeyPem));
}

/**
 * A PEM key pair in the form certificates are signed with, and its signature algorithm.
 * Throws for keys that are neither RSA nor ECDSA, which kubeadm refuses as well.
 */
export async function signingKeys(privateKeyPem: string): Promise<{
  keys: webcrypto.CryptoKeyPair;
  signature: webcrypto.EcdsaParams | webcrypto.RsaHashedImportParams;
}> {
  const key = createPrivateKey(privateKeyPem);
  const algorithm = algorithmOf(key);
  const { subtle } = webcrypto;
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  return {
    keys: {
      privateKey: await subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
      publicKey: await subtle.importKey('spki', spki, algorithm, true, ['verify']),
    },
    signature: { name: algorithm.name, hash: 'SHA-256' },
  };
}

function algorithmOf(key: KeyObject): SigningAlgorithm {
  if (key.asymmetricKeyType === 'rsa') return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  const curves: Readonly<Record<string, string>> = {
    prime256v1: 'P-256',
    secp384r1: 'P-384',
    secp521r1: 'P-521',
  };
  const namedCurve = curves[key.asymmetricKeyDetails?.namedCurve ?? ''];
  if (key.asymmetricKeyType === 'ec' && namedCurve !== undefined) return { name: 'ECDSA', namedCurve };
  throw new Error('neither an RSA key nor an ECDSA key on P-256, P-384 or P-521');
}
