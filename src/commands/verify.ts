import { loadAssets } from '../assets/load.js';
import type { Assets } from '../assets/manifests.js';
import { askFromHost, askPage } from '../collect/askApi.js';
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
import { selectionOf, wantsProbes, type Selected } from './selection.js';
import { UsageError } from './usage.js';

interface VerifyArguments {
  dir?: string | undefined;
  wait?: string | undefined;
  from?: string[] | undefined;
  save?: string | undefined;
  html?: string | undefined;
  junit?: string | undefined;
  layer?: string[] | undefined;
  only?: string[] | undefined;
  skip?: string[] | undefined;
  probe?: boolean | undefined;
}

/** Judges a lab, or saved snapshots: of several, one line each. */
export async function verify(argv: VerifyArguments, context: Context): Promise<Status> {
  const selected = selectionOf(argv);
  const [from, ...others] = argv.from ?? [];
  if (from !== undefined && others.length > 0) {
    if (argv.save !== undefined || argv.html !== undefined || argv.junit !== undefined)
      throw new UsageError('--save, --html and --junit are for one lab; --from names several.', [
        `For one of them:  k8slab verify --from ${from} --html report.html`,
      ]);
    return (await import('./verifyClass.js')).verifyClass([from, ...others], selected, context);
  }
  const { cluster, snapshot, report } =
    from === undefined ? await look(argv, selected, context) : await judge(from, selected);
  if (argv.save !== undefined) await writeAtomic(argv.save, snapshotDocument(cluster, snapshot), 0o644);
  if (argv.html !== undefined || argv.junit !== undefined) {
    const { reportJunit, reportPage } = await import('../report/pages.js');
    const assets = await loadAssets();
    if (argv.html !== undefined)
      await writeAtomic(argv.html, reportPage(assets, cluster, snapshot, report), 0o644);
    if (argv.junit !== undefined)
      await writeAtomic(argv.junit, reportJunit(assets, cluster, snapshot, report), 0o644);
  }
  context.result(reportDocument(report));
  sayReport(report, context);
  return report.sound ? 0 : 1;
}

export interface Verdict {
  cluster: Cluster;
  snapshot: Snapshot;
  report: Report;
}

/** Judges a saved snapshot. Throws GUEST_SNAPSHOT_INVALID. */
export async function judge(file: string, selected: Selected): Promise<Verdict> {
  const { cluster, snapshot } = await loadSnapshotDocument(file, await loadAssets());
  return { cluster, snapshot, report: selected(evaluate(cluster, snapshot, await loadChecks())) };
}

async function look(argv: VerifyArguments, selected: Selected, context: Context): Promise<Verdict> {
  const waitMs = argv.wait === undefined ? 0 : parseDuration(argv.wait);
  const lab = await openLab(argv.dir);
  requireMachines(lab);
  const looking = { waitMs, selected, probe: argv.probe !== false && wantsProbes(argv) };
  return { cluster: lab.cluster, ...(await verifyUntil(lab, context, looking)) };
}

export interface Looking {
  /** Look again until sound, for so long; 0: look once. */
  waitMs: number;
  /** Whether pods are started that say what they reach. */
  probe: boolean;
  selected?: Selected;
}

/** Looks at the machines until the lab is sound or `waitMs` have passed, saying between rounds what is still missing. */
export async function verifyUntil(
  lab: LabContext & { assets?: Assets },
  context: Context,
  { waitMs, probe, selected = (report) => report }: Looking,
): Promise<{ report: Report; snapshot: Snapshot }> {
  const ssh = new Ssh(lab);
  const started = Date.now();
  return verifyLab(
    lab.cluster,
    (machine, script, { timeoutMs, signal, onLine, inputUntil }) =>
      ssh.run(machine, 'sudo bash -s', {
        input: script,
        timeout: timeoutMs / 1000,
        signal,
        ...(onLine && { onLine }),
        ...(inputUntil && { keepInputOpen: inputUntil }),
      }),
    {
      assets: lab.assets ?? (await loadAssets()),
      tool: `k8slab ${context.version}`,
      askHost: askFromHost,
      ...(probe && { probe: { askPage } }),
      select: selected,
      waitMs,
      intervalMs: 2000,
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
