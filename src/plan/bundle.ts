import type { Bundle } from '../bundle/bundle.js';

/** What planning knows of a bundle; read outside, plain data. */
export interface BundleFacts {
  /** Absolute path of its folder, or the URL under which it is served. */
  location: string;
  document: Bundle;
  /** Images that Kubernetes manifests in it name, by the manifest's path below the bundle. */
  imagesOf: Record<string, string[]>;
}

/** Where a lab's local bundle is served, on the host's own address of the lab's network. */
export const mirrorPort = 8580;

/** A bundle as a table of sources: asked by the URL that a download has upstream. */
export interface BundleTable {
  arch: string;
  /** Version of a component, by its name in bundle.json: `kubernetes`, `calico`. */
  version: (component: string) => string | undefined;
  /** sha256 of a download, if the bundle has it. */
  sum: (url: string) => string | undefined;
  /** Whether it has anything below this URL. */
  holdsBelow: (url: string) => boolean;
  /** Fingerprint of the key that signs a repository, where that is not upstream's. */
  key: (url: string) => string | undefined;
  /** The version for which a URL with `{version}` (and `{arch}`) names a download; the newest of several, or of one major. */
  versionFor: (template: string, major?: string) => string | undefined;
  /** Images that the manifest at this URL names; undefined when it is not a manifest of the bundle. */
  imagesIn: (url: string) => string[] | undefined;
  hasImage: (name: string) => boolean;
  /** Its images of a registry, such as registry.k8s.io. */
  imagesFrom: (registry: string) => string[];
  /** The image of the same repository, with the bundle's tag. */
  sameImage: (name: string) => string | undefined;
}

export function bundleTable({ document, imagesOf }: BundleFacts): BundleTable {
  const arch = document.platform.replace(/^linux\//, '');
  const files = new Map(document.files.map(({ path, sha256 }) => [path, sha256]));
  const images = new Set(document.images.map(({ name }) => name));
  return {
    arch,
    version: (component) =>
      Object.hasOwn(document.versions, component) ? document.versions[component] : undefined,
    sum: (url) => files.get(pathOf(url)),
    holdsBelow: (url) => {
      const folder = `${pathOf(url).replace(/\/+$/, '')}/`;
      return document.files.some(({ path }) => path.startsWith(folder));
    },
    key: (url) => (Object.hasOwn(document.keys, url) ? document.keys[url] : undefined),
    versionFor: (template, major) => {
      const pattern = patternOf(pathOf(template), arch);
      const versions = [...files.keys()].flatMap((path) => pattern.exec(path)?.groups?.version ?? []);
      return versions
        .filter((version) => major === undefined || version.split('.')[0] === major)
        .sort(byVersion)
        .at(-1);
    },
    imagesIn: (url) => imagesOf[pathOf(url)]?.map(fullImageName),
    hasImage: (name) => images.has(name),
    imagesFrom: (registry) => [...images].filter((name) => name.startsWith(`${registry}/`)),
    sameImage: (name) =>
      images.has(name)
        ? name
        : [...images].find((other) => withoutTag(other) === withoutTag(fullImageName(name))),
  };
}

/** `nginx` → `docker.io/library/nginx:latest`, as the container runtime completes it. */
export function fullImageName(name: string): string {
  const parts = name.split('/');
  const registry = /[.:]/.test(parts[0] ?? '') && parts.length > 1 ? '' : 'docker.io/';
  const library = registry !== '' && parts.length === 1 ? 'library/' : '';
  const tag = withoutTag(name) === name ? ':latest' : '';
  return `${registry}${library}${name}${tag}`;
}

/** `https://host/path` lies at `files/host/path`. */
function pathOf(url: string): string {
  return `files/${url.replace(/^[a-z]+:\/\//, '')}`;
}

function withoutTag(image: string): string {
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? image.slice(0, colon) : image;
}

function patternOf(template: string, arch: string): RegExp {
  let seen = false;
  const source = template
    .replaceAll('{arch}', arch)
    .replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{([A-Za-z0-9_-]+)\}/g, (_, name: string) => {
      if (name !== 'version') return '[^/]+';
      if (seen) return '\\k<version>';
      seen = true;
      return '(?<version>\\d[0-9A-Za-z.+-]*?)';
    });
  return new RegExp(`^${source}$`);
}

function byVersion(one: string, other: string): number {
  const [left, right] = [one, other].map((text) => text.split(/\D+/).map(Number));
  for (const [index, number] of (left ?? []).entries()) {
    const difference = number - (right?.[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return (left?.length ?? 0) - (right?.length ?? 0);
}
