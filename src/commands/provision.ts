import { createReporter } from '../vagrant/reporter.js';
import { fileStateStore } from '../vagrant/state.js';
import { up as upMachines } from '../vagrant/up.js';
import { withLabLock } from '../write/lock.js';
import type { Context, Status } from './context.js';
import { requireDownloads } from './downloads.js';
import { requirePrograms } from './hostPrograms.js';
import { descriptionOf, layDown } from './lab.js';
import { mirrorServer } from './labBundle.js';
import { openLab } from './openLab.js';
import { sayFiles } from './render.js';

/** Runs the provisioners of running machines, whether or not anything changed. */
export async function provision(
  argv: { dir?: string | undefined; node?: string[] | undefined },
  context: Context,
): Promise<Status> {
  const opened = await openLab(argv.dir);
  const description = await descriptionOf(opened.folder);
  const lab = await layDown(opened.folder, description, opened.assets, 'k8slab provision');
  sayFiles(lab.files, context);
  requirePrograms(lab.cluster.provider, lab.provider);
  await requireDownloads(lab, argv.node ?? [], context.signal, 'always');
  const report = createReporter({ json: context.json });
  const mirror = mirrorServer(lab, report, context.signal);
  const result = await withLabLock(lab.folder, 'k8slab provision', () =>
    upMachines({
      lab,
      nodes: argv.node ?? [],
      bootAtOnce: lab.provider.bootAtOnce,
      store: fileStateStore(lab),
      report,
      signal: context.signal,
      provision: 'always',
      boot: false,
      beforeProvision: mirror.start,
    }),
  ).finally(mirror.stop);
  context.result({ lab: lab.cluster.name, ...result });
  return 0;
}
