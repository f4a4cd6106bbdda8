import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../errors/error.js';

/** The folders of the package that are data. */
export const assetFolders = ['box-templates', 'provision-scripts', 'labs'] as const;

/** Recipes build boxes and bundles; their builders read them where they lie. */
const recipe = /^box-templates\/(bundle|[^/]+\/(?:box|bake))\//;
/** Editors' and systems' leftovers. */
const ignored = /(^|\/)(\.[^/]*|[^/]*~|#[^/]*#|Thumbs\.db)$/;

/**
 * Reads every text file of the asset folders below a package root, all at once.
 * Gives path (relative, forward slashes) to text; line ends are LF whatever the checkout did.
 * Throws RENDER_ASSET when the folders are not there or cannot be read.
 */
export async function readAssetTexts(root: string): Promise<Map<string, string>> {
  const lists = await Promise.all(assetFolders.map((folder) => listFiles(root, folder)));
  const paths = lists.flat().sort();
  const texts = await Promise.all(paths.map((file) => readText(root, file)));
  return new Map(paths.map((file, index) => [file, texts[index] ?? '']));
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  try {
    const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
      .filter((file) => !recipe.test(file) && !ignored.test(file));
  } catch (cause) {
    throw unreadable(path.join(root, folder), cause);
  }
}

async function readText(root: string, file: string): Promise<string> {
  try {
    return (await readFile(path.join(root, file), 'utf8')).replaceAll('\r\n', '\n');
  } catch (cause) {
    throw unreadable(path.join(root, file), cause);
  }
}

function unreadable(file: string, cause: unknown): K8slabError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new K8slabError('RENDER_ASSET', `${file} cannot be read: ${reason}.`, { cause });
}
