import os from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { writeBundleDocument } from '../document.js';
import type { Bundle } from '../bundle.js';
import { writeIndex } from '../oci.js';
import { writeRepository } from './aptRepository.js';
import type { ReadyComponent } from './components.js';
import { valuesOf, type BuildContext } from './context.js';
import { rootOf } from './debianRoot.js';
import { makePackage, type BuiltPackage } from './debianPackage.js';
import { makeDownload, placeFile } from './downloads.js';
import { collectBlobs, makeImage, type BuiltImage, type RootLayers } from './imageBuild.js';
import type { WantedImages } from './imageNames.js';

/** Where a Kubernetes minor's packages lie upstream. */
function repositoryPlace(minor: string): string {
  return `pkgs.k8s.io/core:/stable:/v${minor}/deb`;
}

/** Estimated seconds of packing, for two processors, with nothing cached and with everything. */
export const packingSeconds = { fresh: 45, cached: 5 };

/** Packs the components into a bundle's folder: downloads, packages, images and the document. */
export async function assemble(
  context: BuildContext,
  folder: string,
  components: readonly ReadyComponent[],
  wanted: WantedImages,
  roots: RootLayers,
): Promise<Bundle> {
  const origins = new Map<string, string>();
  const packages: BuiltPackage[] = [];
  const images: BuiltImage[] = [];

  await timed(context, 'pack:packages', 'Make packages and archives', async () => {
    await limited(
      components.flatMap((component) => packTasks(context, folder, component, packages, origins)),
    );
  });
  const minor = valuesOf(versionOf(components, 'kubernetes'), context.arch).minor ?? '';
  const keys = await writeRepositories(context, folder, packages, minor);

  await timed(context, 'pack:images', 'Make images', async () => {
    const tasks = components.flatMap((component) =>
      component.missing
        ? []
        : component.recipe.images.map((recipe) => async () => {
            const image = await makeImage(context, recipe, component.sources, wanted, roots);
            const suite = recipe.root === undefined ? undefined : rootOf(context, recipe.root).suite;
            const origin = suite === undefined ? component.origin : `${component.origin} on debian:${suite}`;
            for (const name of image.names) origins.set(name, origin);
            images.push(image);
          }),
    );
    await limited(tasks);
  });
  const layout = path.join(folder, 'oci');
  await collectBlobs(layout, images);
  await writeIndex(
    layout,
    images.flatMap(({ names, manifest }) => names.map((name) => ({ name, manifest }))),
  );
  return timed(context, 'pack:document', 'Compute checksums', () =>
    writeBundleDocument(folder, {
      name: `kubernetes-${versionOf(components, 'kubernetes')}-linux-${context.arch}`,
      from: 'modules',
      platform: `linux/${context.arch}`,
      versions: Object.fromEntries(
        components.filter(({ missing }) => !missing).map(({ name, sources }) => [name, sources.version]),
      ),
      keys,
      originOf: (name) => origins.get(name) ?? origins.get(path.posix.basename(name)) ?? 'k8slab',
    }),
  );
}

/** One repository for each place that packages have upstream; gives the fingerprints of their keys, by URL. */
async function writeRepositories(
  context: BuildContext,
  folder: string,
  packages: readonly BuiltPackage[],
  minor: string,
): Promise<Record<string, string>> {
  const usual = repositoryPlace(minor);
  const places = new Set([usual, ...packages.map(({ repository }) => repository ?? usual)]);
  const keys: Record<string, string> = {};
  for (const place of places) {
    const own = packages.filter(({ repository }) => (repository ?? usual) === place);
    const label = place === usual ? `Kubernetes ${minor}` : own.map(({ name }) => name).join(', ');
    const target = path.join(folder, 'files', ...place.split('/'));
    keys[`https://${place}/`] = await writeRepository(context, target, own, { label, date: new Date() });
  }
  return keys;
}

function versionOf(components: readonly ReadyComponent[], name: string): string {
  return components.find((component) => component.name === name)?.sources.version ?? '';
}

function packTasks(
  context: BuildContext,
  folder: string,
  component: ReadyComponent,
  packages: BuiltPackage[],
  origins: Map<string, string>,
): (() => Promise<void>)[] {
  const { recipe, sources, missing, origin } = component;
  return [
    ...recipe.packages.map((one) => async () => {
      const { built } = await makePackage(context, one, sources, missing);
      origins.set(path.basename(built.file), origin);
      packages.push(built);
    }),
    ...(missing ? [] : recipe.downloads).map((one) => async () => {
      const made = await makeDownload(context, one, sources);
      await placeFile(folder, made.path, made.file);
      origins.set(`files/${made.path}`, origin);
    }),
  ];
}

async function timed<T>(
  context: BuildContext,
  id: string,
  title: string,
  work: () => Promise<T>,
): Promise<T> {
  const started = performance.now();
  context.report({ kind: 'start', id, title, seconds: 0 });
  const result = await work();
  context.report({ kind: 'done', id, title, seconds: (performance.now() - started) / 1000, cached: false });
  return result;
}

/** Runs as many tasks at once as there are processors; after a failure no further one is begun. */
async function limited(tasks: readonly (() => Promise<void>)[]): Promise<void> {
  const rest = [...tasks];
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let task = rest.shift(); task !== undefined && !failed; task = rest.shift()) {
      try {
        await task();
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: os.availableParallelism() }, worker));
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}
