import { readFile } from 'node:fs/promises';
import { K8slabError } from '../../errors/error.js';
import { imagesIn } from '../modules/imageNames.js';
import { lookAtApt } from './aptRepository.js';
import { eachOf, type UpstreamContext } from './context.js';
import { download } from './download.js';
import { parseImageName, type ImageName } from './imageName.js';
import { placeOf } from './places.js';
import { resolveImage, type ResolvedImage } from './registry.js';
import type { RepositoryContent, RepositoryWish } from './repository.js';
import { lookAtRpm } from './rpmRepository.js';
import type { Piece, Wanted } from './types.js';
import type { Wishes } from './wishes.js';

/** What is to be downloaded, with sizes as far as hosts say them. */
export interface Findings {
  pieces: Piece[];
  images: ResolvedImage[];
  packages: RepositoryContent['packages'];
}

/** Requests at once while looking: small ones, to few hosts. */
const atOnce = 6;

/**
 * Finds out what there is to download: package lists, images' manifests, sizes. Downloads nothing large, except manifests
 * of Kubernetes objects, as they name further images.
 */
export async function lookAround(
  context: UpstreamContext,
  wishes: Wishes,
  stop: () => void,
): Promise<Findings> {
  const progress = (text: string): void => {
    context.report({ kind: 'progress', id: 'look', text });
  };
  const repositories = await eachOf(wishes.repositories, atOnce, stop, async (wish) => {
    progress(wish.url);
    return await lookAtRepository(context, wish);
  });
  const files = await eachOf(wishes.files, atOnce, stop, async (file) => {
    progress(file.what);
    return await withSize(context, file);
  });
  const named = await imagesInFiles(context, wishes.files);
  const names = [...wishes.images.map(requireName), ...compare(context, wishes, named)];
  const byName = [...new Map(names.map((name) => [name.full, name])).values()];
  const images = await eachOf(byName, atOnce, stop, async (name) => {
    progress(name.full);
    return await resolveImage(context, name);
  });
  return {
    pieces: [
      ...repositories.flatMap(({ pieces }) => pieces),
      ...files.map((wanted) => ({ place: placeOf(wanted.url), origin: wanted.url, wanted })),
    ],
    images,
    packages: repositories.flatMap(({ packages }) => packages),
  };
}

function lookAtRepository(context: UpstreamContext, wish: RepositoryWish): Promise<RepositoryContent> {
  return wish.kind === 'apt-repository' ? lookAtApt(context, wish) : lookAtRpm(context, wish);
}

async function withSize(context: UpstreamContext, wanted: Wanted): Promise<Wanted> {
  const known = await context.store.find(wanted.sha256);
  if (known !== undefined) return { ...wanted, size: known };
  if (isManifest(wanted)) {
    await download(context.client, context.store, wanted);
    return withSize(context, wanted);
  }
  const size = await context.client.sizeOf({ url: wanted.url });
  return size === undefined ? wanted : { ...wanted, size };
}

function isManifest({ url }: Wanted): boolean {
  return /\.ya?ml$/.test(new URL(url).pathname);
}

async function imagesInFiles(
  context: UpstreamContext,
  files: readonly Wanted[],
): Promise<Map<string, string>> {
  const named = new Map<string, string>();
  for (const file of files.filter(isManifest)) {
    const text = await readFile(context.store.pathOf(file.sha256), 'utf8');
    for (const image of imagesIn(text)) named.set(image, file.what);
  }
  return named;
}

/** Images that manifests name are taken in any case; where plan and manifest differ, that is said. */
function compare(context: UpstreamContext, wishes: Wishes, named: ReadonlyMap<string, string>): ImageName[] {
  const note = (text: string): void => {
    context.report({ kind: 'note', text });
  };
  const planned = new Set(wishes.images.map((image) => requireName(image).full));
  const found = new Set<string>();
  const names: ImageName[] = [];
  for (const [image, file] of named) {
    const name = parseImageName(image);
    if (!name) {
      note(`${file} names ${JSON.stringify(image)}, which is not an image’s name; it is left out.`);
      continue;
    }
    found.add(name.full);
    names.push(name);
    if (!planned.has(name.full))
      note(`${file} names ${name.full}, which the plan does not; it is part of the bundle.`);
  }
  for (const image of named.size === 0 ? [] : wishes.inManifests) {
    if (!found.has(requireName(image).full))
      note(`No manifest names ${image}, which the plan does; it is part of the bundle.`);
  }
  return names;
}

function requireName(image: string): ImageName {
  const name = parseImageName(image);
  if (name) return name;
  throw new K8slabError(
    'BUNDLE_UPSTREAM_NOT_FOUND',
    `${JSON.stringify(image)} is not the name of an image.`,
    {
      fix: ['Correct the name in lab.yaml, or in the manifest of provision-scripts that names it.'],
    },
  );
}
