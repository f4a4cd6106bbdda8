import { assembleAssets } from './assemble.js';
import { readAssetTexts } from './folders.js';
import type { Assets } from './manifests.js';

/** Assets as the folders of a package have them now. Throws RENDER_ASSET errors that name file and field. */
export async function assetsFromFolders(root: string): Promise<Assets> {
  return assembleAssets(root, await readAssetTexts(root));
}
