import { chmod, copyFile, mkdir, rename } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { digestOnce } from '../digest.js';
import type { CacheEntry } from './cache.js';
import { locate, sourceDate, valuesOf, type BuildContext, type Sources } from './context.js';
import { fill } from './loadRecipes.js';
import type { Download } from './recipe.js';
import { tarBytes, withParents, type TarEntry } from './tarWriter.js';

/** Makes what others download as a file: one program or text as it is, or a compressed tar. */
export async function makeDownload(
  context: BuildContext,
  recipe: Download,
  sources: Sources,
): Promise<{ path: string; file: string; entry: CacheEntry }> {
  const values = valuesOf(sources.version, context.arch);
  const place = fill(recipe.path, values);
  const name = path.posix.basename(place);
  const entries = tarEntries(recipe, sources, values);
  const single = recipe.from === undefined ? undefined : locate(sources, recipe.from);
  const parts = single === undefined ? entries : [{ path: '', mode: 0o644, file: single }];
  const sums = await Promise.all(
    parts.map(async (part) => [part.path, (await digestOnce(part.file)).sha256]),
  );
  const entry = await context.cache.entry('downloads', name, { form: 1, sums }, async (folder) => {
    const target = path.join(folder, name);
    if (single !== undefined) {
      await copyFile(single, target);
      await chmod(target, 0o644);
      return;
    }
    const all: TarEntry[] = withParents(entries);
    await pipeline(
      Readable.from(tarBytes(all, sourceDate), { objectMode: false }),
      createGzip({ level: 6 }),
      createWriteStream(`${target}.tmp`),
    );
    await rename(`${target}.tmp`, target);
  });
  return { path: place, file: path.join(entry.folder, name), entry };
}

function tarEntries(
  recipe: Download,
  sources: Sources,
  values: Readonly<Record<string, string>>,
): { path: string; mode: number; file: string }[] {
  const named = Object.entries(recipe.entries ?? {}).map(([name, from]) => ({
    path: fill(name, values),
    mode: from.startsWith('programs/') ? 0o755 : 0o644,
    file: locate(sources, from),
  }));
  if (recipe.allPrograms === undefined) return named;
  const prefix = fill(recipe.allPrograms, values);
  const all = [...sources.programs].map(([name, file]) => ({
    path: prefix === '' ? name : `${prefix}/${name}`,
    mode: 0o755,
    file,
  }));
  return [...named, ...all];
}

/** Puts a file below the bundle's `files/`. */
export async function placeFile(bundle: string, place: string, file: string): Promise<void> {
  const target = path.join(bundle, 'files', ...place.split('/'));
  await mkdir(path.dirname(target), { recursive: true });
  await copyFile(file, target);
}
