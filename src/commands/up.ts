import { join } from 'node:path';
import { packageRoot } from '../assets/load.js';
import type { Report } from '../report/report.js';
import { prepareProvider } from '../vagrant/prepareProvider.js';
import { createReporter } from '../vagrant/reporter.js';
import { fileStateStore } from '../vagrant/state.js';
import { up as upMachines, type UpResult } from '../vagrant/up.js';
import { withLabLock } from '../write/lock.js';
import type { Context, Status } from './context.js';
import { requirePrograms } from './hostPrograms.js';
import { descriptionOf, layDown } from './lab.js';
import { mirrorServer } from './labBundle.js';
import { openLab, type OpenLab } from './openLab.js';
import { sayFiles } from './render.js';
import { sayReport, verifyUntil } from './verify.js';

/** Time a cluster gets to settle after its last machine was provisioned, in milliseconds. */
const settleTime = 5 * 60_000;

/** Renders after an edit, boots and provisions what is not up yet, and verifies. */
export async function up(
  argv: { dir?: string | undefined; node?: string[] | undefined; verify: boolean },
  context: Context,
): Promise<Status> {
  const opened = await openLab(argv.dir);
  const lab = await layDown(opened.folder, await descriptionOf(opened.folder), opened.assets, 'k8slab up');
  sayFiles(lab.files, context);
  const whole = (argv.node ?? []).length === 0;
  const result = await boot(lab, context, argv.node ?? []);
  if (!argv.verify || !whole) {
    context.result({ lab: lab.cluster.name, ...result });
    return 0;
  }
  const report = await settle(lab, context);
  context.result({ lab: lab.cluster.name, ...result, report });
  return report.sound ? 0 : 1;
}

/** Boots and provisions machines (all when none is named) while holding the lab. */
export async function boot(lab: OpenLab, context: Context, nodes: readonly string[]): Promise<UpResult> {
  requirePrograms(lab.cluster.provider, lab.provider);
  const report = createReporter({ json: context.json });
  const mirror = mirrorServer(lab, report, context.signal);
  return withLabLock(lab.folder, 'k8slab up', () =>
    upMachines({
      lab,
      nodes,
      bootAtOnce: lab.provider.bootAtOnce,
      store: fileStateStore(lab),
      report,
      signal: context.signal,
      beforeProvision: mirror.start,
      prepare: () =>
        prepareProvider({
          lab,
          boxTemplates: join(packageRoot, 'box-templates'),
          report,
          signal: context.signal,
        }),
    }),
  ).finally(mirror.stop);
}

/** Verifies a lab that was just brought up: what still starts gets its time. Prints the report. */
export async function settle(lab: OpenLab, context: Context): Promise<Report> {
  const { report } = await verifyUntil(lab, context, lab.cluster.kubernetes === undefined ? 0 : settleTime);
  sayReport(report, context);
  return report;
}
