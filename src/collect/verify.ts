import type { Check } from '../checks/check.js';
import type { Cluster } from '../plan/cluster.js';
import { evaluate } from '../report/evaluate.js';
import type { Report } from '../report/report.js';
import { collectSnapshot, type CollectOptions, type RunOn } from './collect.js';
import { loadChecks } from './loadChecks.js';
import { pollUntilSound, type Round } from './poll.js';
import type { Snapshot } from './snapshot.js';

export interface VerifyOptions extends CollectOptions {
  /** Look again until sound, for at most this long; absent: look once. */
  waitMs?: number;
  /** Between two looks. */
  intervalMs?: number;
  onRound?: (round: Round) => void;
  /** Every check of the package by default. */
  checks?: readonly Check[];
}

/** Looks at a lab and judges what was seen; with `waitMs` again and again until it is sound. Rejects only when aborted. */
export async function verifyLab(
  cluster: Cluster,
  runOn: RunOn,
  options: VerifyOptions,
): Promise<{ report: Report; snapshot: Snapshot }> {
  const checks = options.checks ?? (await loadChecks());
  const look = async (): Promise<{ report: Report; snapshot: Snapshot }> => {
    const snapshot = await collectSnapshot(cluster, runOn, options);
    return { report: evaluate(cluster, snapshot, checks), snapshot };
  };
  return pollUntilSound(look, {
    deadlineMs: options.waitMs ?? 0,
    ...(options.intervalMs !== undefined && { intervalMs: options.intervalMs }),
    ...(options.signal && { signal: options.signal }),
    ...(options.onRound && { onRound: options.onRound }),
  });
}
