import { randomBytes, webcrypto } from 'node:crypto';
import { Validator } from 'ip-num';
import { newPrivateKey, signingKeys } from './keys.js';
import { loadX509 } from './x509.js';

const hour = 3_600_000;
const day = 24 * hour;
const caYears = 10;
const clientDays = 365;

/** Certificates count from an hour ago: clocks of laptops and machines differ. */
const backdate = hour;

/**
 * A self-signed certificate authority for an existing key, as kubeadm makes its own: critical CA:TRUE and key usages,
 * subject key identifier, the common name as DNS name, ten years.
 * Source: https://github.com/kubernetes/client-go/blob/master/util/cert/cert.go (NewSelfSignedCACert)
 */
export async function makeAuthority(commonName: string, privateKeyPem: string, now: Date): Promise<string> {
  const x509 = await loadX509();
  const { keys, signature } = await signingKeys(privateKeyPem);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: newSerialNumber(),
      name: [{ CN: [commonName] }],
      notBefore: new Date(now.getTime() - backdate),
      notAfter: yearsLater(now, caYears),
      keys,
      signingAlgorithm: signature,
      extensions: [
        new x509.BasicConstraintsExtension(true, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature |
            x509.KeyUsageFlags.keyEncipherment |
            x509.KeyUsageFlags.keyCertSign,
          true,
        ),
        await x509.SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: commonName }]),
      ],
    },
    webcrypto,
  );
  return pem(certificate.toString('pem'));
}

export interface ClientCertificate {
  certificate: string;
  key: string;
}

/** A client certificate with a new key, signed by an authority, valid for a year. */
export async function makeClientCertificate(
  authority: { certificate: string; key: string },
  subject: { commonName: string; organization: string },
  now: Date,
): Promise<ClientCertificate> {
  const key = newPrivateKey();
  return { certificate: await makeCertificate(authority, key, { ...subject, usages: ['client'] }, now), key };
}

export interface CertificateSubject {
  commonName: string;
  organization?: string | undefined;
  usages: readonly ('client' | 'server')[];
  /** DNS names and addresses. */
  names?: readonly string[];
}

/** A certificate for an existing private key, signed by an authority, valid for a year. */
export async function makeCertificate(
  authority: { certificate: string; key: string },
  key: string,
  { commonName, organization, usages, names = [] }: CertificateSubject,
  now: Date,
): Promise<string> {
  const x509 = await loadX509();
  const issuer = new x509.X509Certificate(authority.certificate);
  const { keys: issuerKeys, signature } = await signingKeys(authority.key);
  const { keys } = await signingKeys(key);
  const { clientAuth, serverAuth } = x509.ExtendedKeyUsage;
  const alternatives = names.map(
    (value) => ({ type: Validator.isValidIPv4String(value)[0] ? 'ip' : 'dns', value }) as const,
  );
  const certificate = await x509.X509CertificateGenerator.create(
    {
      serialNumber: newSerialNumber(),
      subject: [...(organization === undefined ? [] : [{ O: [organization] }]), { CN: [commonName] }],
      issuer: issuer.subjectName,
      notBefore: new Date(now.getTime() - backdate),
      notAfter: new Date(now.getTime() + clientDays * day),
      publicKey: keys.publicKey,
      signingKey: issuerKeys.privateKey,
      signingAlgorithm: signature,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(
          x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment,
          true,
        ),
        new x509.ExtendedKeyUsageExtension(
          usages.map((usage) => (usage === 'client' ? clientAuth : serverAuth)),
        ),
        await x509.AuthorityKeyIdentifierExtension.create(issuer, false, webcrypto),
        ...(alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : []),
      ],
    },
    webcrypto,
  );
  return pem(certificate.toString('pem'));
}

/** Eight random bytes, positive: the first bit is not set, and the first byte not zero. */
function newSerialNumber(): string {
  const bytes = randomBytes(8);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}

function yearsLater(date: Date, years: number): Date {
  const later = new Date(date);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}

function pem(text: string): string {
  return `${text.trim()}\n`;
}
