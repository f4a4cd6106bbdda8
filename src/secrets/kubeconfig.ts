import { X509Certificate } from 'node:crypto';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Cluster } from '../plan/cluster.js';
import { makeClientCertificate } from './certificates.js';
import { base64, kubeconfigText } from './kubeconfigText.js';
import { caCertificatePath, caKeyPath, type Secrets } from './secrets.js';

/** Where a lab has one among its secrets, it is the host's, too. */
const adminKubeconfigPath = 'control-plane/admin.conf';

/** `kubeadm init` binds this group to cluster-admin (Kubernetes 1.29 and later). */
const admin = { commonName: 'kubernetes-admin', organization: 'kubeadm:cluster-admins' };

/** A certificate with less left is replaced. */
const renewBefore = 30 * 24 * 3_600_000;

/** What an admin.conf of ours holds; anything else is written anew. */
const kubeconfig = z.object({
  'current-context': z.string(),
  clusters: z.tuple([
    z.object({ cluster: z.object({ server: z.string(), 'certificate-authority-data': z.base64() }) }),
  ]),
  users: z.tuple([
    z.object({ user: z.object({ 'client-certificate-data': z.base64(), 'client-key-data': z.base64() }) }),
  ]),
});

/**
 * The administrator's kubeconfig for the host: cluster and context carry the lab's name, the server is the endpoint.
 * `existing` is kept as long as it fits the endpoint and the authority and its certificate lasts another 30 days.
 * Undefined for a lab without a Kubernetes API.
 */
export async function adminKubeconfig(
  cluster: Cluster,
  secrets: Secrets,
  existing?: string,
  now = new Date(),
): Promise<string | undefined> {
  const own = secrets.get(adminKubeconfigPath);
  if (own !== undefined) return own;
  const certificate = secrets.get(caCertificatePath);
  const key = secrets.get(caKeyPath);
  if (!cluster.endpoint || certificate === undefined || key === undefined) return undefined;
  const server = `https://${cluster.endpoint.hostPort}`;
  if (existing !== undefined && stillFits(existing, { name: cluster.name, server, certificate, now })) {
    return existing;
  }
  const client = await makeClientCertificate({ certificate, key }, admin, now);
  return kubeconfigText({ name: cluster.name, server, user: `${cluster.name}-admin` }, certificate, client);
}

interface Wanted {
  name: string;
  server: string;
  certificate: string;
  now: Date;
}

function stillFits(text: string, wanted: Wanted): boolean {
  try {
    const { 'current-context': context, clusters, users } = kubeconfig.parse(parse(text));
    const { cluster } = clusters[0];
    const client = new X509Certificate(Buffer.from(users[0].user['client-certificate-data'], 'base64'));
    const authority = new X509Certificate(wanted.certificate);
    return (
      context === wanted.name &&
      cluster.server === wanted.server &&
      cluster['certificate-authority-data'] === base64(wanted.certificate) &&
      client.verify(authority.publicKey) &&
      Date.parse(client.validTo) - wanted.now.getTime() > renewBefore
    );
  } catch {
    return false;
  }
}
