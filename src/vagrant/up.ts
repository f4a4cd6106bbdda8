import { K8slabError, K8slabErrors } from '../errors/error.js';
import { readDelivery } from './delivery.js';
import { dependencies, waitsForOthers } from './dependencies.js';
import { isHostWide } from './hostWide.js';
import { selectMachines, vagrantKnows, type LabContext } from './lab.js';
import type { Reporter } from './progress.js';
import { Slots } from './slots.js';
import { Ssh } from './ssh.js';
import type { StateStore } from './state.js';
import { upMachine, type MachineOutcome, type MachinePlan, type UpTools } from './upMachine.js';
import { Vagrant } from './vagrant.js';

export interface UpOptions {
  lab: LabContext;
  /** Machines by name; all when empty. */
  nodes?: readonly string[];
  /** From the provider's manifest. */
  bootAtOnce: number;
  /** From the provider's manifest. */
  directSsh?: boolean | undefined;
  store: StateStore;
  report: Reporter;
  signal: AbortSignal;
  /** Default `if-changed`: a machine that was set up with exactly this is left alone. */
  provision?: MachinePlan['provision'];
  /** `false`: machines that do not run are an error, VAGRANT_NOT_RUNNING, before anything is done. */
  boot?: boolean;
  /** Runs before the first boot when a machine has to be made: see `prepareProvider`. */
  prepare?: () => Promise<void>;
  /** Runs when a machine is about to be set up; its network is there by then. */
  beforeProvision?: () => Promise<void>;
}

export interface UpResult {
  machines: Record<string, MachineOutcome>;
  seconds: number;
}

/**
 * Boots machines, at most `bootAtOnce` at a time in the plan's order, and sets each one up as soon as it runs,
 * while the next boots. Machines that run are not booted again, those set up as planned are not set up again.
 *
 * When a machine fails, those that do not depend on it finish; those that wait for it are stopped as soon as
 * they would wait. Throws the failure (K8slabErrors for several), or VAGRANT_INTERRUPTED after a cancellation,
 * when every program has ended.
 */
export async function up(options: UpOptions): Promise<UpResult> {
  const { lab, report, signal } = options;
  const started = Date.now();
  const machines = selectMachines(lab.cluster, options.nodes);
  const deliveries = await Promise.all(machines.map((machine) => readDelivery(lab, machine)));
  const ssh = new Ssh(lab);
  const bootless = options.boot === false;
  const running = await Promise.all(
    machines.map(({ name }) => ssh.probe(name, { cachedOnly: !bootless, signal, connectTimeout: 2 })),
  );
  const down = machines.filter((_, index) => running[index] === undefined);
  if (down.length > 0 && bootless) throw notRunning(down.map(({ name }) => name));
  if (down.some(({ name }) => !vagrantKnows(lab, name))) await options.prepare?.();

  const tools: UpTools = {
    lab,
    ssh,
    vagrant: new Vagrant(lab),
    store: options.store,
    report,
    slots: new Slots(options.bootAtOnce),
    directSsh: options.directSsh ?? false,
  };
  const failures = new Map<string, K8slabError>();
  const controllers = new Map(machines.map(({ name }) => [name, new AbortController()]));
  const waiting = new Set<string>();
  const bugs: unknown[] = [];
  const result: Record<string, MachineOutcome> = {};

  const failedDependency = (name: string): string | undefined =>
    dependencies(lab.cluster, name).find((other) => failures.has(other));
  const stopWaiting = (): void => {
    for (const name of waiting) if (failedDependency(name) !== undefined) controllers.get(name)?.abort();
  };

  await report({ type: 'begin', rows: machines.map(({ name }) => name) });
  for (const { name } of machines) await report({ type: 'phase', row: name, phase: 'waiting' });
  await Promise.all(
    machines.map(async (machine, index) => {
      const { name } = machine;
      const delivery = deliveries[index];
      const controller = controllers.get(name);
      if (delivery === undefined || controller === undefined) return;
      try {
        result[name] = await upMachine(tools, {
          machine,
          delivery,
          running: running[index],
          provision: options.provision ?? 'if-changed',
          beforeProvision: options.beforeProvision ?? (() => Promise.resolve()),
          signal: AbortSignal.any([signal, controller.signal]),
          beforeBoot: () => {
            const failed = failedDependency(name);
            if (failed !== undefined) throw dependencyError(name, failed);
            const hopeless = [...failures].find(([, error]) => isHostWide(error))?.[0];
            if (hopeless !== undefined) throw hopelessError(name, hopeless);
          },
          onStep: (step) => {
            if (waitsForOthers(lab.cluster, name, step)) waiting.add(name);
            else waiting.delete(name);
            stopWaiting();
          },
          onBootFailure: (error) => failures.set(name, asError(error)),
        });
      } catch (error) {
        if (!(error instanceof K8slabError) && !signal.aborted && !controller.signal.aborted)
          bugs.push(error);
        const failed = controller.signal.aborted ? failedDependency(name) : undefined;
        const shown = signal.aborted
          ? new K8slabError('VAGRANT_INTERRUPTED', `${name} was interrupted.`, { cause: error })
          : failed !== undefined
            ? dependencyError(name, failed)
            : asError(error);
        failures.set(name, shown);
        await report({ type: 'failed', row: name, error: shown });
        await options.store
          .update(name, (record) => ({
            ...record,
            failure: { code: shown.code, at: new Date().toISOString() },
          }))
          .catch(() => undefined);
        stopWaiting();
      } finally {
        waiting.delete(name);
      }
    }),
  );
  await report({ type: 'end' });
  if (signal.aborted) throw interruption(lab);
  if (bugs.length > 0) throw bugs[0];
  // What all machines need alike (the server of a bundle, say) fails once, for all of them.
  throwFailures([...new Set(failures.values())]);
  return { machines: result, seconds: (Date.now() - started) / 1000 };
}

/** A bug of ours inside one machine's work must not leave the others unattended; it is thrown at the end. */
function asError(error: unknown): K8slabError {
  if (error instanceof K8slabError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new K8slabError('VAGRANT_FAILED', message, { cause: error });
}

function notRunning(names: readonly string[]): K8slabError {
  const verb = names.length === 1 ? 'does' : 'do';
  return new K8slabError(
    'VAGRANT_NOT_RUNNING',
    `${names.join(', ')} ${verb} not run, so nothing was set up.`,
  );
}

function dependencyError(name: string, failed: string): K8slabError {
  return new K8slabError(
    'VAGRANT_DEPENDENCY_FAILED',
    `${name} was stopped: it waits for ${failed}, and ${failed} failed.`,
  );
}

function hopelessError(name: string, failed: string): K8slabError {
  return new K8slabError(
    'VAGRANT_DEPENDENCY_FAILED',
    `${name} was not started: what stopped ${failed} would stop it, too.`,
  );
}

function interruption(lab: LabContext): K8slabError {
  return new K8slabError(
    'VAGRANT_INTERRUPTED',
    `Interrupted; nothing is left running on this host but the machines of ${lab.cluster.name}.`,
  );
}

/** Causes first; machines that were only stopped for them are told apart, not blamed. */
function throwFailures(failures: readonly K8slabError[]): void {
  const causes = failures.filter(({ code }) => code !== 'VAGRANT_DEPENDENCY_FAILED');
  const [first] = causes;
  if (first === undefined) return;
  throw failures.length === 1
    ? first
    : new K8slabErrors([...causes, ...failures.filter((error) => !causes.includes(error))]);
}
