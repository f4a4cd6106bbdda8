import type { Report } from '../report/report.js';

export interface PollOptions {
  /** How long to go on, from now. 0: one round. */
  deadlineMs: number;
  /**
   * Pause between the end of a round and the beginning of the next; 5 s by default. After a round that took longer the pause is
   * as long as it: machines that are busy getting whole are not to be kept busy by being looked at.
   */
  intervalMs?: number;
  signal?: AbortSignal;
  /** Told after every round. */
  onRound?: (round: Round) => void;
}

export interface Round {
  /** From 1. */
  number: number;
  report: Report;
  /** Until the time is up; never negative. */
  remainingMs: number;
}

/**
 * Looks again and again until the lab is sound or the time is up; gives the last round's result. There is
 * always one round, and a last one when the time is up. Rejects when `signal` is aborted or a round rejects.
 */
export async function pollUntilSound<T extends { report: Report }>(
  look: () => Promise<T>,
  { deadlineMs, intervalMs = 5000, signal, onRound }: PollOptions,
): Promise<T> {
  const end = performance.now() + deadlineMs;
  for (let number = 1; ; number += 1) {
    signal?.throwIfAborted();
    const began = performance.now();
    const late = began >= end;
    const result = await look();
    const tookMs = performance.now() - began;
    const remainingMs = Math.max(0, Math.round(end - performance.now()));
    onRound?.({ number, report: result.report, remainingMs });
    if (result.report.sound || late || deadlineMs <= 0) return result;
    await pause(Math.min(Math.max(intervalMs, tookMs), remainingMs), signal);
  }
}

/** Resolves after a while, or at once when aborted. */
function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal?.addEventListener('abort', done, { once: true });
    if (signal?.aborted) done();
  });
}
