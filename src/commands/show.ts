import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadAssets } from '../assets/load.js';
import type { Context, Status } from './context.js';
import { readLab } from './labText.js';

/** Prints the lab's description file and, for a preset, the page about it. */
export async function show(argv: { lab: string }, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const { text, file, kind } = await readLab(argv.lab, assets);
  const about = kind === 'preset' ? await readFile(join(dirname(file), 'README.md'), 'utf8') : '';
  context.result({ kind, lab: text, about });
  if (context.json) return 0;
  if (about) context.say(`${about.trimEnd()}\n`);
  context.say(context.palette.dim(`# lab.yaml (${kind === 'shorthand' ? `written for ${argv.lab}` : file})`));
  context.say(text.trimEnd());
  context.say();
  context.say(`What now?  k8slab plan ${argv.lab}`);
  return 0;
}
