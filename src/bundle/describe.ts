import { stat } from 'node:fs/promises';
import path from 'node:path';
import { inParallel } from '../write/inParallel.js';
import { listFiles, readBundle } from './document.js';

/** What `bundle list` shows. Sizes in bytes. */
export interface BundleDescription {
  name: string;
  from: 'upstream' | 'modules';
  platform: string;
  /** Component and version, by name. */
  versions: { component: string; version: string }[];
  /** Layers that images share count for each of them. */
  images: { name: string; size: number; origin: string }[];
  /** Without the package lists and signatures. */
  files: { path: string; size: number; origin: string }[];
  /** Repositories that are signed by another key than upstream's. */
  keys: { repository: string; fingerprint: string }[];
  /** Of the whole folder; what images share counts once. */
  size: number;
}

const housekeeping = /\/(Packages(\.gz|\.xz)?|Release(\.gpg|\.key)?|InRelease)$/;

/** Describes a bundle's content. Throws BUNDLE_NOT_FOUND. */
export async function describeBundle(folder: string): Promise<BundleDescription> {
  const bundle = await readBundle(folder);
  const byName =
    <T>(key: (value: T) => string) =>
    (a: T, b: T): number =>
      key(a) < key(b) ? -1 : 1;
  return {
    name: bundle.name,
    from: bundle.from,
    platform: bundle.platform,
    versions: Object.entries(bundle.versions)
      .map(([component, version]) => ({ component, version }))
      .sort(byName((entry) => entry.component)),
    images: bundle.images
      .map(({ name, size, origin }) => ({ name, size, origin }))
      .sort(byName((image) => image.name)),
    files: bundle.files
      .filter((file) => !housekeeping.test(file.path))
      .map((file) => ({ path: file.path.replace(/^files\//, ''), size: file.size, origin: file.origin })),
    keys: Object.entries(bundle.keys).map(([repository, fingerprint]) => ({ repository, fingerprint })),
    size: await sizeOf(folder, ['files', 'oci']),
  };
}

async function sizeOf(folder: string, parts: readonly string[]): Promise<number> {
  const files = (await Promise.all(parts.map((part) => listFiles(folder, part)))).flat();
  const sizes = await inParallel(files, async (file) => (await stat(path.join(folder, file))).size);
  return sizes.reduce((sum, size) => sum + size, 0);
}
