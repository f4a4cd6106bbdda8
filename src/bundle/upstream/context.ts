import type { Client } from './client.js';
import type { Store } from './store.js';
import type { UpstreamEvent } from './types.js';

/** What every part of the work needs. */
export interface UpstreamContext {
  client: Client;
  store: Store;
  /** amd64 or arm64 */
  arch: 'amd64' | 'arm64';
  /** Whether signatures of repositories can be checked here. */
  gpg: boolean;
  report: (event: UpstreamEvent) => void;
  signal: AbortSignal;
}

/** Runs work on every item, some at once. After a failure no further one is begun, `stop` is called, and the first failure thrown. */
export async function eachOf<T, R>(
  items: readonly T[],
  atOnce: number,
  stop: () => void,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const rest = [...items.entries()];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let next = rest.shift(); next !== undefined && failures.length === 0; next = rest.shift()) {
      const [index, item] = next;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
        stop();
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
}
