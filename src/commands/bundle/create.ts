import { resolve } from 'node:path';
import { loadAssets } from '../../assets/load.js';
import type { BundleEvent } from '../../bundle/modules/events.js';
import { parseLab } from '../../lab/parse.js';
import { K8slabError } from '../../errors/error.js';
import { duration, roughly } from '../../vagrant/progress.js';
import type { Context, Status } from '../context.js';
import { readLab } from '../labText.js';
import { UsageError } from '../usage.js';
import { cacheFolder } from './folders.js';
import { nextCommand } from './nextCommand.js';

interface CreateBundleArguments {
  lab?: string[] | undefined;
  out: string;
  platform?: string | undefined;
  kubernetes?: string | undefined;
  'kubernetes-source'?: string | undefined;
  add?: string[] | undefined;
}

/** Makes a bundle from Go modules, for this host's processor. */
export async function createBundle(argv: CreateBundleArguments, context: Context): Promise<Status> {
  const own = `linux/${process.arch === 'arm64' ? 'arm64' : 'amd64'}`;
  if (argv.platform !== undefined && argv.platform !== own) {
    throw new UsageError(`Bundles from modules are built for this host’s processor, ${own}.`, [
      `Run it on a host for ${argv.platform}, or download: leave out --from modules`,
    ]);
  }
  const kubernetes = argv.kubernetes ?? (await versionOf(argv.lab ?? []));
  const source = argv['kubernetes-source'];
  const out = resolve(argv.out);
  const started = Date.now();
  const { createFromModules } = await import('../../bundle/modules/createFromModules.js');
  const bundle = await createFromModules({
    out,
    cacheDir: cacheFolder(),
    ...(kubernetes !== undefined && { kubernetes }),
    ...(source !== undefined && { kubernetesSource: source }),
    add: argv.add ?? [],
    report: reporter(context),
    signal: context.signal,
  });
  context.result({ folder: out, bundle });
  if (context.json) return 0;
  const { bold } = context.palette;
  const { files, images, name } = bundle;
  const took = duration(Date.now() - started);
  context.say(`\n${bold(name)} is in ${out}: ${files.length} files, ${images.length} images, in ${took}.`);
  context.say(`What now?  ${nextCommand(Object.keys(bundle.versions), argv.out)}`);
  return 0;
}

/** The version of Kubernetes that the labs name; undefined when none of them names one. */
async function versionOf(labs: readonly string[]): Promise<string | undefined> {
  const assets = await loadAssets();
  const versions = new Set<string>();
  for (const lab of labs) {
    const { text, file } = await readLab(lab, assets);
    const { version } = parseLab(text, file, assets).lab.kubernetes;
    if (version !== 'default') versions.add(version);
  }
  const [first, ...others] = versions;
  if (others.length > 0) {
    throw new K8slabError(
      'BUNDLE_VERSION',
      `The labs name several versions of Kubernetes: ${[...versions].join(', ')}. A bundle holds one.`,
      { fix: ['Make a bundle for each of them.'] },
    );
  }
  return first;
}

/** First what is to be done and how long it will take, then a line for the end of each part. */
export function reporter(context: Context): (event: BundleEvent) => void {
  const { dim, green, yellow, bold } = context.palette;
  return (event) => {
    switch (event.kind) {
      case 'plan': {
        const todo = event.steps.filter(({ seconds }) => seconds > 0);
        context.say(`${bold('To do')}, about ${roughly(event.seconds)} on this host:`);
        for (const { title, seconds } of todo) context.say(`  ${title} ${dim(`(${roughly(seconds)})`)}`);
        context.say();
        return;
      }
      case 'start':
        if (event.seconds > 0) context.say(dim(`  ${event.title} …`));
        return;
      case 'progress':
        if (context.terminal) context.stream.write(`\r\u001b[K${dim(`  ${event.text}`)}\r`);
        return;
      case 'done':
        if (context.terminal) context.stream.write('\r\u001b[K');
        context.say(
          `${green('✓')} ${event.title} ${dim(event.cached ? '(there already)' : duration(event.seconds * 1000))}`,
        );
        return;
      case 'note':
        context.say(`${yellow('!')} ${event.text}`);
        return;
    }
  };
}
