import type { Machine } from '../plan/cluster.js';
import { renderReset } from '../render/resetScript.js';
import { selectMachines } from '../vagrant/lab.js';
import { leaveScript } from '../vagrant/leaveCluster.js';
import { createReporter } from '../vagrant/reporter.js';
import { reset as resetMachines } from '../vagrant/reset.js';
import { fileStateStore } from '../vagrant/state.js';
import { withLabLock } from '../write/lock.js';
import { confirm } from './ask.js';
import type { Context, Status } from './context.js';
import { requirePrograms } from './hostPrograms.js';
import { openLab, requireMachines, type OpenLab } from './openLab.js';

interface ResetArguments {
  dir?: string | undefined;
  node?: string[] | undefined;
  yes: boolean;
  dryRun: boolean;
}

/** Takes a cluster down to bare machines, which stay; `--dry-run` prints what would run on them. */
export async function reset(argv: ResetArguments, context: Context): Promise<Status> {
  const lab = await openLab(argv.dir);
  const machines = selectMachines(lab.cluster, argv.node);
  const whole = machines.length === lab.cluster.machines.length;
  const script = (machine: Machine): string => renderReset(lab.cluster, machine, lab.assets, whole);
  if (argv.dryRun) return showCommands(lab, machines, script, context);

  requirePrograms(lab.cluster.provider, lab.provider);
  requireMachines(lab);
  const what = whole ? `all machines of ${lab.cluster.name}` : machines.map(({ name }) => name).join(', ');
  const question = `Reset ${what}? The cluster and everything in it goes; the machines and their packages stay.`;
  if (context.canAsk && !argv.yes && !(await confirm(question))) return 0;
  await withLabLock(lab.folder, 'k8slab reset', () =>
    resetMachines({
      lab,
      nodes: argv.node ?? [],
      store: fileStateStore(lab),
      report: createReporter({ json: context.json }),
      signal: context.signal,
      script,
    }),
  );
  context.result({ lab: lab.cluster.name, reset: machines.map(({ name }) => name) });
  context.say('What now?  k8slab provision             builds it up again');
  context.say('           k8slab explain GUEST_BARE    says how to do it by hand');
  return 0;
}

/** Machines whose scripts differ in nothing but the name in the header are still told apart: people read one at a time. */
function showCommands(
  lab: OpenLab,
  machines: readonly Machine[],
  script: (machine: Machine) => string,
  context: Context,
): Status {
  const scripts = Object.fromEntries(machines.map((machine) => [machine.name, script(machine)]));
  const nodes = machines.filter(({ role }) => role !== 'load-balancer').map(({ name }) => name);
  const first = lab.cluster.kubernetes === undefined ? undefined : leaveScript(nodes);
  context.result({ lab: lab.cluster.name, dryRun: true, ...(first !== undefined && { first }), scripts });
  if (context.json) return 0;
  const { bold } = context.palette;
  if (first !== undefined) context.say(`${bold('# on a control plane, as root')}\n${first}\n`);
  for (const [name, text] of Object.entries(scripts))
    context.say(`${bold(`# on ${name}, as root`)}\n${text}`);
  return 0;
}
