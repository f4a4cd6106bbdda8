import { fileURLToPath } from 'node:url';
import { assembleAssets } from './assemble.js';
import { readAssetTexts } from './folders.js';
import type { Assets } from './manifests.js';

/** Root of the package, both from `src/` and from `dist/`; absolute. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Reads everything the program ships as data: manifests, templates, scripts and presets.
 * `root` is the package's folder by default. Throws RENDER_ASSET errors that name file and field.
 */
export async function loadAssets(root: string = packageRoot): Promise<Assets> {
  return assembleAssets(root, await readAssetTexts(root));
}
