import { setMaxListeners } from 'node:events';
import { killAllGroups } from './processGroup.js';

/**
 * Ctrl-C (and SIGTERM, and a closed terminal) for as long as long work runs. The first one aborts `signal`:
 * programs are asked to end, state is left consistent. The second one ends everything hard and leaves with
 * 130, as a shell expects. Call `release` when the work is over.
 */
export function interruptible(onFirst: () => void = () => undefined): {
  signal: AbortSignal;
  release: () => void;
} {
  const controller = new AbortController();
  // Every program on every machine of a lab listens, which is no leak.
  setMaxListeners(0, controller.signal);
  const handler = (): void => {
    if (controller.signal.aborted) {
      killAllGroups();
      process.exit(130);
    }
    controller.abort();
    onFirst();
  };
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const name of signals) process.on(name, handler);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of signals) process.off(name, handler);
    },
  };
}
