import type { SecretManifest } from '../assets/secretManifest.js';
import type { Lab } from '../lab/lab.js';
import type { ChosenFolder } from './choices.js';
import type { Endpoint, PlannedNetworking } from './cluster.js';
import type { SecretGroup, SecretReference } from './plannedSecret.js';
import type { BareMachine } from './machines.js';

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

/** What secrets are made for. */
export interface SecretSubjects {
  bootstrap: ChosenFolder;
  machines: readonly BareMachine[];
  endpoint: Endpoint | undefined;
  networking: PlannedNetworking;
}

/**
 * The secrets a lab needs: those of its bootstrapper's manifest, or what kubeadm finds in /etc/kubernetes/pki and keeps, so that
 * all control planes share it and every worker knows the discovery hash beforehand; and the password of several load
 * balancers' VRRP.
 */
export function referSecrets(lab: Lab, subjects: SecretSubjects): SecretReference[] {
  const vrrp: SecretReference = {
    path: 'load-balancer/vrrp-password',
    group: 'load-balancer',
    kind: 'password',
  };
  const { secrets } = subjects.bootstrap.manifest;
  return [
    ...(secrets?.flatMap((secret) => ofManifest(secret, lab, subjects)) ??
      (lab.bootstrap.name === 'none' ? [] : kubeadmSecrets)),
    ...(subjects.machines.some(({ balancer }) => balancer?.vrrp) ? [vrrp] : []),
  ];
}

/** The groups of secrets that a machine receives, of those a lab has. */
export function secretGroupsOf(
  { name, role, balancer }: Pick<BareMachine, 'name' | 'role' | 'balancer'>,
  secrets: readonly SecretReference[],
): SecretGroup[] {
  const groups: SecretGroup[] = role === 'load-balancer' ? ['load-balancer'] : ['node'];
  if (role === 'control-plane') groups.push('control-plane');
  if (balancer && role !== 'load-balancer') groups.push('load-balancer');
  groups.push(`machine-${name}`);
  return groups.filter((group) => secrets.some((secret) => secret.group === group));
}

function ofManifest(secret: SecretManifest, lab: Lab, subjects: SecretSubjects): SecretReference[] {
  const { each } = secret;
  if (each === undefined) return ofSubject(secret, lab, subjects, {});
  const roles = {
    cluster: ['control-plane', 'worker'],
    'control-planes': ['control-plane'],
    workers: ['worker'],
    'load-balancers': ['load-balancer'],
  }[each];
  return subjects.machines
    .filter(({ role }) => roles.includes(role))
    .flatMap(({ name, address }) => ofSubject(secret, lab, subjects, { machine: name, address }));
}

function ofSubject(
  secret: SecretManifest,
  lab: Lab,
  { machines, endpoint, networking }: SecretSubjects,
  own: Record<string, string>,
): SecretReference[] {
  const values: Record<string, string> = {
    cluster: lab.name,
    endpoint: endpoint?.hostPort ?? '',
    endpointAddress: endpoint?.address ?? '',
    apiServerPort: String(endpoint?.apiServerPort ?? ''),
    apiServiceAddress: networking.apiServiceAddress,
    dnsDomain: networking.dnsDomain,
    ...own,
  };
  const fill = (text: string): string =>
    text.replaceAll(/\{([A-Za-z]+)\}/g, (whole, name: string) => values[name] ?? whole);
  const path = fill(secret.path);
  const group = groupOf(path);
  const key: SecretReference = { path: `${path}.key`, group, kind: 'private-key' };
  switch (secret.kind) {
    case 'authority':
      return [
        { path: `${path}.crt`, group, kind: 'certificate-authority', commonName: secret.commonName },
        key,
      ];
    case 'key-pair':
      return [key, { path: `${path}.pub`, group, kind: 'public-key' }];
    case 'certificate': {
      const { signedBy, commonName, organization, usages, names } = secret;
      const certificate: SecretReference = {
        path: `${path}.crt`,
        group,
        kind: 'certificate',
        signedBy: fill(signedBy),
        commonName: fill(commonName),
        ...(organization !== undefined && { organization }),
        usages,
        names: [
          ...new Set(
            names
              .flatMap((name) => (name in roleNames ? ofRole(machines, name) : fill(name)))
              .filter(Boolean),
          ),
        ],
      };
      return [certificate, key];
    }
    case 'kubeconfig': {
      const { authority, certificate, server, user } = secret;
      return [
        {
          path,
          group,
          kind: 'kubeconfig',
          cluster: lab.name,
          server: fill(server),
          user: fill(user),
          authority: fill(authority),
          certificate: fill(certificate),
        },
      ];
    }
    case 'encryption-configuration':
      return [{ path, group, kind: 'encryption-configuration' }];
    case 'copy':
      return [{ path, group, kind: 'copy', of: fill(secret.of) }];
  }
}

const roleNames: Readonly<Record<string, BareMachine['role']>> = {
  '{controlPlanes}': 'control-plane',
  '{loadBalancers}': 'load-balancer',
};

function ofRole(machines: readonly BareMachine[], placeholder: string): string[] {
  return machines
    .filter(({ role }) => role === roleNames[placeholder])
    .flatMap(({ name, address }) => [name, address]);
}

/** The first folder; the manifest's schema allows no other. */
function groupOf(path: string): SecretGroup {
  const first = path.split('/', 1)[0] ?? '';
  const known = ['node', 'control-plane', 'load-balancer', 'host'] as const;
  return known.find((group) => group === first) ?? `machine-${first.slice('machine-'.length)}`;
}
