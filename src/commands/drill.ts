import { setTimeout as sleep } from 'node:timers/promises';
import { endpointUrl } from '../collect/askApi.js';
import type { Snapshot } from '../collect/snapshot.js';
import { watchApi, type Watch } from '../collect/watchApi.js';
import { K8slabError } from '../errors/error.js';
import { balancers, virtualAddress } from '../plan/balancers.js';
import type { Cluster } from '../plan/cluster.js';
import { drillText, longestOf, outagesOf, workloadsOf, type Drill } from '../report/drill.js';
import { verdict } from '../report/verdict.js';
import { createReporter } from '../vagrant/reporter.js';
import { fileStateStore } from '../vagrant/state.js';
import { up } from '../vagrant/up.js';
import { Vagrant } from '../vagrant/vagrant.js';
import { withLabLock } from '../write/lock.js';
import { confirm } from './ask.js';
import type { Context, Status } from './context.js';
import { requirePrograms } from './hostPrograms.js';
import { openLab, requireMachines, type OpenLab } from './openLab.js';
import { UsageError } from './usage.js';
import { sayReport, verifyUntil } from './verify.js';

interface DrillArguments {
  dir?: string | undefined;
  yes: boolean;
  from?: unknown;
  save?: unknown;
  wait?: unknown;
  html?: unknown;
  junit?: unknown;
  watch?: unknown;
}

/** All in milliseconds. */
const times = {
  interval: 100,
  /** How long the lab gets to be sound at the beginning. */
  sound: 60_000,
  /** Before the fall. */
  calm: 1000,
  /** How long an answer is waited for after the fall. */
  answer: 90_000,
  /** Answers in a row, for this long, count as over. */
  steady: 5000,
  /** How long the lab gets to be whole again. */
  whole: 5 * 60_000,
};

/**
 * `verify --drill`: takes the holder of the virtual address down as if its plug were pulled, measures how long the API does
 * not answer, and brings the machine back, also when it is interrupted.
 * Throws LAB_DRILL_NO_ADDRESS, LAB_DRILL_NOT_SOUND.
 */
export async function drill(argv: DrillArguments, context: Context): Promise<Status> {
  for (const flag of ['from', 'save', 'wait', 'html', 'junit', 'watch'] as const) {
    if (argv[flag] === undefined || argv[flag] === false) continue;
    throw new UsageError(`--drill looks at the machines several times, and has no --${flag}.`, [
      'Alone:  k8slab verify --drill',
    ]);
  }
  const lab = await openLab(argv.dir);
  const address = virtualAddress(lab.cluster);
  const url = endpointUrl(lab.cluster);
  if (address === undefined || url === undefined) {
    throw new K8slabError(
      'LAB_DRILL_NO_ADDRESS',
      `${lab.cluster.name} has no virtual address that could move to another machine.`,
    );
  }
  requireMachines(lab);
  requirePrograms(lab.cluster.provider, lab.provider);
  const before = await verifyUntil(lab, context, { waitMs: times.sound, probe: false });
  const holder = holderOf(lab.cluster, before.snapshot);
  if (!before.report.sound || holder === undefined) {
    sayReport(before.report, context);
    throw new K8slabError('LAB_DRILL_NOT_SOUND', verdict(before.report));
  }
  const question = `Pull the plug of ${holder}, which holds ${address}, and bring it back?`;
  if (context.canAsk && !argv.yes && !(await confirm(question))) return 0;
  const result = await withLabLock(lab.folder, 'k8slab verify --drill', () =>
    strike(lab, context, { url, holder, before: before.snapshot }),
  );
  context.result(result);
  if (!context.json) {
    if (!result.report.sound) sayReport(result.report, context);
    context.say(drillText(result, context.palette));
  }
  return result.passed ? 0 : 1;
}

/** The only machine that has the virtual address. */
function holderOf(cluster: Cluster, snapshot: Snapshot): string | undefined {
  const address = virtualAddress(cluster) ?? '';
  const holders = balancers(cluster).filter(({ name }) =>
    snapshot.machines[name]?.system?.interfaces?.some(({ addresses }) =>
      addresses.some((one) => one.startsWith(`${address}/`)),
    ),
  );
  return holders.length === 1 ? holders[0]?.name : undefined;
}

async function strike(
  lab: OpenLab,
  context: Context,
  { url, holder, before }: { url: string; holder: string; before: Snapshot },
): Promise<Drill> {
  const { signal } = context;
  const note = (text: string): void => {
    context.say(context.palette.dim(text));
  };
  const watch = watchApi(url, { intervalMs: times.interval });
  let back: { seconds: number; at: number };
  const fallen = { seen: undefined as Snapshot | undefined };
  try {
    await sleep(times.calm, undefined, { signal });
    note(`Pulling the plug of ${holder} …`);
    await new Vagrant(lab).halt(holder, { force: true, signal });
    await answered(watch, signal);
    fallen.seen = (await verifyUntil(lab, context, { waitMs: 0, probe: false })).snapshot;
  } finally {
    note(`Bringing ${holder} back …`);
    const at = performance.now();
    await bringBack(lab, context, holder).finally(() => watch.stop());
    back = { seconds: (performance.now() - at) / 1000, at };
  }
  signal.throwIfAborted();
  const requests = await watch.stop();
  const { report, snapshot } = await verifyUntil(lab, context, { waitMs: times.whole, probe: false });
  const outages = outagesOf(requests);
  const secondsUntilAnswered = longestOf(outages);
  const movedTo = holderOf(lab.cluster, fallen.seen) ?? null;
  const workloads = workloadsOf(before, snapshot, holder);
  return {
    schema: 1,
    lab: lab.cluster.name,
    endpoint: lab.cluster.endpoint?.hostPort ?? '',
    tookDown: holder,
    movedTo,
    requests: {
      count: requests.length,
      failed: requests.filter(({ ok }) => !ok).length,
      intervalMs: times.interval,
    },
    outages,
    secondsUntilAnswered,
    workloads,
    secondsUntilUp: back.seconds,
    secondsUntilWhole: report.sound ? (performance.now() - back.at) / 1000 : null,
    passed:
      secondsUntilAnswered !== null &&
      movedTo !== null &&
      movedTo !== holder &&
      workloads.disturbed.length === 0 &&
      report.sound,
    report,
  };
}

/** Until the API has answered every request for a while, or does not in time. */
async function answered(watch: Watch, signal: AbortSignal): Promise<void> {
  const end = watch.now() + times.answer;
  while (watch.now() < end) {
    await sleep(times.interval, undefined, { signal });
    const since = watch.now() - times.steady;
    const recent = watch.requests().filter(({ to }) => to >= since);
    if (recent.length > 0 && recent.every(({ ok }) => ok)) return;
  }
}

/** Boots the machine, whatever happened before; only a second Ctrl-C ends this. */
async function bringBack(lab: OpenLab, context: Context, machine: string): Promise<void> {
  await up({
    lab,
    nodes: [machine],
    bootAtOnce: lab.provider.bootAtOnce,
    directSsh: lab.provider.directSsh,
    store: fileStateStore(lab),
    report: createReporter({ json: context.json }),
    signal: new AbortController().signal,
    provision: 'never',
  });
}
