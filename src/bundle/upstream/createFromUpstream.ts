import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { K8slabError } from '../../errors/error.js';
import type { Cluster } from '../../plan/cluster.js';
import type { Bundle } from '../bundle.js';
import { inPlace } from '../inPlace.js';
import { requireSpace, requireTarget } from '../modules/host.js';
import { assemble } from './assemble.js';
import { Client } from './client.js';
import { eachOf, type UpstreamContext } from './context.js';
import { download } from './download.js';
import { interrupted } from './failure.js';
import { lookAround, type Findings } from './look.js';
import { ByteProgress } from './progress.js';
import { hasGpg } from './signature.js';
import { Store } from './store.js';
import { defaultPatience, type Patience, type UpstreamEvent, type Wanted } from './types.js';
import { newestVersions, wishesOf } from './wishes.js';

export interface UpstreamOptions {
  /** Plans of the labs that the bundle is for. */
  clusters: readonly Cluster[];
  /** Further images, by name, such as those of the labs' examples. */
  images?: readonly string[];
  /** The bundle's folder; made, or replaced when it is a bundle. */
  out: string;
  platform: 'linux/amd64' | 'linux/arm64';
  /** Downloads are kept here, also those that broke off. */
  cacheDir: string;
  report: (event: UpstreamEvent) => void;
  signal?: AbortSignal;
  /** For tests only: upstream host to the base URL of an imitation. */
  hosts?: Readonly<Record<string, string>>;
  /** For tests only: shorter waits. */
  patience?: Partial<Patience>;
}

/** Large downloads at once. */
const atOnce = 6;

/**
 * Makes a bundle of what the named labs download, as upstream publishes it. The bundle appears in one step when it is complete;
 * what was downloaded before a failure or a kill is in the cache for the next run.
 * Throws BUNDLE_UPSTREAM_…, BUNDLE_OUT, BUNDLE_DISK_SPACE, RENDER_… errors, VAGRANT_INTERRUPTED when `signal` is aborted.
 */
export async function createFromUpstream(options: UpstreamOptions): Promise<Bundle> {
  const out = path.resolve(options.out);
  const arch = options.platform === 'linux/arm64' ? 'arm64' : 'amd64';
  const wishes = wishesOf(options.clusters, arch, options.images);
  if (wishes.repositories.length + wishes.files.length + wishes.images.length === 0) {
    const names = options.clusters.map(({ name }) => name).join(', ');
    throw new K8slabError(
      'BUNDLE_UPSTREAM_NOTHING',
      `Nothing of ${names || 'no lab'} is downloaded from Kubernetes’ hosts.`,
    );
  }
  await requireTarget(out);
  const cache = path.join(path.resolve(options.cacheDir), 'upstream');
  const store = new Store(cache);
  await store.open();

  // The first failure ends what runs beside it.
  const ending = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, ending.signal]) : ending.signal;
  const stop = (): void => {
    ending.abort();
  };
  const patience = { ...defaultPatience, ...options.patience };
  const context: UpstreamContext = {
    client: new Client({ patience, signal, ...(options.hosts && { hosts: options.hosts }) }),
    store,
    arch,
    gpg: wishes.repositories.length > 0 && (await hasGpg()),
    report: options.report,
    signal,
  };
  try {
    const findings = await timed(context, 'look', 'Look what there is to download', () =>
      lookAround(context, wishes, stop),
    );
    await timed(context, 'download', 'Download', () => downloadAll(context, findings, { cache, out }, stop));
    if (signal.aborted) throw interrupted();
    const versions = newestVersions(wishes);
    const tools = findings.packages.find(({ name }) => name === 'cri-tools')?.version;
    const about = {
      name: `kubernetes-${versions.kubernetes ?? 'none'}-linux-${arch}`,
      versions: {
        ...versions,
        ...(tools === undefined ? {} : { 'cri-tools': tools.replace(/-[^-]*$/, '') }),
      },
    };
    return await timed(context, 'assemble', 'Put the bundle together and check it', () =>
      inPlace(out, async (folder) => {
        const bundle = await assemble(context, folder, findings, about);
        if (signal.aborted) throw interrupted();
        return bundle;
      }),
    );
  } finally {
    stop();
  }
}

async function downloadAll(
  context: UpstreamContext,
  { pieces, images }: Findings,
  { cache, out }: { cache: string; out: string },
  stop: () => void,
): Promise<void> {
  const wanted = new Map<string, Wanted>();
  for (const piece of pieces) if ('wanted' in piece) wanted.set(piece.wanted.sha256, piece.wanted);
  for (const image of images) for (const blob of image.blobs) wanted.set(blob.sha256, blob);

  const missing: Wanted[] = [];
  let [total, cached] = [0, 0];
  for (const one of wanted.values()) {
    const there = await context.store.find(one.sha256);
    total += there ?? one.size ?? 0;
    cached += there ?? (await context.store.started(one.sha256));
    if (there === undefined) missing.push(one);
  }
  const unknown = missing.filter(({ size }) => size === undefined).length;
  context.report({ kind: 'size', total, cached, downloads: missing.length, images: images.length, unknown });
  await requireSpace([
    { folder: cache, bytes: Math.max(0, total - cached), what: 'downloads' },
    { folder: out, bytes: total, what: 'the bundle' },
  ]);
  const progress = new ByteProgress(cached, total, context.report);
  // Large ones first: the end is not spent waiting for one of them.
  missing.sort((a, b) => (b.size ?? Infinity) - (a.size ?? Infinity) || (a.sha256 < b.sha256 ? -1 : 1));
  await eachOf(missing, atOnce, stop, async (one) => {
    context.report({ kind: 'progress', id: 'download', text: one.what });
    await download(context.client, context.store, one, (bytes) => {
      progress.add(bytes);
    });
  });
  progress.tell();
}

async function timed<T>(
  context: UpstreamContext,
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
