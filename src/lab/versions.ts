/** A Kubernetes minor this package supports, with the newest patch known to it. */
export interface KubernetesVersion {
  /** 1.37 */
  minor: string;
  /** 1.37.1 */
  latest: string;
}

/** Newest first; the first one is the default. Source: https://kubernetes.io/releases/ */
export const kubernetesVersions: readonly KubernetesVersion[] = [
  { minor: '1.37', latest: '1.37.1' },
  { minor: '1.36', latest: '1.36.5' },
  { minor: '1.35', latest: '1.35.9' },
];

/** Minors a lab may ask for, newest first. */
export const supportedMinors: readonly string[] = kubernetesVersions.map(({ minor }) => minor);

const pattern = /^(?<minor>1\.(?:0|[1-9]\d?))(?:\.(?<patch>0|[1-9]\d{0,2}))?$/;

/**
 * Takes `default`, a minor (`1.37`) or a full version (`1.37.1`); gives the full version, or undefined if unsupported.
 * `versions`: those that may be asked for, the default first.
 */
export function resolveKubernetesVersion(
  version: string,
  versions: readonly KubernetesVersion[] = kubernetesVersions,
): string | undefined {
  if (version === 'default') return versions[0]?.latest;
  const groups = pattern.exec(version)?.groups;
  const known = versions.find(({ minor }) => minor === groups?.minor);
  if (!known) return undefined;
  return groups?.patch === undefined ? known.latest : version;
}

/** `1.37.1` and `1.37` give `1.37`; anything else gives undefined. */
export function minorOf(version: string): string | undefined {
  return pattern.exec(version)?.groups?.minor;
}

/** Whether a full version has a higher patch number than the newest one known of its minor. */
export function isNewerThanKnown(
  version: string,
  versions: readonly KubernetesVersion[] = kubernetesVersions,
): boolean {
  const known = versions.find(({ minor }) => minor === minorOf(version));
  return known !== undefined && patchOf(version) > patchOf(known.latest);
}

function patchOf(version: string): number {
  return Number(pattern.exec(version)?.groups?.patch ?? 0);
}
