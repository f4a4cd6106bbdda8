import { askApi } from './askApi.js';

/** One request: when it began and ended, in milliseconds since the watch began, and whether the API said that it is ready. */
export interface Request {
  from: number;
  to: number;
  ok: boolean;
}

export interface Watch {
  /** Requests that have ended, in the order in which they began. */
  requests(): Request[];
  /** Milliseconds since the watch began. */
  now(): number;
  /** Asks no more; resolves when every request has ended. */
  stop(): Promise<Request[]>;
}

export interface WatchOptions {
  /** From the beginning of one request to that of the next, in milliseconds; 100 by default. */
  intervalMs?: number;
  /** A request without an answer counts as failed after this long, in milliseconds; 2000 by default. */
  timeoutMs?: number;
  ask?: typeof askApi;
}

/**
 * Asks a `/readyz` again and again, each time over a new connection, whether or not the last one has been answered: a request
 * that hangs on an address that nobody has does not hide the moment from which the next ones are answered.
 */
export function watchApi(url: string, options: WatchOptions = {}): Watch {
  const { intervalMs = 100, timeoutMs = 2000, ask = askApi } = options;
  const started = performance.now();
  const now = (): number => Math.round(performance.now() - started);
  const ended: Request[] = [];
  const open = new Set<Promise<void>>();
  const one = async (): Promise<void> => {
    const from = now();
    const { ok } = await ask(url, { timeoutMs });
    ended.push({ from, to: now(), ok });
  };
  const begin = (): void => {
    const asking = one().finally(() => open.delete(asking));
    open.add(asking);
  };
  begin();
  const timer = setInterval(begin, intervalMs);
  const requests = (): Request[] => ended.toSorted((first, second) => first.from - second.from);
  return {
    requests,
    now,
    stop: async () => {
      clearInterval(timer);
      await Promise.all(open);
      return requests();
    },
  };
}
