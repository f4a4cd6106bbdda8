import { setTimeout as sleep } from 'node:timers/promises';
import { K8slabError } from '../errors/error.js';
import { systemCode } from '../write/ioErrors.js';

/**
 * Waits until no other k8slab works in the folder, and takes it; gives what releases it. `what` the other one does is said
 * when the waiting is interrupted. Throws VAGRANT_INTERRUPTED.
 */
export async function oneAtATime(
  folder: string,
  what: string,
  signal: AbortSignal,
  onWait: () => void = () => undefined,
): Promise<() => Promise<void>> {
  const { lock: acquire } = await import('proper-lockfile');
  for (let first = true; ; first = false) {
    if (signal.aborted)
      throw new K8slabError('VAGRANT_INTERRUPTED', `Interrupted while another k8slab ${what}.`);
    try {
      // A lock whose holder was killed is taken over when it has not been renewed for 20 s.
      return await acquire(folder, { stale: 20_000, update: 5_000, onCompromised: () => undefined });
    } catch (error) {
      if (systemCode(error) !== 'ELOCKED') throw error;
      if (first) onWait();
      await sleep(500);
    }
  }
}
