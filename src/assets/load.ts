import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Assets } from './manifests.js';

/** Root of the package, both from `src/` and from `dist/`; absolute. */
export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Made by the build from the folders: reading it takes a millisecond, parsing all manifests some forty. */
const prebuiltFile = path.join('dist', 'assets.json');

/**
 * Reads everything the program ships as data: manifests, templates, scripts and presets.
 * `root` is the package's folder by default. An installed package is read from what its build made of the folders;
 * in a checkout the folders themselves count. Throws RENDER_ASSET errors that name file and field.
 */
export async function loadAssets(root: string = packageRoot): Promise<Assets> {
  const prebuilt = isInstalled(root) ? await readPrebuilt(root) : undefined;
  return prebuilt ?? readFolders(root);
}

/** Text of the prebuilt file, for the build. */
export async function prebuildAssets(root: string): Promise<{ file: string; text: string }> {
  return { file: path.join(root, prebuiltFile), text: JSON.stringify(await readFolders(root)) };
}

/** Imported only when needed: an installed package parses no manifests. */
async function readFolders(root: string): Promise<Assets> {
  const { assetsFromFolders } = await import('./fromFolders.js');
  return assetsFromFolders(root);
}

async function readPrebuilt(root: string): Promise<Assets | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(root, prebuiltFile), 'utf8');
  } catch {
    return undefined;
  }
  const assets = JSON.parse(text) as Assets;
  // Paths are of the machine that built the package.
  const presets = Object.values(assets.presets).map(
    (preset) => [preset.name, { ...preset, file: presetFile(root, preset.name) }] as const,
  );
  return { ...assets, presets: Object.fromEntries(presets) };
}

/** Absolute path of a preset's file. */
function presetFile(root: string, name: string): string {
  return path.join(root, 'labs', name, 'lab.yaml');
}

function isInstalled(root: string): boolean {
  return root.split(path.sep).includes('node_modules');
}
