import type { RestartFacts } from '../snapshot.js';
import { integerAt, textAt } from './json.js';

/**
 * Containers of a pod, as `containerStatuses` of the API tells of them, that were started again and whose last life is known.
 * Never throws.
 */
export function parseRestarts(containers: readonly unknown[]): RestartFacts[] {
  return containers.flatMap((container) => {
    const name = textAt(container, 'name');
    const restarts = integerAt(container, 'restartCount') ?? 0;
    const from = textAt(container, 'lastState', 'terminated', 'startedAt');
    const to = textAt(container, 'lastState', 'terminated', 'finishedAt');
    if (name === null || restarts < 1 || from === null || to === null) return [];
    const reason = textAt(container, 'lastState', 'terminated', 'reason') ?? 'ended';
    const exit = integerAt(container, 'lastState', 'terminated', 'exitCode');
    const why = exit === null ? reason : `${reason} (exit status ${exit})`;
    const runsSince = textAt(container, 'state', 'running', 'startedAt');
    return [{ container: name, restarts, last: { from, to, why }, runsSince }];
  });
}
