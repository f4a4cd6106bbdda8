import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { K8slabError } from '../errors/error.js';
import { inParallel } from '../write/inParallel.js';
import { bundleDocument, type Bundle } from './bundle.js';
import { digestFile } from './digest.js';
import { imageSize, nameAnnotation, parseIndex } from './oci.js';

/** What only the maker of a bundle knows; sizes, sums and digests are read from the folder. */
export interface BundleFacts extends Pick<Bundle, 'name' | 'from' | 'platform' | 'versions' | 'keys'> {
  /** Where a file came from, by its path below the bundle (`files/…`) or an image by its full name. */
  originOf: (pathOrImage: string) => string;
}

/** Writes `bundle.json` for the files and images that lie in the folder; gives it. */
export async function writeBundleDocument(folder: string, facts: BundleFacts): Promise<Bundle> {
  const { originOf, ...known } = facts;
  const paths = await listFiles(folder, 'files');
  const files = await inParallel(paths, async (file) => ({
    path: file,
    ...(await digestFile(path.join(folder, file))),
    origin: originOf(file),
  }));
  const document: Bundle = { schema: 1, ...known, files, images: await listImages(folder, originOf) };
  await writeFile(path.join(folder, 'bundle.json'), `${JSON.stringify(document, null, 2)}\n`);
  return document;
}

async function listImages(folder: string, originOf: BundleFacts['originOf']): Promise<Bundle['images']> {
  const layout = path.join(folder, 'oci');
  const index = parseIndex(await readFile(path.join(layout, 'index.json'), 'utf8'));
  return inParallel(index.manifests, async (described) => {
    const name = described.annotations?.[nameAnnotation] ?? '';
    return {
      name,
      digest: described.digest,
      size: await imageSize(layout, described),
      origin: originOf(name),
    };
  });
}

/** Files below a folder of the bundle, as sorted paths with forward slashes; none when it is not there. */
export async function listFiles(bundle: string, below: string): Promise<string[]> {
  const folder = path.join(bundle, below);
  if ((await stat(folder).catch(() => undefined)) === undefined) return [];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(bundle, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .sort();
}

/** Reads a bundle's `bundle.json`. Throws BUNDLE_NOT_FOUND. */
export async function readBundle(folder: string): Promise<Bundle> {
  const file = path.join(folder, 'bundle.json');
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new K8slabError('BUNDLE_NOT_FOUND', `${folder} is not a bundle: ${file} cannot be read.`, {
      cause,
    });
  }
  const parsed = bundleDocument.safeParse(content);
  if (!parsed.success) {
    throw new K8slabError(
      'BUNDLE_NOT_FOUND',
      `${file} does not describe a bundle that this version understands.`,
      {
        raw: z.prettifyError(parsed.error),
      },
    );
  }
  return parsed.data;
}
