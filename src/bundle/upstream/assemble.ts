import { constants } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import type { Bundle } from '../bundle.js';
import { writeBundleDocument } from '../document.js';
import { blobPath, writeIndex } from '../oci.js';
import { verifyBundle } from '../verify.js';
import type { UpstreamContext } from './context.js';
import type { Findings } from './look.js';

/** Lays a complete bundle out in a new folder, from what the store has, and reads all of it again. */
export async function assemble(
  { store, arch }: UpstreamContext,
  folder: string,
  { pieces, images }: Findings,
  about: { name: string; versions: Record<string, string> },
): Promise<Bundle> {
  const sums = new Map<string, string>();
  const origins = new Map<string, string>();
  for (const piece of pieces) {
    const target = path.join(folder, ...piece.place.split('/'));
    await mkdir(path.dirname(target), { recursive: true });
    if ('bytes' in piece) await writeFile(target, piece.bytes);
    else {
      await copyFile(store.pathOf(piece.wanted.sha256), target, constants.COPYFILE_FICLONE);
      sums.set(piece.place, piece.wanted.sha256);
    }
    origins.set(piece.place, piece.origin);
  }
  const layout = path.join(folder, 'oci');
  await mkdir(path.join(layout, 'blobs', 'sha256'), { recursive: true });
  for (const { name, origin, manifest, bytes, blobs } of images) {
    await writeFile(path.join(layout, blobPath(manifest.digest)), bytes);
    for (const { sha256 } of blobs) {
      const target = path.join(layout, blobPath(`sha256:${sha256}`));
      await copyFile(store.pathOf(sha256), target, constants.COPYFILE_FICLONE);
    }
    origins.set(name, origin);
  }
  await writeIndex(layout, images);
  const bundle = await writeBundleDocument(folder, {
    name: about.name,
    from: 'upstream',
    platform: `linux/${arch}`,
    versions: about.versions,
    keys: {},
    originOf: (name) => origins.get(name) ?? '',
  });
  await requireWhole(folder, bundle, sums);
  return bundle;
}

/** The disk may give back something else than was written; better found now than in front of a class. */
async function requireWhole(
  folder: string,
  bundle: Bundle,
  sums: ReadonlyMap<string, string>,
): Promise<void> {
  const changed = bundle.files
    .filter(({ path: place, sha256 }) => (sums.get(place) ?? sha256) !== sha256)
    .map(({ path: place }) => `${place} has another content than was downloaded.`);
  const findings = [...changed, ...(await verifyBundle(folder)).map(({ message }) => message)];
  if (findings.length === 0) return;
  throw new K8slabError('BUNDLE_UPSTREAM_DIGEST', 'The bundle could not be written correctly to this disk.', {
    raw: findings.join('\n'),
    fix: ['Check the disk that the bundle and the cache lie on, then run the same command again.'],
  });
}
