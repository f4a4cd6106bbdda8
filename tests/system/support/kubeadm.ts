import path from 'node:path';
import { BuildCache } from '../../../src/bundle/modules/cache.js';
import type { BuildContext } from '../../../src/bundle/modules/context.js';
import { goEnvironment, type GoOptions } from '../../../src/bundle/modules/go.js';
import { buildPrograms } from '../../../src/bundle/modules/goBuild.js';
import { loadRecipes } from '../../../src/bundle/modules/loadRecipes.js';
import { cacheFolder } from '../../../src/commands/bundle/folders.js';
import { K8slabError } from '../../../src/errors/error.js';
import { supportedMinors } from '../../../src/lab/versions.js';

/** A kubeadm of one minor. */
export interface Kubeadm {
  /** Full version without `v`. */
  version: string;
  program: string;
}

/** Fixed, so that a release elsewhere fails no test here. */
const pinned: Readonly<Record<string, string>> = { '1.35': '1.35.4', '1.36': '1.36.3', '1.37': '1.37.2' };

/**
 * The kubeadm of every minor that labs may name, oldest first. Each is built once a
 * host and version, as a bundle's programs are, into the same cache. Throws an Error that names the fix.
 */
export async function kubeadms(signal?: AbortSignal): Promise<Kubeadm[]> {
  const cache = new BuildCache(cacheFolder());
  await cache.open();
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const options: Omit<GoOptions, 'title'> = { cwd: cache.folder, arch, signal };
  try {
    const { GOVERSION: goVersion } = await goEnvironment(options);
    const recipes = await loadRecipes();
    const context: BuildContext = { recipes, cache, arch, goVersion, signal, report: () => undefined };
    const found: Kubeadm[] = [];
    for (const minor of [...supportedMinors].reverse()) found.push(await build(context, versionOf(minor)));
    return found;
  } catch (error) {
    throw withFix(error);
  }
}

function versionOf(minor: string): string {
  const version = pinned[minor];
  if (version === undefined) throw new Error(`Name a version of Kubernetes ${minor} here.`);
  return version;
}

/** The bundle's own recipe for Kubernetes, less the other programs: a fifth of the time. */
async function build(context: BuildContext, version: string): Promise<Kubeadm> {
  const recipe = context.recipes.components.kubernetes?.go[0];
  const source = recipe?.programs.kubeadm;
  if (recipe === undefined || source === undefined)
    throw new Error('The recipe of Kubernetes has no kubeadm.');
  const only = { ...recipe, programs: { kubeadm: source }, keep: [], seconds: 60 };
  const { folder } = await buildPrograms(context, 'kubeadm', `kubeadm ${version}`, only, version);
  return { version, program: path.join(folder, 'bin', 'kubeadm') };
}

function withFix(error: unknown): unknown {
  if (!(error instanceof K8slabError)) return error;
  const fix = error.code === 'BUNDLE_GO_MISSING' || error.code === 'BUNDLE_GO_OLD' ? howToGetGo : '';
  return new Error(`kubeadm could not be built: ${error.message}${fix}\n${error.raw ?? ''}`, {
    cause: error,
  });
}

const howToGetGo =
  '\nInstall Go 1.21 or later: https://go.dev/doc/install (Debian: apt-get install golang-go, from backports where it is older).';
