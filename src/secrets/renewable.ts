import { X509Certificate } from 'node:crypto';
import { Validator } from 'ip-num';
import type { CertificateReference, KubeconfigReference, SecretReference } from '../plan/plannedSecret.js';
import { makeCertificate } from './certificates.js';
import { belongTogether } from './keys.js';
import { kubeconfigText } from './kubeconfigText.js';

/** What can be made again from other secrets at any time: nothing that runs is lost by that. */
export type RenewableReference = SecretReference &
  (CertificateReference | KubeconfigReference | { kind: 'copy'; of: string });

/** A certificate with less left is replaced. */
const renewBefore = 30 * 24 * 3_600_000;

export function isRenewable(reference: SecretReference): reference is RenewableReference {
  return reference.kind === 'certificate' || reference.kind === 'kubeconfig' || reference.kind === 'copy';
}

/** The text of a secret that is made from others: the old one as long as it fits, else a new one. `texts` holds the others. */
export async function renew(
  reference: RenewableReference,
  old: string | undefined,
  texts: ReadonlyMap<string, string>,
  now: Date,
): Promise<string> {
  const text = (path: string): string => {
    const found = texts.get(path);
    if (found === undefined) throw new Error(`${reference.path} is made from ${path}, which is not planned`);
    return found;
  };
  switch (reference.kind) {
    case 'copy':
      return text(reference.of);
    case 'kubeconfig': {
      const { cluster: name, server, user, authority, certificate } = reference;
      const client = { certificate: text(`${certificate}.crt`), key: text(`${certificate}.key`) };
      return kubeconfigText({ name, server, user }, text(`${authority}.crt`), client);
    }
    case 'certificate': {
      const authority = {
        certificate: text(`${reference.signedBy}.crt`),
        key: text(`${reference.signedBy}.key`),
      };
      const key = text(reference.path.replace(/\.crt$/, '.key'));
      if (old !== undefined && fits(old, reference, authority.certificate, key, now)) return old;
      return makeCertificate(authority, key, reference, now);
    }
  }
}

function fits(
  old: string,
  { commonName, organization, names }: CertificateReference,
  authority: string,
  key: string,
  now: Date,
): boolean {
  try {
    const certificate = new X509Certificate(old);
    const wanted = names.map((name) =>
      Validator.isValidIPv4String(name)[0] ? `IP Address:${name}` : `DNS:${name}`,
    );
    const subject = [...(organization === undefined ? [] : [`O=${organization}`]), `CN=${commonName}`];
    return (
      certificate.subject === subject.join('\n') &&
      (certificate.subjectAltName ?? '') === wanted.join(', ') &&
      certificate.verify(new X509Certificate(authority).publicKey) &&
      belongTogether(certificate.publicKey, key) &&
      Date.parse(certificate.validTo) - now.getTime() > renewBefore
    );
  } catch {
    return false;
  }
}
