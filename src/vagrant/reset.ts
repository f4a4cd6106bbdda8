import { K8slabError } from '../errors/error.js';
import type { Machine } from '../plan/cluster.js';
import { readDelivery, type DeliveredFile } from './delivery.js';
import { eachMachine, throwAll, type HaltOptions } from './halt.js';
import { selectMachines, shownLog, type LabContext } from './lab.js';
import { leaveCluster } from './leaveCluster.js';
import { provisionCommand } from './provisionCommand.js';
import { lastWords, runSteps, whereItEnded } from './provisionMachine.js';
import { Ssh } from './ssh.js';
import type { StateStore } from './state.js';
import { tarball } from './tarball.js';

export type ResetOptions = Omit<HaltOptions, 'bootAtOnce'> & {
  store: StateStore;
  /** The script that takes one machine back to a bare one. */
  script: (machine: Machine) => string;
};

/** Name of the script on the machine, below `/tmp/k8slab/`. */
const scriptName = 'reset.sh';

/**
 * Takes machines out of their cluster and back to bare ones, all at the same time, over one connection each. Their configuration
 * files are put into /tmp/k8slab/files, ready for whoever goes on by hand; secrets are not. Run again, it goes on.
 * Throws VAGRANT_NOT_RUNNING before anything is done, VAGRANT_RESET_FAILED when a step failed, after all have been tried.
 */
export async function reset(options: ResetOptions): Promise<void> {
  const { lab, report, signal, store } = options;
  const machines = selectMachines(lab.cluster, options.nodes);
  const ssh = new Ssh(lab);
  const answers = await Promise.all(
    machines.map(({ name }) => ssh.probe(name, { signal, connectTimeout: 2 })),
  );
  const down = machines.filter((_, index) => answers[index] === undefined).map(({ name }) => name);
  if (down.length > 0) {
    const verb = down.length === 1 ? 'does' : 'do';
    throw new K8slabError('VAGRANT_NOT_RUNNING', `${down.join(', ')} ${verb} not run, so nothing was reset.`);
  }
  const files = new Map(
    await Promise.all(machines.map(async (machine) => [machine.name, await filesOf(lab, machine)] as const)),
  );
  await report({ type: 'note', text: 'Draining and deleting the nodes …' });
  const asked = await leaveCluster(lab, machines, ssh, {
    signal,
    onLine: (row, line) => void report({ type: 'output', row, line }),
  });
  if (asked === undefined && lab.cluster.kubernetes !== undefined) {
    await report({
      type: 'note',
      text: 'No control plane answers: the machines are reset without draining them.',
    });
  }
  const errors = await eachMachine(
    { lab, report, machines, bootAtOnce: machines.length, phase: 'reset' },
    async (machine) => {
      await store.update(machine.name, () => ({ created: true }));
      const script = { path: scriptName, mode: 0o755, content: Buffer.from(options.script(machine)) };
      const input = tarball([...(files.get(machine.name) ?? []), script]);
      const { result, step } = await runSteps({ lab, ssh, report }, machine.name, {
        command: provisionCommand(input.length, undefined, scriptName),
        title: `reset ${machine.name}`,
        input,
        signal,
      });
      if (result.exitCode === 0) return 'bare';
      throw new K8slabError(
        'VAGRANT_RESET_FAILED',
        `${machine.name}: the reset failed ${whereItEnded(result, step)}.`,
        { raw: lastWords(result), fix: [`less ${shownLog(machine.name)}`, 'k8slab reset   # goes on'] },
      );
    },
  );
  throwAll(errors);
}

async function filesOf(lab: LabContext, machine: Machine): Promise<DeliveredFile[]> {
  const { files } = await readDelivery(lab, machine);
  return files.filter(({ path }) => path.startsWith('files/'));
}
