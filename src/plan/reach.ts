import type { Cluster } from './cluster.js';

/** A host that machines download from, and something they ask it for. */
export interface HostProbe {
  host: string;
  url: string;
}

/** A host that machines of a lab would not get their downloads from, and why, for people. */
export interface Unreachable {
  host: string;
  reason: string;
}

/** Docker Hub's images are not on the host that they are named by. */
const registryHosts: Readonly<Record<string, string>> = { 'docker.io': 'registry-1.docker.io' };

/** One thing of each host that a lab's machines download from, the distribution's packages aside. */
export function hostProbes({ sources, images }: Pick<Cluster, 'sources' | 'images'>): HostProbe[] {
  const urls = [...sources.map(({ url, keyUrl }) => keyUrl ?? url), ...images.map(manifestUrl)];
  const probes = new Map<string, HostProbe>();
  for (const url of urls) {
    const { host } = new URL(url);
    if (!probes.has(host)) probes.set(host, { host, url });
  }
  return [...probes.values()];
}

/** Where a registry is asked for an image: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pull */
function manifestUrl(image: string): string {
  const slash = image.indexOf('/');
  const colon = image.lastIndexOf(':');
  const registry = image.slice(0, slash);
  const host = registryHosts[registry] ?? registry;
  return `https://${host}/v2/${image.slice(slash + 1, colon)}/manifests/${image.slice(colon + 1)}`;
}

/**
 * Takes the status of an answer; gives what speaks against downloading there, if anything. 401 is how registries begin
 * (https://distribution.github.io/distribution/spec/auth/token/), 404 and 405 are the host's own words about one file, and whoever
 * says 429 is there. What refuses everybody (403, 451) or is broken (5xx) gives a machine nothing.
 */
export function refusal(status: number): string | undefined {
  if (status >= 200 && status < 400) return undefined;
  if ([401, 404, 405, 429].includes(status)) return undefined;
  if (status === 407) return 'a proxy in between wants a login';
  if (status === 403 || status === 451) return `it refuses the download (status ${status})`;
  return `it answers with status ${status}`;
}
