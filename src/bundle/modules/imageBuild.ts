import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { exists } from '../../write/exists.js';
import type { CacheEntry } from './cache.js';
import { digestOnce } from '../digest.js';
import { writeImage, writeLayer, type Descriptor, type Layer } from '../oci.js';
import { locate, sourceDate, valuesOf, type BuildContext, type Sources } from './context.js';
import { debianRoot, rootLayer, rootOf } from './debianRoot.js';
import type { WantedImages } from './imageNames.js';
import { fill } from './loadRecipes.js';
import type { ImageRecipe } from './recipe.js';
import { tarBytes, withParents, type TarEntry } from './tarWriter.js';

export interface BuiltImage {
  /** Every name it has, all of one repository. */
  names: string[];
  manifest: Descriptor;
  /** Folders in the cache that hold its blobs, as `blobs/sha256/…`. */
  folders: string[];
  cached: boolean;
}

interface BuiltLayers {
  layers: Layer[];
  folders: string[];
}

const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Layers of Debian roots, each made once. */
export class RootLayers {
  private readonly known = new Map<string, Promise<BuiltLayers>>();
  private readonly roots = new Map<string, Promise<CacheEntry>>();

  constructor(private readonly context: BuildContext) {}

  get(name: string): Promise<BuiltLayers> {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const layers = this.make(name);
    // A failure is reported where the layers are needed.
    layers.catch(() => undefined);
    this.known.set(name, layers);
    return layers;
  }

  /** When nothing runs any more, whatever came of it. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.known.values());
  }

  private root(name: string): Promise<CacheEntry> {
    const root = this.roots.get(name) ?? debianRoot(this.context, name);
    this.roots.set(name, root);
    return root;
  }

  private async make(name: string): Promise<BuiltLayers> {
    const recipe = rootOf(this.context, name);
    const below = recipe.extends === undefined ? undefined : await this.get(recipe.extends);
    const belowRoot = recipe.extends === undefined ? undefined : await this.root(recipe.extends);
    const root = await this.root(name);
    const tar = path.join(root.folder, 'root.tar');
    const belowTar = belowRoot === undefined ? undefined : path.join(belowRoot.folder, 'root.tar');
    const sums = await Promise.all(
      [tar, belowTar].map(async (file) => file && (await digestOnce(file)).sha256),
    );
    const entry = await this.context.cache.entry(
      'layers',
      name,
      { form: 1, sums, remove: recipe.remove },
      async (folder) => {
        const layer = await writeLayer(folder, rootLayer(tar, recipe.remove, belowTar));
        await writeFile(path.join(folder, 'layer.json'), JSON.stringify(layer));
      },
    );
    const layer = JSON.parse(await readFile(path.join(entry.folder, 'layer.json'), 'utf8')) as Layer;
    return { layers: [...(below?.layers ?? []), layer], folders: [...(below?.folders ?? []), entry.folder] };
  }
}

/** Makes an image from its recipe, or finds it in the cache. Throws BUNDLE_IMAGE, BUNDLE_ROOT. */
export async function makeImage(
  context: BuildContext,
  recipe: ImageRecipe,
  sources: Sources,
  wanted: WantedImages,
  roots: RootLayers,
): Promise<BuiltImage> {
  const names = namesOf(context, recipe, sources, wanted);
  const below = recipe.root === undefined ? { layers: [], folders: [] } : await roots.get(recipe.root);
  const entries = await tarEntries(recipe, sources);
  const sums = await Promise.all(
    entries.map(async ({ file, ...entry }) => ({
      ...entry,
      sum: file === undefined ? '' : (await digestOnce(file)).sha256,
    })),
  );
  const config = {
    architecture: context.arch,
    created: sourceDate,
    environment: { PATH: defaultPath, ...recipe.environment },
    entrypoint: recipe.entrypoint,
    workingFolder: recipe.workingFolder,
    stopSignal: recipe.stopSignal,
  };
  const entry = await context.cache.entry(
    'images',
    recipe.name,
    { form: 2, config, sums, below: below.layers },
    async (folder) => {
      const own = entries.length === 0 ? [] : [await writeLayer(folder, tarBytes(entries, sourceDate))];
      const manifest = await writeImage(folder, config, [...below.layers, ...own]);
      await writeFile(path.join(folder, 'manifest.json'), JSON.stringify(manifest));
    },
  );
  const manifest = JSON.parse(await readFile(path.join(entry.folder, 'manifest.json'), 'utf8')) as Descriptor;
  return { names, manifest, folders: [...below.folders, entry.folder], cached: entry.cached };
}

function namesOf(
  context: BuildContext,
  recipe: ImageRecipe,
  sources: Sources,
  wanted: WantedImages,
): string[] {
  const values = valuesOf(sources.version, context.arch);
  const names = recipe.tags?.map((tag) => `${recipe.name}:${fill(tag, values)}`) ?? wanted.of(recipe.name);
  if (names.length === 0) {
    throw new K8slabError('BUNDLE_IMAGE', `Nothing says which tag the image ${recipe.name} shall have.`);
  }
  return names;
}

async function tarEntries(recipe: ImageRecipe, sources: Sources): Promise<TarEntry[]> {
  const files = await Promise.all(
    recipe.files.map(async ({ from, to, executable }) => {
      const file = locate(sources, from);
      const runs = executable ?? (from.startsWith('programs/') || ((await stat(file)).mode & 0o111) !== 0);
      return { path: to, mode: runs ? 0o755 : 0o644, file };
    }),
  );
  const trees = await Promise.all(recipe.trees.map(({ from, to }) => treeEntries(locate(sources, from), to)));
  const folders = recipe.folders.map((folder) => ({ path: folder, mode: 0o755 }));
  const all = [...files, ...trees.flat(), ...folders];
  // On a root the folders exist, and one that is a link there must stay one.
  return recipe.root === undefined ? withParents(all) : all;
}

async function treeEntries(folder: string, to: string): Promise<TarEntry[]> {
  const result: TarEntry[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const file = path.join(folder, name);
    const target = to === '' ? name : `${to}/${name}`;
    const info = await stat(file);
    if (info.isDirectory()) {
      const inside = await treeEntries(file, target);
      result.push(...(inside.length === 0 ? [{ path: target, mode: 0o755 }] : inside));
    } else if (info.isFile()) {
      result.push({ path: target, mode: (info.mode & 0o111) === 0 ? 0o644 : 0o755, file });
    }
  }
  return result;
}

/** Brings the blobs of images into one layout. */
export async function collectBlobs(layout: string, images: readonly BuiltImage[]): Promise<void> {
  const target = path.join(layout, 'blobs', 'sha256');
  await mkdir(target, { recursive: true });
  for (const folder of new Set(images.flatMap((image) => image.folders))) {
    const blobs = path.join(folder, 'blobs', 'sha256');
    if (!(await exists(blobs))) continue;
    for (const name of await readdir(blobs)) {
      if (!(await exists(path.join(target, name))))
        await copyFile(path.join(blobs, name), path.join(target, name));
    }
  }
}
