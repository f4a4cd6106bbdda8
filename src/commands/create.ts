import { join, relative, resolve } from 'node:path';
import { loadAssets } from '../assets/load.js';
import { planText } from '../plan/text.js';
import type { Report } from '../report/report.js';
import { shellQuote } from '../vagrant/shell.js';
import type { Context, Status } from './context.js';
import { describe, type LabArguments } from './describeLab.js';
import { requirePrograms } from './hostPrograms.js';
import { layDown, withSchemaOf, type LaidDown } from './lab.js';
import { nameOf, planHere } from './planHere.js';
import { sayFiles } from './render.js';

interface CreateArguments extends LabArguments {
  dir?: string | undefined;
  up: boolean;
  setup: boolean;
  yes: boolean;
}

/** From a description to a lab folder and, unless told otherwise, to a running and verified lab. */
export async function create(argv: CreateArguments, context: Context): Promise<Status> {
  const assets = await loadAssets();
  const description = await describe(argv, assets);
  const dir = resolve(argv.dir ?? (await nameOf(description, assets)));
  await planHere(description, assets, dir);
  context.signal.throwIfAborted();
  const inPlace = resolve(description.file) === join(dir, 'lab.yaml');
  const text = inPlace ? description.text : withSchemaOf(description.text);
  const lab = await layDown(dir, { ...description, text }, assets, `k8slab create ${argv.lab}`);
  context.signal.throwIfAborted();
  context.say(planText(lab.cluster, context.palette).trimEnd());
  context.say();
  sayWritten(lab, context);
  if (!argv.up) {
    context.result({ folder: lab.folder, cluster: lab.cluster, files: lab.files });
    context.say(`\nWhat now?  cd ${shellQuote(relative(process.cwd(), dir) || '.')} && k8slab up`);
    return 0;
  }
  return bootAndVerify(argv, lab, context);
}

async function bootAndVerify(argv: CreateArguments, lab: LaidDown, context: Context): Promise<Status> {
  if (argv.setup) {
    const { install } = await import('./setup.js');
    await install(lab.cluster.provider, lab.provider, argv.yes, context);
  }
  requirePrograms(lab.cluster.provider, lab.provider);
  const { boot, settle } = await import('./up.js');
  context.say();
  const result = await boot(lab, context, []);
  context.say();
  const report = await settle(lab, context);
  context.result({ folder: lab.folder, cluster: lab.cluster, ...result, report });
  sayWhatNow(lab, report, context);
  return report.sound ? 0 : 1;
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
