import path from 'node:path';
import { BuildCache } from '../../../src/bundle/modules/cache.js';
import type { BuildContext } from '../../../src/bundle/modules/context.js';
import { goEnvironment, moduleVersions, type GoOptions } from '../../../src/bundle/modules/go.js';
import { buildPrograms } from '../../../src/bundle/modules/goBuild.js';
import { loadRecipes } from '../../../src/bundle/modules/loadRecipes.js';
import { cacheFolder } from '../../../src/commands/bundle/folders.js';
import { K8slabError } from '../../../src/errors/error.js';
import { minorOf, supportedMinors } from '../../../src/lab/versions.js';

/** A kubeadm of one minor. */
export interface Kubeadm {
  /** Full version without `v`. */
  version: string;
  program: string;
}

/** Fixed, so that a release elsewhere fails no test here. A minor that is missing is looked for among the modules. */
const pinned: Readonly<Record<string, string>> = { '1.36': '1.36.3', '1.35': '1.35.4' };

/**
 * The kubeadm of every minor that labs may name and of which there is a Go module, oldest first. Each is built once a
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
    for (const version of await versions(options)) found.push(await build(context, version));
    return found;
  } catch (error) {
    throw withFix(error);
  }
}

async function versions(options: Omit<GoOptions, 'title'>): Promise<string[]> {
  const others = supportedMinors.filter((minor) => pinned[minor] === undefined);
  const released = others.length === 0 ? [] : await moduleVersions('k8s.io/kubernetes', options);
  const newest = (minor: string): string | undefined =>
    pinned[minor] ?? released.filter((version) => minorOf(version) === minor).at(-1);
  return [...supportedMinors].reverse().flatMap((minor) => newest(minor) ?? []);
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
