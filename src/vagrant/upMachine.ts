import { K8slabError } from '../errors/error.js';
import type { Machine } from '../plan/cluster.js';
import type { Delivery } from './delivery.js';
import { directHost } from './directSsh.js';
import type { LabContext } from './lab.js';
import type { Probe } from './probe.js';
import type { Reporter } from './progress.js';
import { deliverToMachine, provisionMachine } from './provisionMachine.js';
import type { Slots } from './slots.js';
import type { Ssh } from './ssh.js';
import type { MachineRecord, StateStore } from './state.js';
import type { Vagrant } from './vagrant.js';

/** What bringing machines up works with. */
export interface UpTools {
  lab: LabContext;
  vagrant: Vagrant;
  ssh: Ssh;
  store: StateStore;
  report: Reporter;
  /** Boots at once. */
  slots: Slots;
  /** Machines are reached as planned: see `directHost`. */
  directSsh: boolean;
}

export interface MachinePlan {
  machine: Machine;
  delivery: Delivery;
  /** The machine's answer before anything was done; nothing when it does not run. */
  running: Probe | undefined;
  /** `never` leaves machines as they are after boot; `deliver` puts files and secrets onto them and runs nothing. */
  provision: 'if-changed' | 'always' | 'never' | 'deliver';
  signal: AbortSignal;
  /** Throws when the machine should not be started any more. */
  beforeBoot: () => void;
  beforeProvision: () => Promise<void>;
  onStep: (step: number) => void;
  /** Told of a failed boot before the next machine's turn. */
  onBootFailure: (error: unknown) => void;
}

export interface MachineOutcome {
  booted: boolean;
  provisioned: boolean;
}

/** Boots one machine if it does not run, and sets it up unless it is as planned already. */
export async function upMachine(tools: UpTools, plan: MachinePlan): Promise<MachineOutcome> {
  const { report, store } = tools;
  const { name } = plan.machine;
  let probe = plan.running;
  const booted = probe === undefined;
  if (probe === undefined) {
    await tools.slots.run(() => boot(tools, plan).catch(noteFailure(plan)));
    await store.update(name, (record) => ({ ...record, created: true }));
    await report({ type: 'phase', row: name, phase: 'connect' });
    probe = await connect(tools, plan);
    if (!isWhole(probe, plan.machine)) probe = await restart(tools, plan);
  }

  const { machineId } = probe;
  const current = probe.provisionedHash === plan.delivery.hash;
  if (plan.provision === 'deliver' && !current) {
    await deliverToMachine(tools, plan.machine, plan.delivery, plan.signal);
    await report({ type: 'done', row: name, summary: 'runs, and has its files' });
    return { booted, provisioned: false };
  }
  const wanted = plan.provision === 'always' || (plan.provision === 'if-changed' && !current);
  const setUp = (provisionedAt = new Date().toISOString()): MachineRecord => ({
    created: true,
    provisionedHash: plan.delivery.hash,
    provisionedAt,
    ...(machineId === '' ? {} : { machineId }),
  });
  if (!wanted) {
    // The machine has the last word, also when the run that set it up was cut off before it noted so.
    if (current) await store.update(name, (record) => setUp(record.provisionedAt));
    const summary =
      plan.provision === 'never' ? 'runs' : booted ? 'booted; set up already' : 'runs and is set up already';
    await report({ type: 'done', row: name, summary });
    return { booted, provisioned: false };
  }
  await report({ type: 'phase', row: name, phase: 'provision' });
  await plan.beforeProvision();
  const { signal, onStep } = plan;
  await provisionMachine(tools, plan.machine, plan.delivery, { signal, onStep });
  await store.update(name, () => setUp());
  await report({ type: 'done', row: name, summary: 'done' });
  return { booted, provisioned: true };
}

const isWhole = ({ addresses }: Probe, { address }: Machine): boolean => addresses.includes(address);

/**
 * A machine whose boot was cut off runs, but nobody has configured its second adapter, and Vagrant leaves a machine that runs
 * alone: it has to start once more. Source: action_start in
 * https://github.com/hashicorp/vagrant/blob/main/plugins/providers/virtualbox/action.rb
 */
async function restart(tools: UpTools, plan: MachinePlan): Promise<Probe> {
  const { name } = plan.machine;
  await tools.slots.run(async () => {
    await tools.vagrant.halt(name, { signal: plan.signal });
    await boot(tools, plan).catch(noteFailure(plan));
  });
  await tools.report({ type: 'phase', row: name, phase: 'connect' });
  return connect(tools, plan);
}

function noteFailure(plan: MachinePlan): (error: unknown) => never {
  return (error) => {
    plan.onBootFailure(error);
    throw error;
  };
}

async function boot({ vagrant, report }: UpTools, plan: MachinePlan): Promise<void> {
  const { name } = plan.machine;
  plan.signal.throwIfAborted();
  plan.beforeBoot();
  await report({ type: 'phase', row: name, phase: 'boot' });
  const call = {
    signal: plan.signal,
    onLine: (line: string): void => void report({ type: 'output', row: name, line }),
  };
  let lockedSince: number | undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      await vagrant.up(name, call);
      return;
    } catch (error) {
      if (!(error instanceof K8slabError) || error.code !== 'VAGRANT_LOCKED') throw error;
      lockedSince ??= Date.now();
      if (Date.now() - lockedSince > lockTime) throw error;
      await new Promise((resolve) => setTimeout(resolve, Math.min(5, attempt) * 1000));
    }
  }
}

/**
 * Vagrant's locks of the whole host (ports, master disks) are held for moments, and are not waited for by Vagrant; that of a
 * machine is held by the Vagrant of a run that was killed, until it has booted the machine. In milliseconds.
 */
const lockTime = 120_000;

/** Waits until the machine answers on ssh; Vagrant has waited for that already, so it should at once. */
async function connect({ lab, ssh, directSsh }: UpTools, { machine, signal }: MachinePlan): Promise<Probe> {
  const direct = directSsh ? directHost(lab, machine) : undefined;
  if (direct !== undefined) await ssh.config.set(direct);
  for (let attempt = 1; ; attempt++) {
    const probe = await ssh.probe(machine.name, { signal });
    // An adapter that was just configured may take a moment to have its address.
    if (probe !== undefined && (attempt >= 3 || isWhole(probe, machine))) return probe;
    if (attempt === 10) break;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new K8slabError('VAGRANT_SSH_UNREACHABLE', `${machine.name} has booted but does not answer on ssh.`, {
    fix: ['Wait a moment and try again.', `k8slab halt ${machine.name} && k8slab up   # restarts it`],
  });
}
