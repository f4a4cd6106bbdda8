import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadAssets } from '../../assets/load.js';
import type { BundleEvent } from '../../bundle/modules/events.js';
import { parseLab } from '../../lab/parse.js';
import { K8slabError } from '../../errors/error.js';
import { duration } from '../../vagrant/progress.js';
import type { Context, Status } from '../context.js';
import { readLab } from '../labText.js';

interface CreateBundleArguments {
  lab?: string[] | undefined;
  out: string;
  kubernetes?: string | undefined;
  'kubernetes-source'?: string | undefined;
  add?: string[] | undefined;
}

/** Makes a bundle from Go modules. */
export async function createBundle(argv: CreateBundleArguments, context: Context): Promise<Status> {
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
  context.say(`What now?  k8slab create 1cp-2w --bundle ${argv.out}`);
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

/** Where builds and downloads are kept between runs. */
export function cacheFolder(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'k8slab', 'bundle');
}

/** First what is to be done and how long it will take, then a line for the end of each part. */
export function reporter(context: Context): (event: BundleEvent) => void {
  const { dim, green, yellow, bold } = context.palette;
  return (event) => {
    switch (event.kind) {
      case 'plan': {
        const todo = event.steps.filter(({ seconds }) => seconds > 0);
        context.say(`${bold('To do')}, about ${duration(event.seconds * 1000)} on this host:`);
        for (const { title, seconds } of todo)
          context.say(`  ${title} ${dim(`(${duration(seconds * 1000)})`)}`);
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
