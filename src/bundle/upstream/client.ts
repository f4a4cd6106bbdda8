import { setTimeout as sleep } from 'node:timers/promises';
import { K8slabError } from '../../errors/error.js';
import { bodyOf, redirected, requireGood, type Answer } from './answers.js';
import { failureOfConnection, interrupted, PassingFailure, unexpected } from './failure.js';
import { parseChallenge, tokenIn, tokenUrl } from './tokens.js';
import type { Patience } from './types.js';

export interface Call {
  url: string;
  method?: 'GET' | 'HEAD';
  headers?: Readonly<Record<string, string>>;
  /** Of the token to ask for when a registry wants one. */
  scope?: string;
}

/** What a use of an answer tells its attempt. */
export interface Pulse {
  /** Something came: the connection lives. */
  beat: () => void;
  /** So many bytes are safe now: the attempt was worth it. */
  advance: (bytes: number) => void;
}

export interface ClientOptions {
  /** For tests: upstream host to the base URL of an imitation. */
  hosts?: Readonly<Record<string, string>>;
  patience: Patience;
  signal: AbortSignal;
}

const redirects = [301, 302, 303, 307, 308];
const maxRedirects = 8;
const tokenLimit = 256 * 1024;
/** Attempts are counted anew after so many bytes; less is no progress. */
const worthwhile = 64 * 1024;
const longestBackoff = 30_000;

/**
 * Requests to upstream's hosts: follows redirects by hand, so that a token only ever reaches the host that asked for it; asks for
 * anonymous registry tokens; tries again what may pass, no sooner than a host allows.
 */
export class Client {
  private readonly tokens = new Map<string, string>();
  /** By host: the time before which it wants no request. */
  private readonly pauses = new Map<string, number>();

  constructor(private readonly options: ClientOptions) {}

  /** Makes a request and uses its answer; `call` is asked again for each attempt. Throws BUNDLE_UPSTREAM_… and VAGRANT_INTERRUPTED. */
  async request<T>(call: () => Call, use: (answer: Answer, pulse: Pulse) => Promise<T>): Promise<T> {
    const { patience, signal } = this.options;
    let gained = 0;
    for (let failures = 0; ;) {
      try {
        return await this.attempt(call(), use, (bytes) => {
          gained += bytes;
        });
      } catch (error) {
        if (signal.aborted) throw interrupted();
        if (!(error instanceof PassingFailure)) throw error;
        failures = gained >= worthwhile ? 1 : failures + 1;
        if (gained >= worthwhile) gained = 0;
        const { wait } = error;
        if (failures >= patience.tries || (wait ?? 0) > patience.longestWait) throw final(error);
        const backoff = Math.min(longestBackoff, patience.firstWait * 2 ** (failures - 1));
        await this.wait(Math.max(wait ?? 0, backoff * (0.75 + Math.random() / 2)));
      }
    }
  }

  /** A whole answer of at most `limit` bytes. */
  async read(call: Call, limit: number): Promise<Answer & { bytes: Buffer }> {
    return this.request(
      () => call,
      async (answer, { beat }) => {
        requireGood(answer);
        const chunks: Uint8Array[] = [];
        let size = 0;
        const announced = Number(answer.response.headers.get('content-length') ?? 0);
        if (announced > limit) throw unexpected(answer.url, `sends ${announced} bytes, which is too much`);
        for await (const chunk of bodyOf(answer)) {
          beat();
          size += chunk.length;
          if (size > limit) throw unexpected(answer.url, `sends more than ${limit} bytes, which is too much`);
          chunks.push(chunk);
        }
        return { ...answer, bytes: Buffer.concat(chunks) };
      },
    );
  }

  /** The size that a host announces for a file; absent when it does not say, or knows no HEAD. */
  async sizeOf(call: Call): Promise<number | undefined> {
    return this.request(
      () => ({ ...call, method: 'HEAD' }),
      (answer) => {
        const { status, headers } = answer.response;
        if ([403, 405, 501].includes(status)) return Promise.resolve(undefined);
        requireGood(answer);
        const size = headers.get('content-encoding') === null ? headers.get('content-length') : null;
        return Promise.resolve(size !== null && /^\d{1,15}$/.test(size) ? Number(size) : undefined);
      },
    );
  }

  private async attempt<T>(
    call: Call,
    use: (answer: Answer, pulse: Pulse) => Promise<T>,
    advance: (bytes: number) => void,
  ): Promise<T> {
    const { patience, signal } = this.options;
    // Of this attempt, and held until it is over; what AbortSignal.any gives is held by nobody.
    const ending = new AbortController();
    const end = (): void => {
      ending.abort(signal.reason);
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
    const timer = setTimeout(() => {
      ending.abort(new Error(`nothing came for ${patience.stall / 1000} s`));
    }, patience.stall);
    const place = { url: new URL(call.url) };
    try {
      const beat = (): void => void timer.refresh();
      const answer = await this.follow(call, place, ending.signal, beat);
      return await use(answer, { beat, advance });
    } catch (error) {
      const failure = failureOfConnection(place.url, error);
      if (failure instanceof PassingFailure && failure.wait !== undefined) {
        this.pauses.set(place.url.host, Date.now() + Math.min(failure.wait, patience.longestWait));
      }
      throw failure;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      // Whatever was not read of an answer is not worth reading.
      ending.abort();
    }
  }

  private async follow(
    call: Call,
    place: { url: URL },
    signal: AbortSignal,
    beat: () => void,
  ): Promise<Answer> {
    for (let count = 0; count <= maxRedirects; count += 1) {
      await this.pause(place.url.host, beat);
      let response = await this.send(place.url, call, signal);
      beat();
      if (response.status === 401 && (await this.authorize(place.url, call, response, signal))) {
        response = await this.send(place.url, call, signal);
        beat();
      }
      if (!redirects.includes(response.status)) return { response, url: place.url, signal };
      const location = response.headers.get('location');
      await response.body?.cancel();
      place.url = redirected(place.url, location);
    }
    throw unexpected(new URL(call.url), 'redirects without an end');
  }

  private async send(url: URL, call: Call, signal: AbortSignal): Promise<Response> {
    const token = call.scope === undefined ? undefined : this.tokens.get(`${url.host} ${call.scope}`);
    return fetch(this.mapped(url), {
      method: call.method ?? 'GET',
      redirect: 'manual',
      signal,
      headers: {
        'user-agent': 'k8slab',
        // Bytes as they are: checksums and ranges count them. Node.js asks so by itself for ranges.
        ...(call.headers?.range === undefined && { 'accept-encoding': 'identity' }),
        ...call.headers,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
  }

  /** Gets a token for the host that asks for one; gives whether it is worth asking again. */
  private async authorize(url: URL, call: Call, refusal: Response, signal: AbortSignal): Promise<boolean> {
    const challenge = parseChallenge(refusal.headers.get('www-authenticate'));
    const address = challenge && call.scope !== undefined ? tokenUrl(challenge, call.scope) : undefined;
    if (address === undefined) return false;
    await refusal.body?.cancel();
    const server = redirected(url, address);
    const response = await fetch(this.mapped(server), {
      redirect: 'error',
      signal,
      headers: { 'user-agent': 'k8slab', accept: 'application/json' },
    });
    requireGood({ response, url: server });
    let text = '';
    for await (const chunk of bodyOf({ response, signal })) {
      text += Buffer.from(chunk).toString('latin1');
      if (text.length > tokenLimit) throw unexpected(server, 'sends a token that is too large');
    }
    const token = tokenIn(text);
    if (token === undefined) throw unexpected(server, 'sends no token');
    this.tokens.set(`${url.host} ${call.scope ?? ''}`, token);
    return true;
  }

  private mapped(url: URL): URL {
    const { hosts } = this.options;
    const base = hosts !== undefined && Object.hasOwn(hosts, url.host) ? hosts[url.host] : undefined;
    return base === undefined ? url : new URL(`${base.replace(/\/$/, '')}${url.pathname}${url.search}`);
  }

  private async pause(host: string, beat: () => void): Promise<void> {
    for (let rest = this.rest(host); rest > 0; rest = this.rest(host)) {
      // In small steps, so that waiting does not look like a dead connection.
      await this.wait(Math.min(rest, this.options.patience.stall / 2));
      beat();
    }
  }

  private rest(host: string): number {
    return (this.pauses.get(host) ?? 0) - Date.now();
  }

  private async wait(milliseconds: number): Promise<void> {
    try {
      await sleep(milliseconds, undefined, { signal: this.options.signal });
    } catch {
      throw interrupted();
    }
  }
}

function final({ failure, wait }: PassingFailure): K8slabError {
  if (wait === undefined || wait < 1000) return failure;
  const minutes = Math.ceil(wait / 60_000);
  const asked = wait < 60_000 ? `${Math.ceil(wait / 1000)} s` : `${minutes} min`;
  return new K8slabError(failure.code, `${failure.message} It asks to wait ${asked}.`, { cause: failure });
}
