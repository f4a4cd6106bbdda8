import path from 'node:path';
import type { Assets } from '../assets/manifests.js';
import { readBundle } from '../bundle/document.js';
import { applySettings } from '../lab/parse.js';
import { substitute } from '../plan/downloads.js';
import { bundlesFolder } from './bundle/folders.js';
import { earlier, parse, type Description } from './planHere.js';

/** A description with another network, as `--set cni=…` would say it. What it says of itself stays true. */
export function withNetwork(
  description: Description,
  planned: { cni: { name: string }; description: string },
  cni: string,
  assets: Assets,
): Description {
  const { text, file, asked = { text, set: [] } } = description;
  const [before = '', after = ''] = [planned.cni.name, cni].map((name) => assets.cnis[name]?.title ?? name);
  const words = planned.description.replaceAll(before, after);
  const settings = [`cni=${cni}`, ...(words === planned.description ? [] : [`description=${words}`])];
  const why = `# ${before} is not in the bundle that this lab downloads from`;
  return {
    ...description,
    text: applySettings(text, settings, file).replace(/^(cni: \S+)$/m, `$1 ${why}`),
    asked: { text: asked.text, set: [...asked.set, ...settings] },
  };
}

/**
 * The same command again finds its own lab: where a bundle that is kept on this host was chosen for the folder, and flannel for the
 * network that it lacks, the description means that lab. Every other one stays as it is.
 */
export async function asDecided(
  description: Description,
  folder: string,
  assets: Assets,
): Promise<Description> {
  if (description.bundle !== undefined) return description;
  const { decisions } = await earlier(folder);
  const bundle = decisions?.bundle;
  if (bundle === undefined || path.dirname(bundle) !== bundlesFolder()) return description;
  const { lab, source } = parse(description, assets);
  const named = Object.keys(source.positions).some((at) => at === 'cni' || at.startsWith('cni.'));
  if (named || lab.bootstrap.name === 'none') return description;
  const versions = await readBundle(bundle).then(
    (document) => document.versions,
    () => ({}),
  );
  if (lab.cni.name in versions || !(substitute in versions)) return description;
  return withNetwork(description, lab, substitute, assets);
}
