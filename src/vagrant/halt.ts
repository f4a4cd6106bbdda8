import { K8slabError, K8slabErrors } from '../errors/error.js';
import type { Machine } from '../plan/cluster.js';
import { selectMachines, vagrantKnows, type LabContext } from './lab.js';
import type { Phase, Reporter } from './progress.js';
import { Slots } from './slots.js';
import { Vagrant } from './vagrant.js';

export interface HaltOptions {
  lab: LabContext;
  nodes?: readonly string[];
  /** How many at once: the provider's `bootAtOnce`. */
  bootAtOnce: number;
  report: Reporter;
  signal: AbortSignal;
}

/**
 * Shuts machines down, the last of the plan first; those that do not run are left alone.
 * Throws what went wrong, after all have been tried.
 */
export async function halt(options: HaltOptions): Promise<void> {
  const machines = selectMachines(options.lab.cluster, options.nodes).reverse();
  const vagrant = new Vagrant(options.lab);
  const errors = await eachMachine({ ...options, machines, phase: 'halt' }, async ({ name }, onLine) => {
    if (!vagrantKnows(options.lab, name)) return 'not created';
    await vagrant.halt(name, { signal: options.signal, onLine });
    return 'halted';
  });
  throwAll(errors);
}

/** Does something to machines, at most `bootAtOnce` at once, with a row each; gives what went wrong. */
export async function eachMachine(
  options: Pick<HaltOptions, 'lab' | 'bootAtOnce' | 'report'> & {
    machines: readonly Machine[];
    phase: Phase;
  },
  action: (machine: Machine, onLine: (line: string) => void) => Promise<string>,
): Promise<K8slabError[]> {
  const { report, machines } = options;
  const slots = new Slots(options.bootAtOnce);
  const errors: K8slabError[] = [];
  await report({ type: 'begin', rows: machines.map(({ name }) => name) });
  await Promise.all(
    machines.map((machine) =>
      slots.run(async () => {
        const row = machine.name;
        await report({ type: 'phase', row, phase: options.phase });
        try {
          const summary = await action(machine, (line) => void report({ type: 'output', row, line }));
          await report({ type: 'done', row, summary });
        } catch (error) {
          if (!(error instanceof K8slabError)) throw error;
          errors.push(error);
          await report({ type: 'failed', row, error });
        }
      }),
    ),
  );
  await report({ type: 'end' });
  return errors;
}

/** An interruption outweighs everything else. */
export function throwAll(errors: readonly K8slabError[]): void {
  const [first] = errors;
  if (first === undefined) return;
  throw (
    errors.find(({ code }) => code === 'VAGRANT_INTERRUPTED') ??
    (errors.length === 1 ? first : new K8slabErrors(errors))
  );
}
