import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { K8slabError } from '../errors/error.js';
import { forgetNodes } from './forgetNodes.js';
import { eachMachine, throwAll, type HaltOptions } from './halt.js';
import { removeHostOnly } from './hostOnly.js';
import { logFile, selectMachines, shownLog, vagrantKnows, type LabContext } from './lab.js';
import { lastLines } from './lines.js';
import { run } from './runner.js';
import { Ssh } from './ssh.js';
import type { StateStore } from './state.js';
import { asRoot, removeSurvivor } from './survivors.js';
import { Vagrant } from './vagrant.js';

export type DestroyOptions = HaltOptions & { store: StateStore };

/** A provider's own clean-up, among its files in the lab folder; the first that is there is run. */
const cleanUpScripts = ['clean-up.sh', 'network-down.sh'];

/**
 * Removes machines and everything made for them on this host; the lab folder stays. Works as well when Vagrant
 * has lost track of them. Throws what went wrong, after everything has been tried.
 */
export async function destroy(options: DestroyOptions): Promise<void> {
  const { lab, signal, store } = options;
  const machines = selectMachines(lab.cluster, options.nodes).reverse();
  const vagrant = new Vagrant(lab);
  const errors = await eachMachine({ ...options, machines, phase: 'destroy' }, async (machine, onLine) => {
    const known = vagrantKnows(lab, machine.name);
    const failure = known ? await failureOf(vagrant.destroy(machine.name, { signal, onLine })) : undefined;
    if (failure?.code === 'VAGRANT_VBOX_HANGS') throw failure;
    const removed = !signal.aborted && (await removeSurvivor(lab, machine));
    if (failure !== undefined && !removed) throw failure;
    if (removed) {
      // Vagrant's memory of a machine that is gone would make the next `up` fail.
      const memory = join(lab.folder, '.vagrant', 'machines', machine.name, lab.cluster.provider);
      await rm(memory, { recursive: true, force: true });
    }
    await store.update(machine.name, () => undefined);
    return known || removed ? 'destroyed' : 'not created';
  });
  const gone = machines.filter(({ name }) => !vagrantKnows(lab, name));
  const ssh = new Ssh(lab);
  await ssh.config.remove(gone.map(({ name }) => name));
  await forgetNodes(lab, gone, ssh, signal);
  if (gone.length === lab.cluster.machines.length && !signal.aborted) {
    await cleanUp(lab).catch((error: unknown) => {
      if (!(error instanceof K8slabError)) throw error;
      errors.push(error);
    });
  }
  throwAll(errors);
}

async function failureOf(work: Promise<void>): Promise<K8slabError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof K8slabError) return error;
    throw error;
  }
}

async function cleanUp(lab: LabContext): Promise<void> {
  if (lab.cluster.provider === 'virtualbox') await removeHostOnly(lab);
  const folder = join(lab.folder, lab.cluster.provider);
  const script = cleanUpScripts.map((name) => join(folder, name)).find((file) => existsSync(file));
  if (script === undefined) return;
  const [program = '', ...args] = asRoot(['sh', script]);
  const result = await run(program, args, {
    ...(lab.env === undefined ? {} : { env: lab.env }),
    cwd: lab.folder,
    logFile: logFile(lab, 'host'),
    timeout: 60,
  });
  if (result.exitCode !== 0) {
    throw new K8slabError(
      'VAGRANT_NOT_DESTROYED',
      `The lab’s network on this host could not be removed; see ${shownLog('host')}.`,
      {
        raw: lastLines(result.stderr, 10),
      },
    );
  }
}
