import type { Assets } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import { quoteSh } from '../render/quote.js';

/**
 * A script for `sudo bash -s`: what it is for, its settings as constants, then files of `provision-scripts/`, each named without
 * its ending. Throws RENDER_ASSET when one is missing from the package.
 */
export function shellScript(
  assets: Assets,
  heading: string,
  settings: Readonly<Record<string, string>>,
  files: readonly string[],
): string {
  const texts = files.map((name) => {
    const file = `provision-scripts/${name}.sh`;
    const text = assets.texts[file];
    if (text === undefined) throw new K8slabError('RENDER_ASSET', `${file} is missing from the package.`);
    return text;
  });
  return [
    heading,
    '# Everything defined here is for the shells that timeout starts, too.',
    'set -a',
    "LC_ALL='C'",
    ...Object.entries(settings).map(([name, value]) => `readonly ${name}=${quoteSh(value)}`),
    ...texts,
  ].join('\n');
}
