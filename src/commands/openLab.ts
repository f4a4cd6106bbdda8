import { dirname, resolve } from 'node:path';
import { loadAssets } from '../assets/load.js';
import type { Assets } from '../assets/manifests.js';
import type { ProviderManifest } from '../assets/providerManifest.js';
import { K8slabError } from '../errors/error.js';
import { vagrantKnows, type LabContext } from '../vagrant/lab.js';
import { shellQuote } from '../vagrant/shell.js';
import { isLabFolder, labPaths } from '../write/labFolder.js';
import { clusterDocument, readState } from '../write/stateStore.js';

/** A lab folder with the plan that was rendered there last. */
export interface OpenLab extends LabContext {
  assets: Assets;
  provider: ProviderManifest;
}

/**
 * Opens the lab in `dir`, or the one that the current folder is or lies in.
 * Throws LAB_NO_FOLDER when there is none.
 */
export async function openLab(dir: string | undefined): Promise<OpenLab> {
  const folder = dir === undefined ? await findAbove(process.cwd()) : resolve(dir);
  const cluster = folder === undefined ? undefined : await readState(labPaths(folder).state, clusterDocument);
  if (folder === undefined || cluster === undefined) {
    const where = dir === undefined ? 'This folder is not a lab' : `${resolve(dir)} is not a lab`;
    const half = folder !== undefined && (await isLabFolder(folder));
    throw new K8slabError(
      'LAB_NO_FOLDER',
      half ? `${folder} was not written to the end.` : `${where}, and no folder above it is one.`,
      half ? { fix: [`k8slab render --dir ${shellQuote(folder)}`] } : {},
    );
  }
  const assets = await loadAssets();
  return { folder, cluster, assets, provider: providerOf(cluster.provider, assets) };
}

/** Throws VAGRANT_NOT_RUNNING when no machine of the lab was ever made: whatever asks them would only fail obscurely. */
export function requireMachines(lab: LabContext): void {
  if (lab.cluster.machines.some(({ name }) => vagrantKnows(lab, name))) return;
  throw new K8slabError('VAGRANT_NOT_RUNNING', `No machine of ${lab.cluster.name} has been made yet.`);
}

/** The manifest of a planned provider. */
export function providerOf(name: string, assets: Assets): ProviderManifest {
  const provider = assets.providers[name];
  if (provider === undefined) {
    throw new K8slabError('HOST_PROVIDER_UNKNOWN', `This k8slab has no provider called ${name}.`);
  }
  return provider;
}

/** The lab folder that `start` is or lies in. */
export async function findAbove(start: string): Promise<string | undefined> {
  for (let folder = start; ; folder = dirname(folder)) {
    if (await isLabFolder(folder)) return folder;
    if (dirname(folder) === folder) return undefined;
  }
}
