import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';

/**
 * What the API server encrypts before it writes to etcd, and with which key: Secrets, with a new key. `identity` comes last, so
 * that what was written before encryption was turned on can still be read.
 * Source: https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/
 */
export function encryptionConfiguration(): string {
  const keys = [{ name: 'key1', secret: randomBytes(32).toString('base64') }];
  return stringify(
    {
      apiVersion: 'apiserver.config.k8s.io/v1',
      kind: 'EncryptionConfiguration',
      resources: [{ resources: ['secrets'], providers: [{ secretbox: { keys } }, { identity: {} }] }],
    },
    { lineWidth: 0 },
  );
}
