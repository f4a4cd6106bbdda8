import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import { run } from '../../vagrant/runner.js';
import type { Bundle } from '../bundle.js';
import { inPlace } from '../inPlace.js';
import { addArchives } from './archives.js';
import { assemble } from './assemble.js';
import { BuildCache } from './cache.js';
import { openCheckout, type Checkout } from './checkout.js';
import { prepareComponent, removeScratch, type ReadyComponent } from './components.js';
import { locate, type BuildContext } from './context.js';
import type { BundleEvent } from './events.js';
import { goEnvironment, moduleVersions } from './go.js';
import { requirePrograms, requireSpace, requireTarget } from './host.js';
import { RootLayers } from './imageBuild.js';
import { imagesIn, WantedImages } from './imageNames.js';
import { loadRecipes } from './loadRecipes.js';
import { planSteps } from './planSteps.js';

export interface ModulesOptions {
  /** The bundle's folder; made, or replaced when it is a bundle. */
  out: string;
  /** `1.36.3`, or a minor `1.36` for the newest patch there is. Default: the recipe's. */
  kubernetes?: string;
  /** A checkout of Kubernetes that is built instead of the published module. */
  kubernetesSource?: string;
  /** Archives with programs that modules cannot give. */
  add?: readonly string[];
  /** For what was built; survives between runs. */
  cacheDir: string;
  report: (event: BundleEvent) => void;
  signal?: AbortSignal;
}

/**
 * Builds a bundle from Go modules with this host's Go toolchain and Debian's packages. The bundle appears in one step when it is
 * complete; what was built before a failure or a kill is found in the cache by the next run.
 * Throws BUNDLE_… errors, VAGRANT_INTERRUPTED when `signal` is aborted.
 */
export async function createFromModules(options: ModulesOptions): Promise<Bundle> {
  const out = path.resolve(options.out);
  await requirePrograms();
  await requireTarget(out);
  const cache = new BuildCache(path.resolve(options.cacheDir));
  await cache.open();
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const common = { cwd: cache.folder, arch, signal: options.signal };
  const environment = await goEnvironment(common);
  const context: BuildContext = {
    recipes: await loadRecipes(),
    cache,
    arch,
    goVersion: environment.GOVERSION,
    report: options.report,
    signal: options.signal,
  };
  const archives = await addArchives(context, options.add ?? []);
  const checkout =
    options.kubernetesSource === undefined
      ? undefined
      : await openCheckout(options.kubernetesSource, options.kubernetes);
  const version = checkout?.version ?? (await exactVersion(options.kubernetes, common));

  const plan = await planSteps(context, archives, version, checkout);
  await requireSpace([
    { folder: environment.GOMODCACHE, bytes: plan.toBuild === 0 ? 0 : 4e9, what: 'Go’s modules' },
    { folder: environment.GOCACHE, bytes: plan.toBuild === 0 ? 0 : 6e9, what: 'compiled packages' },
    { folder: cache.folder, bytes: plan.toBuild === 0 ? 0.2e9 : 2e9, what: 'programs' },
    { folder: out, bytes: 1e9, what: 'the bundle' },
  ]);
  options.report({
    kind: 'plan',
    steps: plan.steps,
    seconds: plan.steps.reduce((sum, { seconds }) => sum + seconds, 0),
  });

  try {
    return await build(context, out, { archives, version, checkout });
  } finally {
    await removeScratch(context);
  }
}

interface Inputs {
  archives: Awaited<ReturnType<typeof addArchives>>;
  version: string | undefined;
  checkout: Checkout | undefined;
}

async function build(context: BuildContext, out: string, inputs: Inputs): Promise<Bundle> {
  // Roots wait for other servers than Go does, so they are made while it compiles; a failure there ends them, too.
  const ending = new AbortController();
  const signal = AbortSignal.any([ending.signal, ...(context.signal === undefined ? [] : [context.signal])]);
  const roots = new RootLayers({ ...context, signal });
  try {
    for (const name of rootsOf(context, inputs)) void roots.get(name);
    const { components, wanted } = await prepareAll(context, inputs);
    return await inPlace(out, (folder) => assemble(context, folder, components, wanted, roots));
  } finally {
    ending.abort();
    await roots.settled();
  }
}

function rootsOf(context: BuildContext, { archives }: Inputs): Set<string> {
  const used = Object.entries(context.recipes.components).filter(
    ([name, recipe]) => archives.has(name) || recipe.archive === undefined,
  );
  return new Set(used.flatMap(([, recipe]) => recipe.images.flatMap((image) => image.root ?? [])));
}

async function prepareAll(
  context: BuildContext,
  inputs: Inputs,
): Promise<{ components: ReadyComponent[]; wanted: WantedImages }> {
  const wanted = new WantedImages();
  const components: ReadyComponent[] = [];
  for (const [name, recipe] of Object.entries(context.recipes.components)) {
    const isKubernetes = name === 'kubernetes';
    const component = await prepareComponent(context, name, recipe, {
      archive: inputs.archives.get(name),
      version: isKubernetes ? inputs.version : undefined,
      checkout: isKubernetes ? inputs.checkout : undefined,
      wanted,
    });
    if (component === undefined) {
      context.report({
        kind: 'note',
        text: `${recipe.title} is not in this bundle: it cannot be built from modules.`,
      });
      continue;
    }
    components.push(component);
    if (isKubernetes) wanted.add(await kubeadmImages(component));
    for (const manifest of component.missing ? [] : recipe.manifests) {
      wanted.add(imagesIn(await readFile(locate(component.sources, manifest), 'utf8')));
    }
  }
  requireCovered(components, wanted);
  return { components, wanted };
}

/** The images that this kubeadm asks for. It knows them without a network. */
async function kubeadmImages({ sources }: ReadyComponent): Promise<string[]> {
  const args = ['config', 'images', 'list', '--kubernetes-version', `v${sources.version}`];
  const result = await run(locate(sources, 'programs/kubeadm'), args, {
    title: 'kubeadm config images list',
    timeout: 60,
  });
  if (result.exitCode !== 0) {
    throw new K8slabError('BUNDLE_IMAGE', 'kubeadm does not say which images it needs.', {
      raw: result.stderr,
    });
  }
  return result.stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function requireCovered(components: readonly ReadyComponent[], wanted: WantedImages): void {
  const made = new Set(components.flatMap(({ recipe }) => recipe.images.map((image) => image.name)));
  const lacking = wanted.repositories().filter((repository) => !made.has(repository));
  if (lacking.length === 0) return;
  throw new K8slabError(
    'BUNDLE_IMAGE',
    `No recipe makes ${lacking.flatMap((name) => wanted.of(name)).join(', ')}.`,
  );
}

/** `1.36` becomes the newest patch release that the modules have; anything longer stays. */
async function exactVersion(
  asked: string | undefined,
  options: Parameters<typeof moduleVersions>[1],
): Promise<string | undefined> {
  const plain = asked?.replace(/^v/, '');
  if (plain === undefined || !/^\d+\.\d+$/.test(plain)) return plain;
  const newest = (await moduleVersions('k8s.io/kubernetes', options))
    .filter((version) => version.startsWith(`${plain}.`))
    .at(-1);
  if (newest === undefined)
    throw new K8slabError('BUNDLE_VERSION', `No version ${plain} of Kubernetes is among the modules.`);
  return newest;
}
