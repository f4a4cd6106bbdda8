import { join } from 'node:path';
import { packageRoot } from '../../assets/load.js';
import type { Assets } from '../../assets/manifests.js';
import { bakeBox } from '../../box/bake.js';
import { bakeFolder } from '../../box/bakeFolder.js';
import { boxVersion, recipeHash } from '../../box/identity.js';
import { ownBoxes, type AboutBakedBox } from '../../box/installed.js';
import { oneAtATime } from '../../box/oneAtATime.js';
import type { Cluster } from '../../plan/cluster.js';
import type { BakedBox } from '../../plan/host.js';
import { renderLab } from '../../render/renderLab.js';
import { destroy } from '../../vagrant/destroy.js';
import type { LabContext } from '../../vagrant/lab.js';
import { prepareProvider } from '../../vagrant/prepareProvider.js';
import { createReporter } from '../../vagrant/reporter.js';
import { fileStateStore } from '../../vagrant/state.js';
import { labPaths, prepareLabFolder, removeLabFolder } from '../../write/labFolder.js';
import { release, reserve } from '../../write/labsRegistry.js';
import { clusterDocument, readState, writeState } from '../../write/stateStore.js';
import { writeLab } from '../../write/writeLab.js';
import type { Context } from '../context.js';
import { mirrorServer } from '../labBundle.js';
import { providerOf } from '../openLab.js';
import { planBaking, type Wanted } from './planBaking.js';

type Baked = { about: AboutBakedBox; size: number } | { there: BakedBox };

/**
 * Bakes while no other k8slab does; `fitting` is asked again when it is our turn. What a killed one left (a machine, its network,
 * its folder) is removed first.
 */
export async function bakeWanted(
  wanted: Wanted,
  assets: Assets,
  context: Context,
  fitting: () => Promise<BakedBox | undefined>,
): Promise<Baked> {
  const { folder, lab } = await bakeFolder();
  const unlock = await oneAtATime(folder, 'bakes a box', context.signal, () => {
    context.say('Another k8slab bakes a box: waiting for it.');
  });
  try {
    const there = await fitting();
    if (there !== undefined) return { there };
    await clear(lab);
    try {
      return await bakeHere(wanted, lab, assets, context);
    } finally {
      await clear(lab);
    }
  } finally {
    await unlock();
  }
}

async function bakeHere(wanted: Wanted, dir: string, assets: Assets, context: Context): Promise<Baked> {
  const paths = await prepareLabFolder(dir);
  const cluster = await reserve(paths.dir, async (others) => {
    const planned = await planBaking(wanted, assets, others);
    const { name, networking } = planned;
    return { ...planned, name, hostOnlySubnet: networking.hostOnly.cidr };
  });
  await writeLab(paths.dir, renderLab(cluster, {}, assets));
  await writeState(paths.state, clusterDocument, cluster);
  const boxTemplates = join(packageRoot, 'box-templates');
  const provider = providerOf(cluster.provider, assets);
  const about = await aboutBox(wanted, cluster, boxTemplates);
  const lab: LabContext = { folder: paths.dir, cluster };
  const report = createReporter({ json: context.json });
  const mirror = mirrorServer(lab, report, context.signal);
  context.say();
  try {
    await bakeBox({
      lab,
      about,
      report,
      signal: context.signal,
      providerFolder: join(boxTemplates, cluster.provider),
      recipe: join(boxTemplates, cluster.provider, provider.bake ?? ''),
      prepare: () => prepareProvider({ lab, boxTemplates, report, signal: context.signal }),
      beforeProvision: mirror.start,
      afterProvision: mirror.stop,
    });
  } finally {
    await mirror.stop();
  }
  const box = (await ownBoxes()).find(({ version }) => version === about.version);
  return { about, size: box?.size ?? 0 };
}

async function aboutBox(wanted: Wanted, cluster: Cluster, boxTemplates: string): Promise<AboutBakedBox> {
  const { box, kubernetes, runtime, cni, provider, machines } = cluster;
  const images = machines[0]?.settings.find(({ name }) => name === 'IMAGES')?.value ?? '';
  const key = wanted.needs?.key ?? '';
  const created = new Date();
  return {
    schema: 1,
    name: wanted.name,
    version: boxVersion(key, created),
    provider,
    from: box.name,
    key,
    recipe: await recipeHash(join(boxTemplates, provider, box.build?.recipe ?? 'box')),
    created: created.toISOString(),
    images: images.split('\n').filter((name) => name !== ''),
    contents: {
      ...(kubernetes && { kubernetes: kubernetes.version }),
      [runtime.name]: runtime.version ?? 'of the distribution',
      ...(cni.version !== undefined && { [cni.name]: cni.version }),
      ...(wanted.bundle && { bundle: wanted.bundle.document.name }),
    },
  };
}

/** Removes the machine, the network and the folder of a bake, whatever state it is in. */
async function clear(dir: string): Promise<void> {
  const cluster = await readState(labPaths(dir).state, clusterDocument).catch(() => undefined);
  if (cluster !== undefined) {
    const lab: LabContext = { folder: dir, cluster };
    // Not the signal of Ctrl-C: the machine must go in any case.
    const { signal } = new AbortController();
    const quiet = (): void => undefined;
    await destroy({ lab, bootAtOnce: 1, report: quiet, signal, store: fileStateStore(lab) });
  }
  await release(dir);
  await removeLabFolder(dir);
}
