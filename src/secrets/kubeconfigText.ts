import { stringify } from 'yaml';
import type { ClientCertificate } from './certificates.js';

/** A kubeconfig with one cluster and one context, both called `name`, and everything inside. */
export function kubeconfigText(
  { name, server, user }: { name: string; server: string; user: string },
  authority: string,
  client: ClientCertificate,
): string {
  const document = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [{ name, cluster: { server, 'certificate-authority-data': base64(authority) } }],
    contexts: [{ name, context: { cluster: name, user } }],
    users: [
      {
        name: user,
        user: {
          'client-certificate-data': base64(client.certificate),
          'client-key-data': base64(client.key),
        },
      },
    ],
  };
  return stringify(document, { lineWidth: 0 });
}

/** As kubeconfigs hold certificates and keys. */
export function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
