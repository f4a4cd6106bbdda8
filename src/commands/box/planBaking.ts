import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Assets } from '../../assets/manifests.js';
import type { Lab } from '../../lab/lab.js';
import { bakedName, bakingNeeds, type BakingNeeds } from '../../plan/bake.js';
import type { BundleFacts } from '../../plan/bundle.js';
import type { Cluster } from '../../plan/cluster.js';
import { planCluster } from '../../plan/plan.js';
import { withBundle } from '../../plan/withBundle.js';
import { collectHostFacts } from '../../vagrant/hostFacts.js';
import type { RegisteredLab } from '../../write/labsRegistry.js';
import { describe, type LabArguments } from '../describeLab.js';
import { installableProviders } from '../hostPrograms.js';
import { bundleOf } from '../labBundle.js';
import { findAbove } from '../openLab.js';
import { earlier, parse, planHere, type Description } from '../planHere.js';

/** What `box bake` was asked for. */
export interface Wanted {
  description: Description;
  /** The lab as it would come up from an ordinary box. */
  cluster: Cluster;
  bundle: BundleFacts | undefined;
  name: string;
  /** Absent: nothing in this lab could be baked. */
  needs: BakingNeeds | undefined;
}

/** Plans the lab that a box is for: the one named, the one that the current folder is, or the one to start with. */
export async function planWanted(
  argv: Omit<LabArguments, 'lab'> & { lab?: string | undefined },
  assets: Assets,
): Promise<Wanted> {
  const here = argv.lab === undefined ? await findAbove(process.cwd()) : undefined;
  const folder = here !== undefined && existsSync(join(here, 'lab.yaml')) ? here : undefined;
  const lab = argv.lab ?? (folder === undefined ? '1cp-2w' : join(folder, 'lab.yaml'));
  const description: Description = { ...(await describe({ ...argv, lab }, assets)), baked: false };
  const cluster = await planHere(description, assets, folder);
  const decisions = folder === undefined ? undefined : (await earlier(folder)).decisions;
  return {
    description,
    cluster,
    bundle: await bundleOf(description.bundle, folder, decisions),
    name: bakedName(cluster),
    needs: bakingNeeds(cluster, assets.texts),
  };
}

/** The plan of the one machine that is set up and packed; in a network of its own, so that it meets no lab. */
export async function planBaking(
  { description, cluster, bundle }: Wanted,
  assets: Assets,
  otherLabs: RegisteredLab[],
): Promise<Cluster> {
  const offered = bundle === undefined ? assets : withBundle(assets, bundle);
  const parsed = parse(description, offered);
  const host = await collectHostFacts({
    providers: assets.providers,
    installableProviders: installableProviders(assets.providers),
    otherLabs,
  });
  const lab = standIn(parsed.lab, cluster.provider);
  return planCluster({ ...parsed, lab }, host, offered, undefined, bundle, { baking: true });
}

function standIn(lab: Lab, provider: string): Lab {
  const plain = (role: Lab['workers']): Lab['workers'] => ({ ...role, machines: [] });
  return {
    ...lab,
    name: 'k8slab-bake',
    provider,
    networking: { ...lab.networking, hostOnlySubnet: 'auto' },
    controlPlanes: plain(lab.controlPlanes),
    workers: plain(lab.workers),
    loadBalancers: plain(lab.loadBalancers),
  };
}
