import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { packageRoot } from '../assets/load.js';
import type { Assets } from '../assets/manifests.js';
import type { ParsedLab } from '../lab/lab.js';
import { parseLab } from '../lab/parse.js';
import type { BundleFacts } from '../plan/bundle.js';
import type { Cluster } from '../plan/cluster.js';
import type { Decisions } from '../plan/host.js';
import { planCluster } from '../plan/plan.js';
import { withBundle } from '../plan/withBundle.js';
import { collectHostFacts } from '../vagrant/hostFacts.js';
import { isLabFolder, labPaths } from '../write/labFolder.js';
import { listLabs, type RegisteredLab } from '../write/labsRegistry.js';
import { clusterDocument, decisionsDocument, readState } from '../write/stateStore.js';
import { installableProviders } from './hostPrograms.js';
import { bundleOf } from './labBundle.js';

/** A lab's text and where it came from. */
export interface Description {
  text: string;
  /** As messages name it. */
  file: string;
  /** What `text` was made from by `--set`: mistakes are shown where the person made them. */
  asked?: { text: string; set: readonly string[] };
  /** Folder or URL of a bundle, or `none`; absent: what was decided for the lab before. */
  bundle?: string;
  /** Whether to start from a baked box; absent: a new lab does where one fits, others keep what they have. */
  baked?: boolean;
}

/**
 * Plans a description for this host without writing or reserving anything. `dir` is the lab folder it is or will be in,
 * by default the one its file lies in, if any: a lab is not in its own way. Throws K8slabErrors.
 */
export async function planHere(description: Description, assets: Assets, dir?: string): Promise<Cluster> {
  const folder = await realFolder(dir ?? (await folderOf(description.file)));
  const known = folder === undefined ? {} : await earlier(folder);
  const bundle = await bundleOf(description.bundle, folder, known.decisions);
  const others = (await listLabs()).filter((lab) => lab.folder !== folder);
  return plan(description, assets, others, known, bundle);
}

/** The name of the lab, which is also that of its folder when none is given. Throws K8slabErrors. */
export async function nameOf(description: Description, assets: Assets): Promise<string> {
  const bundle = await bundleOf(description.bundle, undefined, undefined);
  const offered = bundle === undefined ? assets : withBundle(assets, bundle);
  return parse(description, offered).lab.name;
}

/** Reads a description, `--set` included. Throws K8slabErrors. */
export function parse({ text, file, asked }: Description, assets: Assets): ParsedLab {
  return asked === undefined ? parseLab(text, file, assets) : parseLab(asked.text, file, assets, asked);
}

/** The lab folder whose lab.yaml this is. */
async function folderOf(file: string): Promise<string | undefined> {
  const folder = dirname(resolve(file));
  return basename(file) === 'lab.yaml' && (await isLabFolder(folder)) ? folder : undefined;
}

/** As the list of labs has it; a folder that is not there yet has no other name. */
async function realFolder(folder: string | undefined): Promise<string | undefined> {
  return folder === undefined ? undefined : realpath(folder).catch(() => folder);
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
  description: Description,
  assets: Assets,
  others: RegisteredLab[],
  { decisions, cluster }: Earlier,
  bundle: BundleFacts | undefined,
): Promise<Cluster> {
  const offered = bundle === undefined ? assets : withBundle(assets, bundle);
  const parsed = parse(description, offered);
  const own = cluster?.networking.hostOnly;
  const host = await collectHostFacts({
    providers: assets.providers,
    installableProviders: installableProviders(assets.providers),
    otherLabs: others,
    ...(own && { own: { bridge: own.bridge, cidr: own.cidr } }),
    boxTemplates: join(packageRoot, 'box-templates'),
  });
  return planCluster(parsed, host, offered, decisions, bundle, { baked: description.baked });
}
