import { describe, expect, test } from '@jest/globals';
import { parseDuration } from '../../../src/collect/duration.js';
import { pollUntilSound, type Round } from '../../../src/collect/poll.js';
import type { Report } from '../../../src/report/report.js';

const reportOf = (sound: boolean): { report: Report } => ({
  report: { schema: 1, lab: 'x', takenAt: '2026-11-21T10:00:00Z', sound, results: [], matrices: [] },
});

/** Sound from the given round on. */
function soundFrom(round: number): { look: () => Promise<{ report: Report }>; rounds: () => number } {
  let rounds = 0;
  return {
    look: () => {
      rounds += 1;
      return Promise.resolve(reportOf(rounds >= round));
    },
    rounds: () => rounds,
  };
}

describe('durations', () => {
  test.each([
    ['10m', 600_000],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['500ms', 500],
    ['1.5m', 90_000],
    ['0s', 0],
    ['24h', 86_400_000],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each([
    '',
    '10',
    'm',
    '10 m',
    '-5m',
    '10m5',
    '1d',
    '25h',
    'ten minutes',
    '9'.repeat(400) + 's',
    '1e3s',
    '10m\n',
  ])('%j is none', (text) => {
    expect(() => parseDuration(text)).toThrow(
      expect.objectContaining({ code: 'GUEST_DURATION_INVALID', exitCode: 2 }),
    );
  });
});

describe('waiting until sound', () => {
  test('machines that take long to answer rest as long before they are asked again', async () => {
    const begins: number[] = [];
    const ends: number[] = [];
    const look = async (): Promise<{ report: Report }> => {
      begins.push(performance.now());
      await new Promise((resolve) => setTimeout(resolve, 150));
      ends.push(performance.now());
      return reportOf(begins.length >= 2);
    };
    await pollUntilSound(look, { deadlineMs: 60_000, intervalMs: 1 });
    expect((begins[1] ?? 0) - (ends[0] ?? 0)).toBeGreaterThan(120);
  });

  test('one round when there is nothing to wait for', async () => {
    const { look, rounds } = soundFrom(99);
    expect((await pollUntilSound(look, { deadlineMs: 0 })).report.sound).toBe(false);
    expect(rounds()).toBe(1);
  });

  test('ends with the first sound round', async () => {
    const { look, rounds } = soundFrom(3);
    const seen: Round[] = [];
    const result = await pollUntilSound(look, {
      deadlineMs: 60_000,
      intervalMs: 5,
      onRound: (round) => seen.push(round),
    });
    expect(result.report.sound).toBe(true);
    expect(rounds()).toBe(3);
    expect(seen.map((round) => [round.number, round.report.sound])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(seen.every((round) => round.remainingMs > 50_000 && round.remainingMs <= 60_000)).toBe(true);
  });

  test('gives up when the time is up, after one last look', async () => {
    const { look, rounds } = soundFrom(99_999);
    const seen: Round[] = [];
    const started = performance.now();
    const result = await pollUntilSound(look, {
      deadlineMs: 60,
      intervalMs: 25,
      onRound: (round) => seen.push(round),
    });
    expect(result.report.sound).toBe(false);
    expect(rounds()).toBeGreaterThanOrEqual(2);
    expect(performance.now() - started).toBeGreaterThanOrEqual(58);
    expect(seen.at(-1)?.remainingMs).toBe(0);
  });

  test('an abort ends the pause at once', async () => {
    const controller = new AbortController();
    const { look } = soundFrom(99);
    const waiting = pollUntilSound(look, {
      deadlineMs: 600_000,
      intervalMs: 600_000,
      signal: controller.signal,
    });
    setTimeout(() => {
      controller.abort(new Error('stopped'));
    }, 20);
    await expect(waiting).rejects.toThrow('stopped');
  });

  test('what a round throws is not swallowed', async () => {
    await expect(
      pollUntilSound(() => Promise.reject(new Error('bug')), { deadlineMs: 1000 }),
    ).rejects.toThrow('bug');
  });
});
