import { halt as haltMachines } from '../vagrant/halt.js';
import { createReporter } from '../vagrant/reporter.js';
import { withLabLock } from '../write/lock.js';
import type { Context, Status } from './context.js';
import { requirePrograms } from './hostPrograms.js';
import { openLab } from './openLab.js';

/** Shuts machines down. */
export async function halt(
  argv: { dir?: string | undefined; node?: string[] | undefined },
  context: Context,
): Promise<Status> {
  const lab = await openLab(argv.dir);
  requirePrograms(lab.cluster.provider, lab.provider);
  await withLabLock(lab.folder, 'k8slab halt', () =>
    haltMachines({
      lab,
      nodes: argv.node ?? [],
      bootAtOnce: lab.provider.bootAtOnce,
      report: createReporter({ json: context.json }),
      signal: context.signal,
    }),
  );
  context.result({ lab: lab.cluster.name, halted: true });
  context.say('What now?  k8slab up');
  return 0;
}
