import { K8slabError } from '../../errors/error.js';
import type { Cluster, Source } from '../../plan/cluster.js';
import { kubeadmImages } from '../../plan/versions.js';
import { versionInTag } from '../modules/imageNames.js';
import { compareDebian } from './debianVersion.js';
import { kubernetesWishes, type PackageWish } from './choosePackages.js';
import { placeOf } from './places.js';
import type { RepositoryWish } from './repository.js';
import type { Wanted } from './types.js';

/** Everything that some labs download, each once. */
export interface Wishes {
  repositories: RepositoryWish[];
  files: Wanted[];
  /** As the plans name them. */
  images: string[];
  /** Of those, what a downloaded manifest should name. */
  inManifests: string[];
  /** Component to its versions. */
  versions: Map<string, Set<string>>;
}

/** Reads the plans of labs. Throws BUNDLE_UPSTREAM_VERSIONS when they differ in Kubernetes' version, BUNDLE_UPSTREAM_DIGEST for a download that has no pinned checksum. */
export function wishesOf(
  clusters: readonly Cluster[],
  arch: 'amd64' | 'arm64',
  furtherImages: readonly string[] = [],
): Wishes {
  requireOneVersion(clusters);
  const repositories = new Map<string, RepositoryWish>();
  const files = new Map<string, Wanted>();
  const versions = new Map<string, Set<string>>();
  const note = (component: string, version: string | undefined): void => {
    if (version !== undefined) versions.set(component, (versions.get(component) ?? new Set()).add(version));
  };
  for (const cluster of clusters) {
    note('kubernetes', cluster.kubernetes?.version);
    const sources = cluster.sources.filter((source) => source.arch === undefined || source.arch === arch);
    for (const source of sources) {
      const { kind, url, id, version } = source;
      if (kind === 'file') {
        files.set(url, wantedOf(source));
        note(id.replace(/-(amd64|arm64)$/, '').replace(/-manifest$/, ''), version);
      } else if (kind !== 'image-registry') {
        const known = repositories.get(url)?.packages ?? [];
        const more = packagesFor(source, cluster).filter(
          (wish) => !known.some((other) => isSame(wish, other)),
        );
        repositories.set(url, { kind, url, ...keyOf(source), packages: [...known, ...more] });
      }
    }
  }
  const planned = unique(clusters.flatMap(imagesOfCluster));
  const images = unique([...planned, ...furtherImages]);
  for (const image of images) {
    const last = /^registry\.k8s\.io\/(?:.*\/)?(etcd|coredns|pause):/.exec(image)?.[1];
    if (last !== undefined) note(last, versionInTag(image));
  }
  const kubeadms = new Set(
    clusters.flatMap(({ kubernetes }) => (kubernetes ? kubeadmImages(kubernetes) : [])),
  );
  const inManifests = planned.filter(
    (image) => !kubeadms.has(image) && !image.startsWith('registry.k8s.io/pause:'),
  );
  return {
    repositories: [...repositories.values()],
    files: [...files.values()],
    images,
    inManifests,
    versions,
  };
}

/** The newest of each component: what a lab that names no version takes. */
export function newestVersions({ versions }: Wishes): Record<string, string> {
  return Object.fromEntries(
    [...versions].map(([component, all]) => [component, [...all].sort(compareDebian).at(-1) ?? '']),
  );
}

/** A lab that names no version takes the bundle's, so there can be but one. */
function requireOneVersion(clusters: readonly Cluster[]): void {
  const found = unique(clusters.flatMap(({ kubernetes }) => kubernetes?.version ?? []));
  if (found.length < 2) return;
  throw new K8slabError(
    'BUNDLE_UPSTREAM_VERSIONS',
    `The labs use several versions of Kubernetes: ${found.join(', ')}.`,
  );
}

function imagesOfCluster({ images, runtime, kubernetes }: Cluster): string[] {
  const { sandbox } = runtime.options;
  return kubernetes && typeof sandbox === 'string' ? [...images, sandbox] : images;
}

function wantedOf({ url, sha256, id }: Source): Wanted {
  if (sha256 === undefined) {
    throw new K8slabError(
      'BUNDLE_UPSTREAM_DIGEST',
      `No checksum is pinned for ${url}, so it cannot be part of a bundle.`,
      {
        fix: [
          'Choose the version whose checksum the program knows, or add it to the manifest of provision-scripts.',
        ],
      },
    );
  }
  return { url, sha256, what: placeOf(url).split('/').at(-1) ?? id };
}

function keyOf({ url, keyUrl, keyFingerprint }: Source): { keyUrl: string; fingerprint: string } {
  if (keyUrl === undefined || keyFingerprint === undefined) {
    throw new K8slabError(
      'BUNDLE_UPSTREAM_SIGNATURE',
      `No key is pinned for ${url}, so it cannot be part of a bundle.`,
      {
        fix: ['Add keyUrl and keyFingerprint to the manifest in provision-scripts.'],
      },
    );
  }
  return { keyUrl, fingerprint: keyFingerprint };
}

/** Another repository than Kubernetes' own holds a package that is called like its source. */
function packagesFor({ id, version }: Source, { kubernetes }: Cluster): PackageWish[] {
  if (id === 'kubernetes') return kubernetes ? kubernetesWishes(kubernetes.version) : [];
  return [{ name: id, ...(version === undefined ? {} : { version }) }];
}

function isSame(one: PackageWish, other: PackageWish): boolean {
  return one.name === other.name && one.version === other.version;
}

export function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}
