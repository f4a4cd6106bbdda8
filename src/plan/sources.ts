import type { SourceManifest } from '../assets/manifests.js';
import type { BundleTable } from './bundle.js';
import type { ChosenFolder } from './choices.js';
import type { KubernetesPlan, PackageFamily, Source } from './cluster.js';
import { applies, manifestFault } from './when.js';

/** Processors a source is listed for when its URL or checksum names one. */
const architectures = ['amd64', 'arm64'] as const;

export interface PlannedSources {
  sources: Source[];
  /** Shell constants by name: `CONTAINERD_URL_AMD64`, `CALICO_SHA256`. */
  constants: Map<string, string>;
  /** What the lab's bundle does not have. */
  lacking: { folder: ChosenFolder; id: string; kind: Source['kind']; version: string | undefined }[];
  /** Folders that download programs of Kubernetes in a version whose checksums are not known, with those that are. */
  unsummed: Map<ChosenFolder, string[]>;
}

/**
 * Every download of the chosen folders for a package family, URLs filled in. What differs by processor is listed
 * once a processor, with its name at the end of the id. With a bundle, sums and fingerprints are the bundle's, and the only
 * processor is that of the bundle.
 */
export function planSources(
  folders: readonly ChosenFolder[],
  family: PackageFamily,
  kubernetes: KubernetesPlan | undefined,
  bundle?: BundleTable,
): PlannedSources {
  const sources: Source[] = [];
  const lacking: PlannedSources['lacking'] = [];
  const constants = new Map<string, string>();
  const unsummed: PlannedSources['unsummed'] = new Map();
  const without = new Set(folders.flatMap(({ manifest }) => manifest.without?.sources ?? []));
  for (const folder of folders) {
    for (const manifest of sourcesOf(folder, family).filter(({ id }) => !without.has(id))) {
      if (sources.some(({ id }) => id === manifest.id))
        throw manifestFault(folder, `two sources are called ${manifest.id}`);
      // Programs of Kubernetes have its version, whatever else the folder downloads.
      const own = manifest.sha256Of ? undefined : versionOf(folder, family);
      const version =
        manifest.version ?? own ?? (ofOtherProject(folder, manifest) ? undefined : kubernetes?.version);
      const fill = (text: string, arch?: string): string =>
        fillPlaceholders(text, folder, { version, minor: kubernetes?.minor, arch });
      const common = {
        kind: manifest.kind,
        ...(manifest.keyUrl !== undefined && { keyUrl: fill(manifest.keyUrl) }),
        ...withFingerprint(
          (manifest.kind === 'file' ? undefined : bundle?.key(fill(manifest.url))) ?? manifest.keyFingerprint,
        ),
        ...(version !== undefined && { version }),
      };
      const byArch = manifest.url.includes('{arch}') || architectures.some((arch) => manifest.sha256?.[arch]);
      for (const arch of byArch ? architectures : [undefined]) {
        if (bundle !== undefined && arch !== undefined && arch !== bundle.arch) {
          // No machine of this lab has that processor.
          for (const what of ['URL', 'SHA256']) constants.set(constantName(manifest.id, what, arch), '');
          continue;
        }
        const url = fill(manifest.url, arch);
        const file = manifest.kind === 'file';
        const sums = manifest.sha256Of?.[version ?? ''] ?? manifest.sha256;
        const sha256 = bundle && file ? bundle.sum(url) : sums?.[arch ?? 'any'];
        if (bundle && (file ? sha256 === undefined : !bundle.holdsBelow(url)))
          lacking.push({ folder, id: manifest.id, kind: manifest.kind, version });
        if (!bundle && manifest.sha256Of !== undefined && sha256 === undefined)
          unsummed.set(folder, Object.keys(manifest.sha256Of));
        const id = arch === undefined ? manifest.id : `${manifest.id}-${arch}`;
        sources.push({ id, url, ...common, ...(arch && { arch }), ...(sha256 !== undefined && { sha256 }) });
        constants.set(constantName(manifest.id, 'URL', arch), url);
        if (sha256 !== undefined) constants.set(constantName(manifest.id, 'SHA256', arch), sha256);
      }
      if (version !== undefined) constants.set(constantName(manifest.id, 'VERSION'), version);
      if (common.keyUrl !== undefined) constants.set(constantName(manifest.id, 'KEY_URL'), common.keyUrl);
      if (common.keyFingerprint !== undefined) {
        constants.set(constantName(manifest.id, 'KEY_FINGERPRINT'), common.keyFingerprint);
      }
      if (folder.path === 'kubernetes' && manifest.kind.endsWith('-repository')) {
        constants.set('KUBERNETES_REPOSITORY', fill(manifest.url));
        if (common.keyUrl !== undefined) constants.set('KUBERNETES_KEY_URL', common.keyUrl);
        if (common.keyFingerprint !== undefined)
          constants.set('KUBERNETES_KEY_FINGERPRINT', common.keyFingerprint);
      }
    }
  }
  return { sources, constants, lacking, unsummed };
}

/** A repository of packages that are not Kubernetes': what is in it has versions of its own. */
function ofOtherProject(folder: ChosenFolder, { kind }: SourceManifest): boolean {
  return kind.endsWith('-repository') && folder.path !== 'kubernetes';
}

function withFingerprint(keyFingerprint: string | undefined): { keyFingerprint?: string } {
  return keyFingerprint === undefined ? {} : { keyFingerprint };
}

/**
 * The images a folder's manifest names, `{version}` filled in. With a bundle that holds the Kubernetes manifests which
 * the folder downloads: those that they name.
 */
export function imagesOf(
  folder: ChosenFolder,
  family: PackageFamily,
  kubernetes: KubernetesPlan | undefined,
  bundle?: BundleTable,
): string[] {
  const named = (bundle ? sourcesOf(folder, family) : []).flatMap(({ url, version }) => {
    const values = { version: version ?? kubernetes?.version, minor: kubernetes?.minor, arch: bundle?.arch };
    return bundle?.imagesIn(fillPlaceholders(url, folder, values)) ?? [];
  });
  if (named.length > 0) return [...new Set(named)];
  const version = versionOf(folder, family) ?? kubernetes?.version;
  const images = folder.manifest.images.flatMap((image) =>
    typeof image === 'string' ? [image] : applies(image.when, folder) ? [image.name] : [],
  );
  return images.map((image) =>
    fillPlaceholders(image, folder, { version, minor: kubernetes?.minor, arch: undefined }),
  );
}

/** The version of a variant: its option `version`, or that of its first source; none of what has the version of Kubernetes. */
export function versionOf(folder: ChosenFolder, family: PackageFamily): string | undefined {
  const option = folder.options.version;
  if (option !== undefined) return String(option);
  const sources = sourcesOf(folder, family);
  if (sources.some(({ sha256Of }) => sha256Of !== undefined)) return undefined;
  return sources.find(({ version }) => version !== undefined)?.version;
}

function sourcesOf(folder: ChosenFolder, family: PackageFamily): SourceManifest[] {
  return folder.manifest.sources.filter(
    (source) => (source.family === undefined || source.family === family) && applies(source.when, folder),
  );
}

/** `containerd`, `URL`, `amd64` → `CONTAINERD_URL_AMD64` */
function constantName(id: string, what: string, arch?: string): string {
  return [id, what, arch]
    .filter((part) => part !== undefined)
    .join('_')
    .replaceAll('-', '_')
    .toUpperCase();
}

function fillPlaceholders(
  text: string,
  folder: ChosenFolder,
  values: Record<string, string | undefined>,
): string {
  return text.replaceAll(/\{([A-Za-z0-9_-]+)\}/g, (_, name: string) => {
    const value = values[name] ?? folder.options[name];
    if (value === undefined) throw manifestFault(folder, `nothing to fill in for {${name}} in ${text}`);
    return String(value);
  });
}
