import type { Assets, SourceManifest, StepFolderManifest } from '../assets/manifests.js';
import { kubernetesVersions, minorOf } from '../lab/versions.js';
import { bundleTable, type BundleFacts, type BundleTable } from './bundle.js';

/**
 * The assets for a lab with a bundle: where the lab names no version, that of the bundle is meant, and what the bundle has
 * may be asked for. Everything else may still be asked for, too; the plan then says what the bundle lacks.
 */
export function withBundle(assets: Assets, bundle: BundleFacts): Assets {
  const table = bundleTable(bundle);
  const folders = (group: Assets['cnis']): Assets['cnis'] =>
    Object.fromEntries(Object.entries(group).map(([name, folder]) => [name, offered(folder, table)]));
  return {
    ...assets,
    kubernetesVersions: versionsWith(table, assets),
    base: offered(assets.base, table),
    kubernetes: offered(assets.kubernetes, table),
    runtimes: folders(assets.runtimes),
    cnis: folders(assets.cnis),
    bootstraps: folders(assets.bootstraps),
    loadBalancers: folders(assets.loadBalancers),
  };
}

/** The bundle's version first: it is the default. */
function versionsWith(table: BundleTable, assets: Assets): NonNullable<Assets['kubernetesVersions']> {
  const known = assets.kubernetesVersions ?? kubernetesVersions;
  const latest = table.version('kubernetes');
  const minor = latest === undefined ? undefined : minorOf(latest);
  if (latest === undefined || minor === undefined) return known;
  return [{ minor, latest }, ...known.filter((other) => other.minor !== minor)];
}

function offered(folder: StepFolderManifest, table: BundleTable): StepFolderManifest {
  const { version } = folder.options;
  const found = folder.sources.flatMap((source) => table.versionFor(source.url) ?? []);
  const own = version === undefined ? undefined : found[0];
  const retagged = withImages(folder, table);
  if (version === undefined || own === undefined) {
    const sources = folder.sources.map((source) => ofBundle(source, table));
    return { ...retagged, sources };
  }
  const { kubernetes, ...rest } = retagged;
  const values = version.values && [...new Set([...version.values, own])];
  return {
    ...rest,
    // Upstream's list of tested minors is about another version.
    ...(own === version.default && kubernetes !== undefined && { kubernetes }),
    options: { ...retagged.options, version: { ...version, ...(values && { values }), default: own } },
    sources: ofVersion(folder.sources, String(version.default), own),
  };
}

function ofBundle(source: SourceManifest, table: BundleTable): SourceManifest {
  const version = source.kind === 'file' ? table.versionFor(source.url, majorOf(source.version)) : undefined;
  return version === undefined ? source : { ...source, version };
}

/** Another major is another program, with other configuration: nothing takes its place. */
function majorOf(version: string | undefined): string | undefined {
  return version?.split('.')[0];
}

/** Adds what a folder would download in the bundle's version: the same as in its usual one, but for the sums. */
function ofVersion(sources: readonly SourceManifest[], usual: string, own: string): SourceManifest[] {
  if (own === usual) return [...sources];
  const added = sources
    .filter(({ when }) => when?.version === usual)
    .map((source) => ({ ...source, version: own, when: { ...source.when, version: own } }));
  return [...sources.filter(({ when }) => when?.version !== own), ...added];
}

/** Images that are named with a tag (the pause image, say) are those of the bundle. */
function withImages(folder: StepFolderManifest, table: BundleTable): StepFolderManifest {
  const same = (image: string): string => (image.includes('{') ? image : (table.sameImage(image) ?? image));
  const options = Object.entries(folder.options).map(([name, option]) => {
    const isImage = typeof option.default === 'string' && option.default.includes('/');
    return [name, isImage ? { ...option, default: same(String(option.default)) } : option] as const;
  });
  return {
    ...folder,
    images: folder.images.map((image) => (typeof image === 'string' ? same(image) : image)),
    options: Object.fromEntries(options),
  };
}
