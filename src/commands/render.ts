import { resolve } from 'node:path';
import { loadAssets } from '../assets/load.js';
import type { WriteReport } from '../write/writeLab.js';
import type { Context, Status } from './context.js';
import { descriptionOf, layDown } from './lab.js';
import { openLab } from './openLab.js';

/** Writes a lab's files again after an edit of its lab.yaml. */
export async function render(argv: { dir?: string | undefined }, context: Context): Promise<Status> {
  const folder = argv.dir === undefined ? (await openLab(undefined)).folder : resolve(argv.dir);
  const { files } = await layDown(folder, await descriptionOf(folder), await loadAssets(), 'k8slab render');
  context.result({ folder, ...files });
  if (context.json) return 0;
  sayFiles(files, context);
  const { written, unchanged, removed } = files;
  context.say(
    `${folder}: ${written.length} written, ${unchanged.length} unchanged, ${removed.length} removed.`,
  );
  if (written.length + removed.length > 0) context.say('What now?  k8slab up');
  return 0;
}

/** Names every file that changed, and those that a person's edit protected. */
export function sayFiles({ written, removed, kept }: WriteReport, context: Context): void {
  const { green, yellow, dim } = context.palette;
  for (const path of written) context.say(`${green('written')}  ${path}`);
  for (const path of removed) context.say(`${dim('removed')}  ${path}`);
  for (const { path, newPath } of kept) {
    const beside = newPath === undefined ? '' : `; what k8slab would write is in ${newPath}`;
    context.say(`${yellow('kept')}     ${path}: you edited it${beside}`);
  }
}
