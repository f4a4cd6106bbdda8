import { K8slabError } from '../../errors/error.js';

/** A package of a repository, whatever its format. */
export interface RepositoryPackage {
  name: string;
  /** For people. */
  version: string;
  /** Relative to the repository. */
  file: string;
  size: number;
  sha256: string;
  /** Each must be fulfilled by one of its alternatives. */
  needs: readonly (readonly Need[])[];
}

export interface Need {
  name: string;
  /** Whether a package of that name is new, or old, enough. */
  fits: (candidate: RepositoryPackage) => boolean;
}

/** What a lab wants of a repository. */
export interface PackageWish {
  name: string;
  /** Upstream's version, `1.36.3`; newest when absent. */
  version?: string;
  /** Not missed when the repository lacks it. */
  optional?: boolean;
}

/** The packages that Kubernetes machines install; kubernetes-cni comes along where another one needs it. */
export function kubernetesWishes(version: string): PackageWish[] {
  return [
    { name: 'kubelet', version },
    { name: 'kubeadm', version },
    { name: 'kubectl', version },
    { name: 'cri-tools' },
    { name: 'kubernetes-cni', optional: true },
  ];
}

/**
 * Chooses what the package manager will choose: of each wish the newest that fits, and what those need of the same repository.
 * `packages` are those of one processor; `compare` orders two of the same name. Throws BUNDLE_UPSTREAM_PACKAGE.
 */
export function choosePackages<P extends RepositoryPackage>(
  repository: string,
  packages: readonly P[],
  wishes: readonly PackageWish[],
  compare: (a: P, b: P) => number,
): P[] {
  const byName = new Map<string, P[]>();
  for (const one of [...packages].sort((a, b) => compare(b, a))) {
    byName.set(one.name, [...(byName.get(one.name) ?? []), one]);
  }
  const chosen = new Set<P>();
  for (const wish of wishes) {
    const candidates = byName.get(wish.name) ?? [];
    const found = candidates.find(({ version }) => fitsWish(version, wish.version));
    if (found) chosen.add(found);
    else if (wish.optional !== true) throw lacking(repository, wish, candidates);
  }
  // A set hands out what is added while it is gone through.
  for (const one of chosen) {
    for (const alternatives of one.needs) {
      const here = alternatives.filter(({ name }) => byName.has(name));
      if (here.length === 0) continue;
      const all = here.flatMap((need) => (byName.get(need.name) ?? []).filter((other) => need.fits(other)));
      const found = all.find((other) => chosen.has(other)) ?? all[0];
      if (found) chosen.add(found);
      else if (here.length === alternatives.length) {
        const names = here.map(({ name }) => name).join(' or ');
        throw new K8slabError(
          'BUNDLE_UPSTREAM_PACKAGE',
          `${one.name} ${one.version} needs a ${names} that ${repository} does not have.`,
        );
      }
    }
  }
  return [...chosen];
}

/** `1.36.3` fits 1.36.3-1.1 and, of an rpm, 1.36.3-150500.1.1. */
function fitsWish(version: string, wanted: string | undefined): boolean {
  return wanted === undefined || version.replace(/^\d+:/, '').startsWith(`${wanted}-`);
}

function lacking(
  repository: string,
  wish: PackageWish,
  candidates: readonly RepositoryPackage[],
): K8slabError {
  const what = wish.version === undefined ? wish.name : `${wish.name} ${wish.version}`;
  const newest = candidates[0]?.version.replace(/-.*$/, '');
  return new K8slabError('BUNDLE_UPSTREAM_PACKAGE', `${repository} does not have ${what}.`, {
    ...(newest === undefined
      ? {}
      : { fix: [`Its newest is ${newest}: kubernetes: {version: "${newest}"} in lab.yaml`] }),
  });
}
