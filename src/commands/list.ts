import { loadAssets } from '../assets/load.js';
import { parseLab } from '../lab/parse.js';
import type { Context, Status } from './context.js';
import { table } from './table.js';

/** Prints every preset with one line about it. */
export async function list(_argv: unknown, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const presets = Object.values(assets.presets).map((preset) => {
    const { lab } = parseLab(preset.text, preset.file, assets);
    const machines = lab.controlPlanes.count + lab.workers.count + lab.loadBalancers.count;
    return { name: preset.name, description: lab.description, machines, cni: lab.cni.name };
  });
  context.result(presets);
  if (context.json) return 0;
  context.say(
    table(
      ['PRESET', 'MACHINES', 'CNI', 'WHAT IT IS'],
      presets.map(({ name, machines, cni, description }) => [
        context.palette.bold(name),
        String(machines),
        cni,
        description,
      ]),
    ),
  );
  context.say();
  context.say('Any other size: k8slab create <n>cp-<n>w, such as 3cp-2w.');
  context.say('What now?       k8slab plan <preset>, then k8slab create <preset>');
  return 0;
}
