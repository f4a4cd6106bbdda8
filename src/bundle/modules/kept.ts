import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { K8slabError } from '../../errors/error.js';
import { exists } from '../../write/exists.js';
import { fileError, orFileError, systemCode } from '../../write/ioErrors.js';
import { recipeHash } from '../../box/identity.js';
import type { createFromModules, ModulesOptions } from './createFromModules.js';
import type { Recipes } from './recipe.js';

/** A bundle from modules that is kept on this host for every lab that needs it. */
export interface KeptBundle {
  /** Named by what it is made of. */
  folder: string;
  there: boolean;
  /** The version of Kubernetes in it, or the minor that was asked for. */
  kubernetes: string;
}

/** What recipes can build without any archive: component to usual version. */
export function buildableParts({ components }: Recipes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(components)
      .filter(([, { go, debian }]) => go.length > 0 || debian !== undefined)
      .map(([name, { version }]) => [name, version?.default ?? '']),
  );
}

/** Where the bundle of these recipes and this version of Kubernetes is kept below `base`, and whether it is there. */
export async function keptBundle(base: string, recipes: Recipes, kubernetes?: string): Promise<KeptBundle> {
  const version = kubernetes ?? recipes.components.kubernetes?.version?.default ?? '';
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const made = (await recipeHash(recipes.folder)).slice(0, 12);
  const folder = path.join(base, `kubernetes-${version}-linux-${arch}-${made}`);
  return { folder, there: await exists(path.join(folder, 'bundle.json')), kubernetes: version };
}

/**
 * Builds a kept bundle unless it is there by now; gives whether it was built. Runs at the same time wait for each other. Throws
 * what `make` (createFromModules) throws.
 */
export async function ensureKept(
  { folder }: KeptBundle,
  make: typeof createFromModules,
  options: Omit<ModulesOptions, 'out'>,
): Promise<boolean> {
  const base = path.dirname(folder);
  await orFileError(`make the folder ${base}`, () => mkdir(base, { recursive: true, mode: 0o700 }));
  const release = await turn(folder, options);
  try {
    if (await exists(path.join(folder, 'bundle.json'))) return false;
    await make({ ...options, out: folder });
    return true;
  } finally {
    await release();
  }
}

/** A lock whose holder was killed is taken over when it has not been renewed for 20 s. */
async function turn(
  folder: string,
  { report, signal }: Pick<ModulesOptions, 'report' | 'signal'>,
): Promise<() => Promise<void>> {
  const { lock } = await import('proper-lockfile');
  const how = { realpath: false, stale: 20_000, update: 5_000, onCompromised: () => undefined };
  for (let said = false; ; said = true) {
    if (signal?.aborted === true)
      throw new K8slabError('VAGRANT_INTERRUPTED', 'Interrupted while another k8slab builds the bundle.');
    try {
      return await lock(folder, { ...how, lockfilePath: `${folder}.lock` });
    } catch (error) {
      if (systemCode(error) !== 'ELOCKED') throw fileError(error, `lock ${folder}`);
      if (!said) report({ kind: 'note', text: 'Another k8slab is building this bundle; waiting for it.' });
      await sleep(500);
    }
  }
}
