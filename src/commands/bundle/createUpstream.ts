import { resolve } from 'node:path';
import { loadAssets } from '../../assets/load.js';
import type { Assets } from '../../assets/manifests.js';
import type { UpstreamEvent } from '../../bundle/upstream/types.js';
import { applySettings, parseLab } from '../../lab/parse.js';
import type { Cluster } from '../../plan/cluster.js';
import type { HostFacts } from '../../plan/host.js';
import { planCluster } from '../../plan/plan.js';
import { duration } from '../../vagrant/progress.js';
import type { Context, Status } from '../context.js';
import { readLab } from '../labText.js';
import { UsageError } from '../usage.js';
import { reporter } from './create.js';
import { cacheFolder } from './folders.js';
import { sizeText } from './sizes.js';

interface CreateUpstreamArguments {
  lab?: string[] | undefined;
  out: string;
  platform?: string | undefined;
  kubernetes?: string | undefined;
  'kubernetes-source'?: string | undefined;
  add?: string[] | undefined;
}

/** Makes a bundle of what labs download, as upstream publishes it; without a lab for 1cp-2w. */
export async function createUpstreamBundle(argv: CreateUpstreamArguments, context: Context): Promise<Status> {
  if (argv['kubernetes-source'] !== undefined || (argv.add ?? []).length > 0) {
    throw new UsageError('--kubernetes-source and --add are for bundles from modules.', [
      'Add: --from modules',
    ]);
  }
  const labs = argv.lab === undefined || argv.lab.length === 0 ? ['1cp-2w'] : argv.lab;
  const platform =
    argv.platform === 'linux/amd64' || argv.platform === 'linux/arm64' ? argv.platform : ownPlatform();
  const assets = await loadAssets();
  const clusters: Cluster[] = [];
  for (const lab of labs) clusters.push(await planFor(lab, platform, argv.kubernetes, assets));
  const out = resolve(argv.out);
  const started = Date.now();
  const { unusedProxy } = await import('../../bundle/upstream/proxy.js');
  const note = unusedProxy(process.env, process.versions.node);
  if (note !== undefined) context.say(`${context.palette.yellow('!')} ${note}`);
  const { createFromUpstream } = await import('../../bundle/upstream/createFromUpstream.js');
  const bundle = await createFromUpstream({
    clusters,
    images: clusters.some(({ kubernetes }) => kubernetes) ? (assets.kubernetes.trialImages ?? []) : [],
    out,
    platform,
    cacheDir: cacheFolder(),
    report: upstreamReporter(context),
    signal: context.signal,
  });
  context.result({ folder: out, bundle });
  if (context.json) return 0;
  const { bold } = context.palette;
  const { files, images, name } = bundle;
  const took = duration(Date.now() - started);
  context.say(`\n${bold(name)} is in ${out}: ${files.length} files, ${images.length} images, in ${took}.`);
  context.say(`What now?  k8slab create ${labs[0] ?? '1cp-2w'} --bundle ${argv.out}`);
  return 0;
}

/** What a lab downloads does not depend on the host that makes the bundle, so the plan does not either. */
async function planFor(
  lab: string,
  platform: string,
  kubernetes: string | undefined,
  assets: Assets,
): Promise<Cluster> {
  const { text, file } = await readLab(lab, assets);
  const set = kubernetes === undefined ? [] : [`kubernetes.version=${kubernetes.replace(/^v/, '')}`];
  const host: HostFacts = {
    platform: 'linux',
    arch: platform === 'linux/arm64' ? 'arm64' : 'x64',
    installedProviders: Object.keys(assets.providers),
    virtualization: true,
    root: true,
    networks: [],
    otherLabs: [],
    vboxAllowedRanges: ['0.0.0.0/0'],
  };
  return planCluster(parseLab(applySettings(text, set, file), file, assets), host, assets);
}

function ownPlatform(): 'linux/amd64' | 'linux/arm64' {
  return process.arch === 'arm64' ? 'linux/arm64' : 'linux/amd64';
}

/** As for bundles from modules, with sizes besides. */
function upstreamReporter(context: Context): (event: UpstreamEvent) => void {
  const others = reporter(context);
  const { dim, bold } = context.palette;
  return (event) => {
    if (event.kind === 'size') {
      const { total, cached, downloads, images, unknown } = event;
      const there = cached === 0 ? '' : `, ${sizeText(cached)} of it here already`;
      const more = unknown === 0 ? '' : `, and ${unknown} whose host does not say their size`;
      context.say(`${bold('To do')}: ${downloads} downloads for ${images} images and the packages.`);
      context.say(`  ${sizeText(total)} in all${there}${more}`);
    } else if (event.kind === 'bytes') {
      const { done, total, perSecond } = event;
      const rest = perSecond > 0 ? `, ${duration(((total - done) / perSecond) * 1000)} left` : '';
      const text = `${sizeText(done)} of ${sizeText(total)}, ${sizeText(perSecond)}/s${rest}`;
      if (context.terminal) context.stream.write(`\r\u001b[K${dim(`  ${text}`)}\r`);
    } else others(event);
  };
}
