import { join, relative, resolve } from 'node:path';
import { loadAssets } from '../assets/load.js';
import type { Assets } from '../assets/manifests.js';
import type { Cluster } from '../plan/cluster.js';
import { planText } from '../plan/text.js';
import type { Report } from '../report/report.js';
import { shellQuote } from '../vagrant/shell.js';
import type { Context, Status } from './context.js';
import { describe, type LabArguments } from './describeLab.js';
import { commandLine, requirePrograms } from './hostPrograms.js';
import { asDecided } from './keptNetwork.js';
import { layDown, withSchemaOf, type LaidDown } from './lab.js';
import { nameOf, planHere, type Description } from './planHere.js';
import type { Prepared } from './prepareHost.js';
import { sayFiles } from './render.js';
import { sayDeeds, type Deed } from './sayDownloads.js';

interface CreateArguments extends LabArguments {
  dir?: string | undefined;
  up: boolean;
  stopAfter?: string | undefined;
  setup: boolean;
  yes: boolean;
}

/** From a description to a lab folder and, unless told otherwise, to a running and verified lab. */
export async function create(argv: CreateArguments, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const described = await describe(argv, assets);
  const dir = resolve(argv.dir ?? (await nameOf(described, assets)));
  const description = await asDecided(described, dir, assets);
  const planned = await planHere(description, assets, dir);
  context.signal.throwIfAborted();
  const { description: settled, deeds } = argv.up
    ? await prepare(argv, description, planned, dir, assets, context)
    : { description, deeds: [] };
  const inPlace = resolve(description.file) === join(dir, 'lab.yaml');
  const text = inPlace ? settled.text : withSchemaOf(settled.text);
  const lab = await layDown(dir, { ...settled, text }, assets, `k8slab create ${argv.lab}`);
  context.signal.throwIfAborted();
  context.say(planText(lab.cluster, context.palette).trimEnd());
  context.say();
  sayWritten(lab, context);
  if (!argv.up) {
    context.result({ folder: lab.folder, cluster: lab.cluster, files: lab.files });
    context.say(`\nWhat now?  cd ${shellQuote(relative(process.cwd(), dir) || '.')} && k8slab up`);
    return 0;
  }
  if (argv.stopAfter !== undefined) {
    requirePrograms(lab.cluster.provider, lab.provider);
    return (await import('./up.js')).bootBare(lab, context, []);
  }
  return bootAndVerify(deeds, lab, context);
}

async function prepare(
  argv: CreateArguments,
  description: Description,
  planned: Cluster,
  dir: string,
  assets: Assets,
  context: Context,
): Promise<Prepared> {
  const { prepareHost } = await import('./prepareHost.js');
  const { setup, yes } = argv;
  const asked = { command: commandOf(argv), folder: dir, setup, yes };
  return prepareHost(description, planned, assets, asked, context);
}

/** `k8slab create` with what names the lab. */
function commandOf({ lab, dir, provider, set = [] }: CreateArguments): string {
  const flags = [
    ...(dir === undefined ? [] : ['--dir', dir]),
    ...(provider === undefined ? [] : ['--provider', provider]),
    ...set.flatMap((setting) => ['--set', setting]),
  ];
  return commandLine(['k8slab', 'create', lab, ...flags]);
}

/** Finding that the box is there already takes less, in milliseconds. */
const aMoment = 10_000;

async function bootAndVerify(before: readonly Deed[], lab: LaidDown, context: Context): Promise<Status> {
  requirePrograms(lab.cluster.provider, lab.provider);
  const { boot, settle } = await import('./up.js');
  context.say();
  const booting = Date.now();
  let boxTook = 0;
  const result = await boot(lab, context, [], (took) => (boxTook = took));
  const booted = Date.now();
  context.say();
  const report = await settle(lab, context);
  context.result({ folder: lab.folder, cluster: lab.cluster, ...result, report });
  const took = { box: boxTook, boot: booted - booting - boxTook, verify: Date.now() - booted };
  if (before.length > 0) sayDeeds([...before, ...deedsOf(lab.cluster, took)], context);
  sayWhatNow(lab, report, context);
  return report.sound ? 0 : 1;
}

/** What booting did; times in milliseconds. */
function deedsOf(
  { box, machines, kubernetes, cni }: Cluster,
  took: { box: number; boot: number; verify: number },
): Deed[] {
  const software = kubernetes && [`Kubernetes ${kubernetes.version}`, cni.name, cni.version ?? ''].join(' ');
  const built = {
    what: `Built the box ${box.name}`,
    took: took.box,
    undo: [`vagrant box remove ${box.name}`],
  };
  return [
    ...(took.box > aMoment ? [built] : []),
    {
      what: `Booted and set up ${machines.length} machines`,
      took: took.boot,
      ...(software !== undefined && { detail: software.trimEnd() }),
      undo: ['k8slab destroy'],
    },
    { what: 'Verified the lab', took: took.verify },
  ];
}

function sayWritten({ folder, files }: LaidDown, context: Context): void {
  sayFiles({ ...files, written: [], removed: [] }, context);
  const { written, unchanged } = files;
  context.say(
    `${context.palette.bold('Written')} to ${folder}: ${written.length} files` +
      (unchanged.length > 0 ? `, ${unchanged.length} were there already.` : '.'),
  );
}

function sayWhatNow(lab: LaidDown, report: Report, context: Context): void {
  const folder = relative(process.cwd(), lab.folder);
  const last = lab.cluster.machines.at(-1)?.name ?? '';
  context.say('\nWhat now?');
  if (folder !== '') context.say(`  cd ${shellQuote(folder)}`);
  if (lab.cluster.kubernetes) context.say('  k8slab kubectl get nodes -o wide');
  context.say(`  k8slab ssh ${last}`);
  context.say(`  k8slab ${report.sound ? 'verify' : 'verify      # after you followed the advice above'}`);
  context.say('  README.md tells what to try.');
}
