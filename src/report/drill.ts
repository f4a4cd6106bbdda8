import type { PodFacts, Snapshot } from '../collect/snapshot.js';
import { plainPalette, type Palette } from '../errors/palette.js';
import type { Report } from './report.js';
import { verdict } from './verdict.js';

/** A time without an answer, in seconds since the watch began; `to` is absent when no answer came any more. */
export interface Outage {
  from: number;
  to?: number;
}

/** What became of a lab whose virtual address lost its machine. */
export interface Drill {
  schema: 1;
  lab: string;
  /** host:port that clients use */
  endpoint: string;
  /** The machine that was taken down, and the one that had the address afterwards; null when none had. */
  tookDown: string;
  movedTo: string | null;
  /** What the host asked of the endpoint, from before the fall until the machine was back. */
  requests: { count: number; failed: number; intervalMs: number };
  outages: Outage[];
  /** Longest time without an answer; null when no answer came any more. 0: no request failed. */
  secondsUntilAnswered: number | null;
  /** Pods on the other machines that ran before, and those of them that did not just run on. */
  workloads: { watched: number; disturbed: string[] };
  /** From its start until the machine was up, and until verify found the lab sound. */
  secondsUntilUp: number;
  secondsUntilWhole: number | null;
  passed: boolean;
  /** verify's report at the end. */
  report: Report;
}

interface Request {
  from: number;
  to: number;
  ok: boolean;
}

/**
 * Times without an answer, from requests that overlap, in milliseconds: from the beginning of a request that failed to the end of
 * the first one that began later and was answered. `requests` in the order in which they began.
 */
export function outagesOf(requests: readonly Request[]): Outage[] {
  const outages: Outage[] = [];
  let rest = [...requests];
  for (;;) {
    const failed = rest.find(({ ok }) => !ok);
    if (!failed) return outages;
    const answered = rest.filter(({ ok, from }) => ok && from > failed.from);
    const from = failed.from / 1000;
    if (answered.length === 0) return [...outages, { from }];
    const to = Math.min(...answered.map((one) => one.to));
    outages.push({ from, to: to / 1000 });
    rest = rest.filter((one) => one.from >= to);
  }
}

/** The longest of the outages, in seconds; null when one has not ended. */
export function longestOf(outages: readonly Outage[]): number | null {
  const lengths = outages.map(({ from, to }) => (to === undefined ? Infinity : to - from));
  const longest = Math.max(0, ...lengths);
  return Number.isFinite(longest) ? Math.round(longest * 100) / 100 : null;
}

/**
 * Pods that did not run on while a machine was gone. Watched is what ran on the other machines, but for the control plane's own
 * static pods, which are what the drill strikes.
 */
export function workloadsOf(before: Snapshot, after: Snapshot, tookDown: string): Drill['workloads'] {
  const pods = (before.cluster?.pods ?? []).filter(
    ({ node, ready, namespace, owner }) =>
      ready &&
      node !== null &&
      node !== tookDown &&
      !(namespace === 'kube-system' && owner.startsWith('Pod/')),
  );
  const now = new Map((after.cluster?.pods ?? []).map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const disturbed = pods.flatMap((pod) => {
    const name = `${pod.namespace}/${pod.name}`;
    const what = disturbance(pod, now.get(name));
    return what === undefined ? [] : [`${name} on ${pod.node ?? '?'} ${what}`];
  });
  return { watched: pods.length, disturbed };
}

function disturbance(before: PodFacts, after: PodFacts | undefined): string | undefined {
  if (!after) return 'is gone';
  if (after.restarts > before.restarts) return 'was restarted';
  return after.ready ? undefined : `is not ready${after.reason === null ? '' : ` (${after.reason})`}`;
}

/** The drill for people; the last line is the verdict. */
export function drillText(drill: Drill, palette: Palette = plainPalette): string {
  const { outages, requests, workloads } = drill;
  const rows: [string, string][] = [
    ['taken down', drill.tookDown],
    ['the address moved to', drill.movedTo ?? 'no machine'],
    ['without an answer', answerWords(drill)],
    ...(outages.length > 1 ? [['in all', `${outages.length} times`] satisfies [string, string]] : []),
    ['requests', `${requests.count}, one every ${requests.intervalMs} ms; ${requests.failed} failed`],
    ['workloads', workloadWords(workloads)],
    [`${drill.tookDown} was up`, `${drill.secondsUntilUp.toFixed(1)} s after its start`],
    [
      'the lab was whole',
      drill.secondsUntilWhole === null
        ? 'not in time'
        : `${drill.secondsUntilWhole.toFixed(1)} s after that start`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const mark = drill.passed ? palette.green('✓') : palette.red('✗');
  return [
    palette.bold(`Failover of ${drill.endpoint}`),
    ...rows.map(([name, words]) => `  ${palette.dim(name.padEnd(width))}  ${words}`),
    ...workloads.disturbed.map((line) => `  ${palette.red(line)}`),
    `${mark} ${palette.bold(drillVerdict(drill))}`,
  ].join('\n');
}

function answerWords({ secondsUntilAnswered: seconds }: Drill): string {
  if (seconds === null) return 'to the end: the API did not answer again';
  return seconds === 0 ? 'never' : `${seconds.toFixed(1)} s`;
}

function workloadWords({ watched, disturbed }: Drill['workloads']): string {
  const pods = `${watched} pod${watched === 1 ? '' : 's'} on the other machines`;
  return disturbed.length === 0 ? `${pods} ran on` : `of ${pods}, ${disturbed.length} did not run on`;
}

function drillVerdict(drill: Drill): string {
  const { lab, tookDown, secondsUntilAnswered: seconds, workloads, report } = drill;
  if (seconds === null)
    return `${lab} does not survive the loss of ${tookDown}: the API did not answer again.`;
  if (drill.movedTo === null) return `The virtual address of ${lab} moved to no machine.`;
  if (!report.sound) return `${tookDown} is back, but ${verdict(report)}`;
  if (workloads.disturbed.length > 0) return `${lab} survives the loss of ${tookDown}, its workloads do not.`;
  return `${lab} survives the loss of ${tookDown}: the API answered again after ${seconds.toFixed(1)} s.`;
}
