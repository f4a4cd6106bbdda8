import { failureOfStatus, shown, unexpected } from './failure.js';

export interface Answer {
  response: Response;
  /** After redirects. */
  url: URL;
}

/** Throws unless the status is 200 or 206. */
export function requireGood({ response, url }: Answer): void {
  if (response.status !== 200 && response.status !== 206) throw failureOfStatus(url, response);
}

/** The bytes of an answer as they come. */
export function bodyOf(response: Response): AsyncIterable<Uint8Array> {
  return response.body ?? nothing;
}

const nothing: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
};

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
