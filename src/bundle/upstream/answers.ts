import { failureOfStatus, shown, unexpected } from './failure.js';

export interface Answer {
  response: Response;
  /** After redirects. */
  url: URL;
  /** Aborted when nobody wants the rest of it. */
  signal: AbortSignal;
}

/** Throws unless the status is 200 or 206. */
export function requireGood({ response, url }: Pick<Answer, 'response' | 'url'>): void {
  if (response.status !== 200 && response.status !== 206) throw failureOfStatus(url, response);
}

/**
 * The bytes of an answer as they come. Throws the signal's reason as soon as it is aborted: that fetch sees to it is not relied on,
 * for it holds what listens to its signal only weakly once there are headers (https://fetch.spec.whatwg.org/#garbage-collection).
 */
export async function* bodyOf({
  response,
  signal,
}: Pick<Answer, 'response' | 'signal'>): AsyncGenerator<Uint8Array, void> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', cancel);
  try {
    for (;;) {
      signal.throwIfAborted();
      const chunk = await reader.read();
      // To what waits, a stream that is cancelled looks like one that has ended.
      signal.throwIfAborted();
      if (chunk.done) return;
      yield chunk.value;
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/** Where a redirect leads. Throws BUNDLE_UPSTREAM_ANSWER for one that must not be followed, such as from https to http. */
export function redirected(from: URL, location: string | null): URL {
  if (location === null || !URL.canParse(location, from.href)) {
    throw unexpected(from, 'redirects to nowhere');
  }
  const to = new URL(location, from);
  const fits = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  if (!fits || to.username !== '' || to.password !== '') {
    throw unexpected(from, `sends on to ${shown(to)}, which is not followed`);
  }
  return to;
}
