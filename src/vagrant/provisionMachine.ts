import { K8slabError } from '../errors/error.js';
import type { Machine } from '../plan/cluster.js';
import type { Delivery } from './delivery.js';
import { logFile, shownLog, type LabContext } from './lab.js';
import { lastLines } from './lines.js';
import { parseStep, type Reporter } from './progress.js';
import { busyStatus, deliverCommand, provisionCommand } from './provisionCommand.js';
import type { RunResult } from './runner.js';
import type { Ssh } from './ssh.js';
import { tarball } from './tarball.js';

export interface ProvisionTools {
  lab: LabContext;
  ssh: Ssh;
  report: Reporter;
}

/**
 * Sets one machine up over one ssh connection that carries everything it needs. Its steps are reported as they
 * come. Throws VAGRANT_PROVISION_FAILED with step and last output, VAGRANT_PROVISION_BUSY, ssh's errors.
 */
export async function provisionMachine(
  { lab, ssh, report }: ProvisionTools,
  machine: Machine,
  delivery: Delivery,
  options: { signal: AbortSignal; onStep?: (step: number) => void },
): Promise<void> {
  const tar = tarball(delivery.files);
  const { result, step } = await runSteps({ lab, ssh, report }, machine.name, {
    command: provisionCommand(tar.length, delivery.hash),
    title: `provision ${machine.name}`,
    input: tar,
    ...options,
  });
  if (result.exitCode === 0) return;
  throw failure(machine.name, result, step);
}

/** Puts everything that a machine is set up with onto it, and runs nothing of it. Throws what `provisionMachine` does. */
export async function deliverToMachine(
  { lab, ssh, report }: ProvisionTools,
  machine: Machine,
  delivery: Delivery,
  signal: AbortSignal,
): Promise<void> {
  const tar = tarball(delivery.files);
  const { result } = await runSteps({ lab, ssh, report }, machine.name, {
    command: deliverCommand(tar.length),
    title: `deliver to ${machine.name}`,
    input: tar,
    signal,
  });
  if (result.exitCode !== 0) throw failure(machine.name, result, undefined);
}

interface StepRun {
  command: string;
  /** How the log calls it. */
  title: string;
  input: Buffer;
  signal: AbortSignal;
  onStep?: (step: number) => void;
}

type Step = NonNullable<ReturnType<typeof parseStep>>;

/**
 * Runs a script of steps on a machine, over one connection, and reports its steps and lines; gives its end and its last step.
 * Throws VAGRANT_PROVISION_BUSY and ssh's errors.
 */
export async function runSteps(
  { lab, ssh, report }: ProvisionTools,
  machine: string,
  { command, title, input, signal, onStep }: StepRun,
): Promise<{ result: RunResult; step: Step | undefined }> {
  let current: Step | undefined;
  const result = await ssh.run(machine, command, {
    input,
    keepInputOpen: true,
    signal,
    logFile: logFile(lab, machine),
    title,
    onLine: (line) => {
      const step = parseStep(line);
      if (step === undefined) {
        void report({ type: 'output', row: machine, line });
        return;
      }
      current = step;
      void report({ type: 'step', row: machine, ...step });
      onStep?.(step.number);
    },
  });
  if (result.exitCode === busyStatus) {
    throw new K8slabError('VAGRANT_PROVISION_BUSY', `Another provisioner runs on ${machine}.`);
  }
  return { result, step: current };
}

function failure(machine: string, result: RunResult, step: Step | undefined): K8slabError {
  return new K8slabError(
    'VAGRANT_PROVISION_FAILED',
    `${machine}: provisioning failed ${whereItEnded(result, step)}.`,
    {
      raw: lastWords(result),
      fix: [
        `less ${shownLog(machine)}   # everything it printed`,
        `k8slab ssh ${machine}   # look around on the machine`,
        'k8slab up   # goes on from here: finished steps see that they are done',
      ],
    },
  );
}

/** In which step a script ended, and how. */
export function whereItEnded(result: RunResult, step: Step | undefined): string {
  const where =
    step === undefined ? 'before its first step' : `in step ${step.number}/${step.total} “${step.title}”`;
  const how = result.exitCode === 255 ? 'the connection was lost' : `exit status ${result.exitCode}`;
  return `${where} (${how})`;
}

/** The last lines of a script of steps. */
export function lastWords(result: RunResult): string {
  const afterStep = result.stdout
    .split('\n')
    .slice(-40)
    .filter((line) => parseStep(line) === undefined);
  return lastLines(`${afterStep.join('\n')}\n${result.stderr}`, 15);
}
