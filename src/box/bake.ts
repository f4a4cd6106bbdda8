import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { K8slabError } from '../errors/error.js';
import { hypervisorName } from '../render/hypervisorName.js';
import { halt } from '../vagrant/halt.js';
import { logFile, shownLog, statePath, type LabContext } from '../vagrant/lab.js';
import { lastLines } from '../vagrant/lines.js';
import type { Reporter } from '../vagrant/progress.js';
import { run } from '../vagrant/runner.js';
import { fileStateStore } from '../vagrant/state.js';
import { asRoot } from '../vagrant/survivors.js';
import { up, type UpOptions } from '../vagrant/up.js';
import { exists } from '../write/exists.js';
import { addBox } from './addBox.js';
import { aboutFile, type AboutBakedBox } from './installed.js';

export interface BakeOptions {
  /** A lab of one machine, with the steps whose results are kept: see `planCluster`. */
  lab: LabContext;
  /** Absolute path of the provider's folder in the package. */
  providerFolder: string;
  /** Its recipe folder, with `pack.sh MACHINE OUTPUT.box ABOUT.json`. */
  recipe: string;
  about: AboutBakedBox;
  report: Reporter;
  signal: AbortSignal;
  /** See `UpOptions`. */
  prepare: NonNullable<UpOptions['prepare']>;
  beforeProvision: NonNullable<UpOptions['beforeProvision']>;
  /** Runs when the machine needs nothing from the host any more. */
  afterProvision: () => Promise<void>;
}

/**
 * Boots one machine the way every machine of a lab boots, sets it up, packs it into a box and gives that to Vagrant. Machine and
 * lab folder stay: whoever made the folder removes both. Throws what `up` does, BOX_BAKE_FAILED, VAGRANT_INTERRUPTED.
 */
export async function bakeBox(options: BakeOptions): Promise<void> {
  const { lab, report, signal } = options;
  const { prepare, beforeProvision } = options;
  const output = statePath(lab, 'baked.box');
  const store = fileStateStore(lab);
  await up({ lab, bootAtOnce: 1, report, signal, store, prepare, beforeProvision });
  await options.afterProvision();
  await halt({ lab, bootAtOnce: 1, report, signal });
  const root = await pack(options, output);
  try {
    await giveToVagrant(options, output);
  } catch (error) {
    if (root !== undefined) await pruneRoot(lab, options.providerFolder, root);
    throw error;
  }
}

/** Gives the name of the unpacked root that the packer left for the box's machines, if it left one. */
async function pack(options: BakeOptions, output: string): Promise<string | undefined> {
  const { lab, report, signal, about } = options;
  const [machine] = lab.cluster.machines;
  if (machine === undefined) throw new Error('a plan for baking has one machine');
  const document = statePath(lab, aboutFile);
  await writeFile(document, `${JSON.stringify(about, undefined, 2)}\n`);
  await report({ type: 'begin', rows: ['box'] });
  await report({ type: 'phase', row: 'box', phase: 'build' });
  const script = join(options.recipe, 'pack.sh');
  const [program = '', ...args] = asRoot([
    'bash',
    script,
    hypervisorName(lab.cluster, machine),
    output,
    document,
  ]);
  const result = await run(program, args, {
    ...(lab.env === undefined ? {} : { env: lab.env }),
    ...(lab.patience === undefined ? {} : { patience: lab.patience }),
    logFile: logFile(lab, 'box'),
    title: `pack the box ${about.name}`,
    signal,
    onLine: (line) => void report({ type: 'output', row: 'box', line }),
  });
  if (result.exitCode !== 0 || !(await exists(output))) {
    const error = new K8slabError(
      'BOX_BAKE_FAILED',
      `${about.name} could not be packed; see ${shownLog('box')}.`,
      { raw: lastLines(`${result.stdout}\n${result.stderr}`, 15) },
    );
    await report({ type: 'failed', row: 'box', error });
    await report({ type: 'end' });
    throw error;
  }
  return /^Root ([0-9a-f]{64})$/m.exec(result.stdout)?.[1];
}

async function giveToVagrant({ lab, report, signal, about }: BakeOptions, output: string): Promise<void> {
  await report({ type: 'output', row: 'box', line: 'Adding the box to Vagrant' });
  const { name, version, provider } = about;
  try {
    await addBox(output, {
      name,
      version,
      provider,
      env: lab.env,
      patience: lab.patience,
      logFile: logFile(lab, 'box'),
      onLine: (line) => void report({ type: 'output', row: 'box', line }),
      signal,
    });
    await report({ type: 'done', row: 'box', summary: `${name} is ready` });
  } catch (error) {
    if (error instanceof K8slabError) await report({ type: 'failed', row: 'box', error });
    throw error;
  } finally {
    await report({ type: 'end' });
  }
}

/** Removes the unpacked root of a box from this host, unless a machine uses it. */
export async function pruneRoot(
  lab: Pick<LabContext, 'env'>,
  providerFolder: string,
  root: string,
): Promise<void> {
  const script = join(providerFolder, 'prune-roots.sh');
  if (!(await exists(script))) return;
  const [program = '', ...args] = asRoot(['sh', script, root]);
  await run(program, args, lab.env === undefined ? {} : { env: lab.env });
}
