import { setTimeout } from 'node:timers/promises';

/** Tries again, a second after each failure, until it succeeds or `seconds` are over; throws the last error. */
export async function eventually(work: () => Promise<void>, seconds = 90): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
      await setTimeout(1000);
    }
  }
}
