import { loadAssets } from '../assets/load.js';
import type { Assets } from '../assets/manifests.js';
import { loadSnapshotDocument, snapshotDocument } from '../collect/document.js';
import { parseDuration } from '../collect/duration.js';
import { loadChecks } from '../collect/loadChecks.js';
import type { Snapshot } from '../collect/snapshot.js';
import { verifyLab } from '../collect/verify.js';
import type { Cluster } from '../plan/cluster.js';
import { evaluate } from '../report/evaluate.js';
import { reportDocument } from '../report/json.js';
import type { Report } from '../report/report.js';
import { reportText } from '../report/text.js';
import { verdict } from '../report/verdict.js';
import type { LabContext } from '../vagrant/lab.js';
import { Ssh } from '../vagrant/ssh.js';
import { writeAtomic } from '../write/atomic.js';
import type { Context, Status } from './context.js';
import { openLab, requireMachines } from './openLab.js';

interface VerifyArguments {
  dir?: string | undefined;
  wait?: string | undefined;
  from?: string | undefined;
  save?: string | undefined;
}

/** Judges a lab, or a saved snapshot of one. */
export async function verify(argv: VerifyArguments, context: Context): Promise<Status> {
  const { cluster, snapshot, report } =
    argv.from === undefined ? await look(argv, context) : await judge(argv.from);
  if (argv.save !== undefined) await writeAtomic(argv.save, snapshotDocument(cluster, snapshot), 0o644);
  context.result(reportDocument(report));
  sayReport(report, context);
  return report.sound ? 0 : 1;
}

interface Verdict {
  cluster: Cluster;
  snapshot: Snapshot;
  report: Report;
}

async function judge(file: string): Promise<Verdict> {
  const { cluster, snapshot } = await loadSnapshotDocument(file);
  return { cluster, snapshot, report: evaluate(cluster, snapshot, await loadChecks()) };
}

async function look(argv: VerifyArguments, context: Context): Promise<Verdict> {
  const waitMs = argv.wait === undefined ? 0 : parseDuration(argv.wait);
  const lab = await openLab(argv.dir);
  requireMachines(lab);
  return { cluster: lab.cluster, ...(await verifyUntil(lab, context, waitMs)) };
}

/** Looks at the machines until the lab is sound or `waitMs` have passed, saying between rounds what is still missing. */
export async function verifyUntil(
  lab: LabContext & { assets?: Assets },
  context: Context,
  waitMs: number,
): Promise<{ report: Report; snapshot: Snapshot }> {
  const ssh = new Ssh(lab);
  const started = Date.now();
  return verifyLab(
    lab.cluster,
    (machine, script, { timeoutMs, signal }) =>
      ssh.run(machine, 'sudo bash -s', { input: script, timeout: timeoutMs / 1000, signal }),
    {
      assets: lab.assets ?? (await loadAssets()),
      tool: `k8slab ${context.version}`,
      waitMs,
      signal: context.signal,
      onRound: ({ report, remainingMs }) => {
        if (report.sound || remainingMs === 0) return;
        const seconds = Math.round((Date.now() - started) / 1000);
        context.say(context.palette.dim(`${seconds} s: ${verdict(report)}`));
      },
    },
  );
}

/** Prints a report for people. */
export function sayReport(report: Report, context: Context): void {
  if (context.json) return;
  const width = Math.min(context.stream.columns || 100, 120);
  context.say(reportText(report, { palette: context.palette, width }).trimEnd());
}
