import type { Check } from '../checks/check.js';
import type { Cluster } from '../plan/cluster.js';
import { evaluate } from '../report/evaluate.js';
import type { Report } from '../report/report.js';
import { collectSnapshot, type CollectOptions, type RunOn } from './collect.js';
import { loadChecks } from './loadChecks.js';
import { pollUntilSound, type Round } from './poll.js';
import { notProbed, probeLab, type ProbeOptions } from './probe.js';
import type { Snapshot } from './snapshot.js';

export interface VerifyOptions extends CollectOptions {
  /** Look again until sound, for at most this long; absent: look once. */
  waitMs?: number;
  /** Between two looks. */
  intervalMs?: number;
  onRound?: (round: Round) => void;
  /** Every check of the package by default. */
  checks?: readonly Check[];
  /** Starts pods once everything else is sound; absent: none are started. */
  probe?: Pick<ProbeOptions, 'askPage'>;
  /** The part of the report that counts; all of it by default. */
  select?: (report: Report) => Report;
}

/** Looks at a lab and judges what was seen; with `waitMs` again and again until it is sound. Rejects only when aborted. */
export async function verifyLab(
  cluster: Cluster,
  runOn: RunOn,
  options: VerifyOptions,
): Promise<{ report: Report; snapshot: Snapshot }> {
  const checks = options.checks ?? (await loadChecks());
  const look = async (): Promise<{ report: Report; snapshot: Snapshot }> => {
    const looked = await collectSnapshot(cluster, runOn, options);
    const snapshot = await withProbes(cluster, looked, runOn, checks, options);
    const report = evaluate(cluster, snapshot, checks);
    return { report: options.select?.(report) ?? report, snapshot };
  };
  return pollUntilSound(look, {
    deadlineMs: options.waitMs ?? 0,
    ...(options.intervalMs !== undefined && { intervalMs: options.intervalMs }),
    ...(options.signal && { signal: options.signal }),
    ...(options.onRound && { onRound: options.onRound }),
  });
}

/** Pods of our own are asked only where everything below them is sound: what they would find follows from what is known. */
async function withProbes(
  cluster: Cluster,
  snapshot: Snapshot,
  runOn: RunOn,
  checks: readonly Check[],
  { probe, assets, signal = new AbortController().signal }: VerifyOptions,
): Promise<Snapshot> {
  if (!cluster.kubernetes) return snapshot;
  if (!probe) return { ...snapshot, probes: notProbed('this run starts no pods of its own') };
  const { sound } = evaluate(cluster, snapshot, checks);
  if (!sound) return { ...snapshot, probes: notProbed('what they rest on is not sound') };
  return { ...snapshot, probes: await probeLab(cluster, snapshot, runOn, { assets, signal, ...probe }) };
}
