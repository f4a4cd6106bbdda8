import { destroy as destroyMachines } from '../vagrant/destroy.js';
import { selectMachines, vagrantKnows } from '../vagrant/lab.js';
import { createReporter } from '../vagrant/reporter.js';
import { fileStateStore } from '../vagrant/state.js';
import { release } from '../write/labsRegistry.js';
import { withLabLock } from '../write/lock.js';
import { confirm } from './ask.js';
import type { Context, Status } from './context.js';
import { missingPrograms, requirePrograms } from './hostPrograms.js';
import { openLab, type OpenLab } from './openLab.js';

/** Deletes machines and all that was made for them on this host. The lab folder stays. */
export async function destroy(
  argv: { dir?: string | undefined; node?: string[] | undefined; yes: boolean },
  context: Context,
): Promise<Status> {
  const lab = await openLab(argv.dir);
  const nodes = argv.node ?? [];
  if (!(await neverBooted(lab))) requirePrograms(lab.cluster.provider, lab.provider);
  else if (missingPrograms(lab.cluster.provider, lab.provider).length > 0) {
    selectMachines(lab.cluster, nodes);
    if (nodes.length === 0) await release(lab.folder);
    context.result({ lab: lab.cluster.name, destroyed: nodes.length === 0 ? 'all' : nodes });
    context.say('There was no machine yet. The folder is yours to keep or delete.');
    return 0;
  }
  const what = nodes.length === 0 ? `all machines of ${lab.cluster.name}` : nodes.join(', ');
  if (context.canAsk && !argv.yes && !(await confirm(`Delete ${what} and everything on them?`))) return 0;
  await withLabLock(lab.folder, 'k8slab destroy', () =>
    destroyMachines({
      lab,
      nodes,
      bootAtOnce: lab.provider.bootAtOnce,
      store: fileStateStore(lab),
      report: createReporter({ json: context.json }),
      signal: context.signal,
    }),
  );
  if (nodes.length === 0) await release(lab.folder);
  context.result({ lab: lab.cluster.name, destroyed: nodes.length === 0 ? 'all' : nodes });
  context.say('What now?  k8slab up makes them anew; the folder is yours to keep or delete.');
  return 0;
}

/** Whether no `up` of this lab ever came as far as a machine. */
async function neverBooted(lab: OpenLab): Promise<boolean> {
  const records = await fileStateStore(lab).read();
  const names = [...lab.cluster.machines.map(({ name }) => name), ...Object.keys(records)];
  return !names.some((name) => records[name] !== undefined || vagrantKnows(lab, name));
}
