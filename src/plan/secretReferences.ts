import type { Lab } from '../lab/lab.js';
import type { SecretReference } from './cluster.js';

const pki = 'control-plane/pki';

const kubeadmSecrets: readonly SecretReference[] = [
  { path: 'node/bootstrap-token', group: 'node', kind: 'bootstrap-token' },
  ...['ca', 'etcd/ca', 'front-proxy-ca'].flatMap((name): SecretReference[] => [
    { path: `${pki}/${name}.crt`, group: 'control-plane', kind: 'certificate-authority' },
    { path: `${pki}/${name}.key`, group: 'control-plane', kind: 'private-key' },
  ]),
  { path: `${pki}/sa.key`, group: 'control-plane', kind: 'private-key' },
  { path: `${pki}/sa.pub`, group: 'control-plane', kind: 'public-key' },
];

/**
 * The secrets a lab needs: what kubeadm finds in /etc/kubernetes/pki it keeps, so that all control planes share it and
 * every worker knows the discovery hash beforehand; and the password of several load balancers' VRRP.
 */
export function referSecrets(lab: Lab): SecretReference[] {
  const vrrp: SecretReference = {
    path: 'load-balancer/vrrp-password',
    group: 'load-balancer',
    kind: 'password',
  };
  return [
    ...(lab.bootstrap.name === 'none' ? [] : kubeadmSecrets),
    ...(lab.loadBalancers.count > 1 ? [vrrp] : []),
  ];
}
