import { statfs } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAssets, packageRoot } from '../../assets/load.js';
import type { Assets } from '../../assets/manifests.js';
import { vagrantHome } from '../../box/installed.js';
import { K8slabError } from '../../errors/error.js';
import { fittingBox } from '../../plan/bake.js';
import type { BakedBox } from '../../plan/host.js';
import { duration } from '../../vagrant/progress.js';
import type { Context, Status } from '../context.js';
import type { LabArguments } from '../describeLab.js';
import { requirePrograms } from '../hostPrograms.js';
import { providerOf } from '../openLab.js';
import { sizeText } from '../bundle/sizes.js';
import { planWanted, type Wanted } from './planBaking.js';

export type BakeArguments = Omit<LabArguments, 'lab'> & { lab?: string | undefined; dryRun: boolean };

/** Free disk space that baking needs, in bytes: where machines lie, and where Vagrant keeps boxes. */
const needed = { machines: 5e9, boxes: 3e9 };

/** Makes a box with everything inside that does not depend on the machine, unless there is one. */
export async function bake(argv: BakeArguments, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const wanted = await planWanted(argv, assets);
  const provider = requireBaking(wanted, assets);
  const there = await fitting(wanted);
  if (there !== undefined) return alreadyThere(there, context);
  sayWhat(wanted, context);
  if (argv.dryRun) {
    context.result({ name: wanted.name, dryRun: true, images: wanted.needs?.images ?? [] });
    return 0;
  }
  requirePrograms(wanted.cluster.provider, provider);
  await requireSpace();
  const started = Date.now();
  const { bakeWanted } = await import('./bakeWanted.js');
  const baked = await bakeWanted(wanted, assets, context, () => fitting(wanted));
  if ('there' in baked) return alreadyThere(baked.there, context);
  const seconds = (Date.now() - started) / 1000;
  context.result({ box: baked.about, size: baked.size, seconds });
  const { bold, green } = context.palette;
  context.say(
    `\n${green('✓')} ${bold(wanted.name)} is ready: ${sizeText(baked.size)}, in ${duration(seconds * 1000)}.`,
  );
  context.say(`\nWhat now?  New labs that it fits start from it:  k8slab create ${argv.lab ?? '1cp-2w'}`);
  return 0;
}

function requireBaking({ cluster, needs }: Wanted, assets: Assets) {
  const provider = providerOf(cluster.provider, assets);
  if (provider.bake === undefined) {
    const able = Object.entries(assets.providers).flatMap(([name, one]) =>
      one.bake === undefined ? [] : [name],
    );
    throw new K8slabError(
      'BOX_BAKE_PROVIDER',
      `Boxes for ${provider.title} cannot be baked; those for ${able.join(', ')} can.`,
    );
  }
  if (cluster.box.build === undefined || needs === undefined) {
    throw new K8slabError(
      'BOX_BAKE_PROVIDER',
      `The box ${cluster.box.name} is not one that k8slab builds, and only such a box can be baked from.`,
      { fix: ['Leave `box` out of the description.'] },
    );
  }
  return provider;
}

async function fitting({ cluster, needs }: Wanted): Promise<BakedBox | undefined> {
  const { bakedBoxes } = await import('../../box/installed.js');
  return fittingBox(cluster, needs, await bakedBoxes(join(packageRoot, 'box-templates')));
}

function alreadyThere(box: BakedBox, context: Context): Status {
  context.result({ box, there: true });
  context.say(`${context.palette.green('✓')} ${box.name} (${box.version}) is there already, and fits.`);
  context.say(`\nWhat now?  k8slab box list   # anew: k8slab box remove ${box.name}, then bake`);
  return 0;
}

function sayWhat({ cluster, name, needs, bundle }: Wanted, context: Context): void {
  const { bold } = context.palette;
  const inside = [
    ...(cluster.kubernetes ? [`Kubernetes ${cluster.kubernetes.version}`] : []),
    `${cluster.runtime.name} ${cluster.runtime.version ?? ''}`.trim(),
  ];
  const images = needs?.images ?? [];
  context.say(`${bold(name)}, from ${cluster.box.name}`);
  context.say(`  Inside     ${inside.join(', ')}${images.length > 0 ? `, ${images.length} images` : ''}`);
  if (bundle) context.say(`  From       the bundle ${bundle.document.name} (${bundle.location})`);
  context.say('  Not inside keys, tokens, certificates, names, addresses: every machine gets its own');
  context.say(
    `  Takes      about two minutes${bundle ? '' : ' and the time of the downloads'}, ` +
      `${sizeText(needed.machines)} of disk space meanwhile, a third of that afterwards`,
  );
}

async function requireSpace(): Promise<void> {
  const places = [
    { folder: '/var/lib', bytes: needed.machines },
    { folder: vagrantHome(), bytes: needed.boxes },
  ];
  for (const { folder, bytes } of places) {
    const free = await freeSpace(folder);
    if (free !== undefined && free < bytes) {
      throw new K8slabError(
        'BOX_BAKE_DISK',
        `Baking needs ${sizeText(bytes)} on the disk of ${folder}, and ${sizeText(free)} are free.`,
      );
    }
  }
}

/** Bytes; of a folder that is not there yet, where it would be. */
async function freeSpace(folder: string): Promise<number | undefined> {
  for (let place = folder; ; place = dirname(place)) {
    if (existsSync(place)) {
      const { bavail, bsize } = await statfs(place);
      return bavail * bsize;
    }
    if (dirname(place) === place) return undefined;
  }
}
