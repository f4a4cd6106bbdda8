import { availableParallelism } from 'node:os';
import path from 'node:path';
import type { Assets } from '../assets/manifests.js';
import type { Cluster } from '../plan/cluster.js';
import { cacheFolder } from './bundle/folders.js';
import type { Context } from './context.js';
import { arrangeDownloads, type Substitute } from './downloads.js';
import { missingPrograms } from './hostPrograms.js';
import { withNetwork } from './keptNetwork.js';
import { providerOf } from './openLab.js';
import type { Description } from './planHere.js';
import { sayParts, shownPath, type Deed, type Part } from './sayDownloads.js';

interface PrepareArguments {
  /** The command that makes this lab, as a person would type it. */
  command: string;
  /** The lab's folder, there or not. */
  folder: string;
  setup: boolean;
  yes: boolean;
}

/** A host on which a lab can be booted. */
export interface Prepared {
  /** The lab's, with a bundle where its hosts cannot be reached. */
  description: Description;
  /** What was done for it. */
  deeds: Deed[];
}

/**
 * Brings about what booting a lab takes: programs, with --setup; a bundle, where its hosts cannot be reached. Does nothing where programs
 * are missing and nobody said --setup: `requirePrograms` says so when the folder is written.
 * Throws HOST_DOWNLOADS_UNREACHABLE, HOST_SETUP_… and BUNDLE_….
 */
export async function prepareHost(
  description: Description,
  cluster: Cluster,
  assets: Assets,
  { command, folder, setup, yes }: PrepareArguments,
  context: Context,
): Promise<Prepared> {
  const provider = providerOf(cluster.provider, assets);
  const lacking = missingPrograms(cluster.provider, provider);
  if (lacking.length > 0 && !setup) return { description, deeds: [] };
  const asked = { folder, command, setup, yes };
  const substitute = await arrangeDownloads(description, cluster, assets, asked, context);
  const missing = [...lacking, ...(substitute?.missing ?? [])];
  if (missing.length > 0 || substitute !== undefined)
    sayParts(await partsOf(cluster, missing.length > 0, substitute), availableParallelism(), context);

  const deeds: Deed[] = [];
  if (setup) {
    const { install } = await import('./setup.js');
    const started = Date.now();
    const { added } = await install(cluster.provider, provider, yes, context, substitute?.missing);
    if (added.length > 0) {
      const root = process.getuid?.() === 0 ? '' : 'sudo ';
      const undo = [`${root}apt-get remove --autoremove ${added.join(' ')}`];
      deeds.push({ what: 'Installed packages', took: Date.now() - started, undo });
    } else if (missing.length > 0) {
      deeds.push({ what: 'Installed packages', took: Date.now() - started });
    }
    context.say();
  }
  if (substitute === undefined) return { description, deeds };
  if (!substitute.bundle.there) deeds.push(await build(substitute, context));
  const { bundle, cni } = substitute;
  const ready = { ...description, bundle: bundle.folder };
  if (cni === undefined) return { description: ready, deeds };
  context.say(`The lab.yaml of this lab says so: cni: ${cni}\n`);
  return { description: withNetwork(ready, cluster, cni, assets), deeds };
}

/** Estimates are for two processors, with packages from a near mirror. */
async function partsOf(
  cluster: Cluster,
  install: boolean,
  substitute: Substitute | undefined,
): Promise<Part[]> {
  const { scaled } = await import('../bundle/modules/goBuild.js');
  const { length } = cluster.machines;
  const downloads = cluster.kubernetes !== undefined && substitute === undefined && !cluster.bundle;
  return [
    ...(install ? [{ title: 'install packages', seconds: 60 }] : []),
    ...(substitute !== undefined && !substitute.bundle.there
      ? [{ title: 'build a bundle from Go modules', seconds: substitute.seconds, atMost: true }]
      : []),
    ...(cluster.box.build
      ? [{ title: `build the box ${cluster.box.name}`, seconds: scaled(75), atMost: true }]
      : []),
    {
      title: `boot and set up ${length} machine${length === 1 ? '' : 's'}`,
      seconds: scaled(30 + length * 20) + (downloads ? 60 * length : 0),
    },
    { title: 'verify', seconds: 30, atMost: true },
  ];
}

async function build({ bundle, kubernetes }: Substitute, context: Context): Promise<Deed> {
  const { ensureKept } = await import('../bundle/modules/kept.js');
  const { createFromModules } = await import('../bundle/modules/createFromModules.js');
  const { reporter } = await import('./bundle/create.js');
  const started = Date.now();
  const built = await ensureKept(bundle, createFromModules, {
    cacheDir: cacheFolder(),
    ...(kubernetes !== undefined && { kubernetes }),
    report: reporter(context),
    signal: context.signal,
  });
  context.say();
  return {
    what: built ? 'Built a bundle' : 'Waited for a bundle that another k8slab built',
    took: Date.now() - started,
    detail: path.basename(bundle.folder),
    undo: [
      `rm -r ${shownPath(bundle.folder)}`,
      `rm -r ${shownPath(cacheFolder())}; go clean -cache -modcache   # what it was built of`,
    ],
  };
}
