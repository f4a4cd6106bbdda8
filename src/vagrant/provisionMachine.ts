import { K8slabError } from '../errors/error.js';
import type { Machine } from '../plan/cluster.js';
import type { Delivery } from './delivery.js';
import { logFile, shownLog, type LabContext } from './lab.js';
import { lastLines } from './lines.js';
import { parseStep, type Reporter } from './progress.js';
import { busyStatus, provisionCommand } from './provisionCommand.js';
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
  let current: { number: number; total: number; title: string } | undefined;
  const result = await ssh.run(machine.name, provisionCommand(tar.length, delivery.hash), {
    input: tar,
    keepInputOpen: true,
    signal: options.signal,
    logFile: logFile(lab, machine.name),
    title: `provision ${machine.name}`,
    onLine: (line) => {
      const step = parseStep(line);
      if (step === undefined) {
        void report({ type: 'output', row: machine.name, line });
        return;
      }
      current = step;
      void report({ type: 'step', row: machine.name, ...step });
      options.onStep?.(step.number);
    },
  });
  if (result.exitCode === 0) return;
  if (result.exitCode === busyStatus) {
    throw new K8slabError('VAGRANT_PROVISION_BUSY', `Another provisioner runs on ${machine.name}.`);
  }
  throw failure(machine.name, result, current);
}

function failure(
  machine: string,
  result: { exitCode: number; stdout: string; stderr: string },
  step: { number: number; total: number; title: string } | undefined,
): K8slabError {
  const where =
    step === undefined ? 'before its first step' : `in step ${step.number}/${step.total} “${step.title}”`;
  const how = result.exitCode === 255 ? 'the connection was lost' : `exit status ${result.exitCode}`;
  const afterStep = result.stdout
    .split('\n')
    .slice(-40)
    .filter((line) => parseStep(line) === undefined);
  return new K8slabError('VAGRANT_PROVISION_FAILED', `${machine}: provisioning failed ${where} (${how}).`, {
    raw: lastLines(`${afterStep.join('\n')}\n${result.stderr}`, 15),
    fix: [
      `less ${shownLog(machine)}   # everything it printed`,
      `k8slab ssh ${machine}   # look around on the machine`,
      'k8slab up   # goes on from here: finished steps see that they are done',
    ],
  });
}
