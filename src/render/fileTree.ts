/** One generated file. Text is UTF-8 with LF line ends on every platform. */
export interface TreeFile {
  content: string;
  /** Unix mode: 0o644, or 0o755 for scripts. */
  mode: 0o644 | 0o755;
}

/** Path relative to the lab folder, with forward slashes, to file; sorted by path. */
export type FileTree = ReadonlyMap<string, TreeFile>;

/** Public facts derived from secrets that configuration files may print. */
export interface SecretFacts {
  /** `sha256:<hex>` of the cluster CA's public key (SubjectPublicKeyInfo), for kubeadm's discovery. */
  caCertHash?: string;
}
