/** Who receives a secret: roles, one machine alone, or nobody but this host. */
export type SecretGroup = 'node' | 'control-plane' | 'load-balancer' | 'host' | `machine-${string}`;

/** A secret file of the lab: `path` (`control-plane/pki/ca.key`), and what is in it. */
export type SecretReference = { path: string; group: SecretGroup } & (
  | { kind: 'bootstrap-token' | 'private-key' | 'public-key' | 'password' | 'encryption-configuration' }
  | { kind: 'certificate-authority'; commonName?: string }
  | CertificateReference
  | KubeconfigReference
  | { kind: 'copy'; of: string }
);

/** A certificate for the private key beside it, signed by an authority of the lab. */
export interface CertificateReference {
  kind: 'certificate';
  /** Path of the authority's files without their endings. */
  signedBy: string;
  commonName: string;
  organization?: string;
  usages: ('client' | 'server')[];
  /** DNS names and addresses it is valid for. */
  names: string[];
}

/** A kubeconfig with everything inside; `authority` and `certificate` are paths without endings. */
export interface KubeconfigReference {
  kind: 'kubeconfig';
  cluster: string;
  server: string;
  user: string;
  authority: string;
  certificate: string;
}
