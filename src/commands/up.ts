import { join } from 'node:path';
import { packageRoot } from '../assets/load.js';
import type { Report } from '../report/report.js';
import { prepareProvider } from '../vagrant/prepareProvider.js';
import { createReporter } from '../vagrant/reporter.js';
import { shellQuote } from '../vagrant/shell.js';
import { fileStateStore } from '../vagrant/state.js';
import { up as upMachines, type UpOptions, type UpResult } from '../vagrant/up.js';
import { withLabLock } from '../write/lock.js';
import type { Context, Status } from './context.js';
import { requireDownloads } from './downloads.js';
import { requirePrograms } from './hostPrograms.js';
import { descriptionOf, layDown } from './lab.js';
import { mirrorServer } from './labBundle.js';
import { openLab, type OpenLab } from './openLab.js';
import { sayFiles } from './render.js';
import { sayReport, verifyUntil } from './verify.js';

/** Time that is left to settle after the last machine was provisioned, in milliseconds: to machines that still boot, and to a cluster. */
const settleTime = { machines: 60_000, cluster: 5 * 60_000 };

/** Renders after an edit, boots and provisions what is not up yet, and verifies. */
export async function up(
  argv: {
    dir?: string | undefined;
    node?: string[] | undefined;
    verify: boolean;
    stopAfter?: string | undefined;
  },
  context: Context,
): Promise<Status> {
  const opened = await openLab(argv.dir);
  const lab = await layDown(opened.folder, await descriptionOf(opened.folder), opened.assets, 'k8slab up');
  sayFiles(lab.files, context);
  const whole = (argv.node ?? []).length === 0;
  requirePrograms(lab.cluster.provider, lab.provider);
  await requireDownloads(lab, argv.node ?? [], context.signal);
  if (argv.stopAfter !== undefined) return bootBare(lab, context, argv.node ?? []);
  const result = await boot(lab, context, argv.node ?? []);
  if (!argv.verify || !whole) {
    context.result({ lab: lab.cluster.name, ...result });
    return 0;
  }
  const report = await settle(lab, context);
  context.result({ lab: lab.cluster.name, ...result, report });
  return report.sound ? 0 : 1;
}

/**
 * Boots and provisions machines (all when none is named) while holding the lab. `prepared` is told how long the box took, in
 * milliseconds, when a machine had to be made.
 */
export async function boot(
  lab: OpenLab,
  context: Context,
  nodes: readonly string[],
  prepared?: (took: number) => void,
  provision?: UpOptions['provision'],
): Promise<UpResult> {
  requirePrograms(lab.cluster.provider, lab.provider);
  const report = createReporter({ json: context.json });
  const mirror = mirrorServer(lab, report, context.signal);
  return withLabLock(lab.folder, 'k8slab up', () =>
    upMachines({
      lab,
      nodes,
      bootAtOnce: lab.provider.bootAtOnce,
      directSsh: lab.provider.directSsh,
      store: fileStateStore(lab),
      report,
      signal: context.signal,
      ...(provision && { provision }),
      beforeProvision: mirror.start,
      prepare: async () => {
        const started = Date.now();
        await prepareProvider({
          lab,
          boxTemplates: join(packageRoot, 'box-templates'),
          report,
          signal: context.signal,
        });
        prepared?.(Date.now() - started);
      },
    }),
  ).finally(mirror.stop);
}

/** Boots machines and puts everything onto them that they are set up with, and runs nothing of it: a person does. */
export async function bootBare(lab: OpenLab, context: Context, nodes: readonly string[]): Promise<Status> {
  const result = await boot(lab, context, nodes, undefined, 'deliver');
  context.result({ lab: lab.cluster.name, folder: lab.folder, ...result });
  const { bundle } = lab.cluster;
  context.say(
    '\nThe machines run and have their files: /tmp/k8slab/provision.sh, files/ and secrets/ there.',
  );
  if (bundle?.port !== undefined)
    context.say(
      `In another terminal:  k8slab bundle serve ${shellQuote(bundle.location)}   # their downloads`,
    );
  context.say('What now?  README.md goes on from here. k8slab up does it all.');
  return 0;
}

/** Verifies a lab that was just brought up: what still starts gets its time. Prints the report. */
export async function settle(lab: OpenLab, context: Context): Promise<Report> {
  const waitMs = lab.cluster.kubernetes === undefined ? settleTime.machines : settleTime.cluster;
  const { report } = await verifyUntil(lab, context, { waitMs, probe: true });
  sayReport(report, context);
  return report;
}
