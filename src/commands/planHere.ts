import type { Assets } from '../assets/manifests.js';
import { parseLab } from '../lab/parse.js';
import type { BundleFacts } from '../plan/bundle.js';
import type { Cluster } from '../plan/cluster.js';
import type { Decisions } from '../plan/host.js';
import { planCluster } from '../plan/plan.js';
import { withBundle } from '../plan/withBundle.js';
import { collectHostFacts } from '../vagrant/hostFacts.js';
import { labPaths } from '../write/labFolder.js';
import { listLabs, type RegisteredLab } from '../write/labsRegistry.js';
import { clusterDocument, decisionsDocument, readState } from '../write/stateStore.js';
import { installableProviders } from './hostPrograms.js';
import { bundleOf } from './labBundle.js';

/** A lab's text and where it came from. */
export interface Description {
  text: string;
  /** As messages name it. */
  file: string;
  /** Folder or URL of a bundle, or `none`; absent: what was decided for the lab before. */
  bundle?: string;
}

/** Plans a description for this host without writing or reserving anything. Throws K8slabErrors. */
export async function planHere(description: Description, assets: Assets, folder?: string): Promise<Cluster> {
  const known = folder === undefined ? {} : await earlier(folder);
  const bundle = await bundleOf(description.bundle, folder, known.decisions);
  const others = (await listLabs()).filter((lab) => lab.folder !== folder);
  return plan(description, assets, others, known, bundle);
}

/** What a lab folder says about the plan before. */
export interface Earlier {
  decisions?: Decisions;
  cluster?: Cluster;
}

/** Reads it; of a folder that is no lab yet, nothing. */
export async function earlier(folder: string): Promise<Earlier> {
  const { state } = labPaths(folder);
  const [decisions, cluster] = await Promise.all([
    readState(state, decisionsDocument),
    readState(state, clusterDocument),
  ]);
  return { ...(decisions && { decisions }), ...(cluster && { cluster }) };
}

/** Plans beside other labs, keeping what was decided before. */
export async function plan(
  { text, file }: Description,
  assets: Assets,
  others: RegisteredLab[],
  { decisions, cluster }: Earlier,
  bundle: BundleFacts | undefined,
): Promise<Cluster> {
  const offered = bundle === undefined ? assets : withBundle(assets, bundle);
  const parsed = parseLab(text, file, offered);
  const own = cluster?.networking.hostOnly;
  const host = await collectHostFacts({
    providers: assets.providers,
    installableProviders: installableProviders(assets.providers),
    otherLabs: others,
    ...(own && { own: { bridge: own.bridge, cidr: own.cidr } }),
  });
  return planCluster(parsed, host, offered, decisions, bundle);
}
