import { K8slabError } from '../../errors/error.js';
import { messageOf, systemCode } from '../../write/ioErrors.js';

/** A failure that another attempt may overcome; `wait` is how long the host asks for, in milliseconds. */
export class PassingFailure extends Error {
  constructor(
    readonly failure: K8slabError,
    readonly wait?: number,
  ) {
    super(failure.message, { cause: failure });
  }
}

export function interrupted(): K8slabError {
  return new K8slabError('VAGRANT_INTERRUPTED', 'The making of the bundle was interrupted.', {
    fix: ['Run the same command again: what is downloaded already is kept.'],
  });
}

/** The answer of a host that is no use. */
export function unexpected(url: URL, says: string, raw?: string): K8slabError {
  return new K8slabError('BUNDLE_UPSTREAM_ANSWER', `${url.host} ${says} (${shown(url)}).`, {
    ...(raw === undefined ? {} : { raw }),
  });
}

/** Without its query, which may be long and may hold a signature. */
export function shown(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

const passingStatuses = [408, 425, 500, 502, 504];

/** What a status other than 2xx means. */
export function failureOfStatus(url: URL, response: Response): K8slabError | PassingFailure {
  const { status } = response;
  const retryAfter = response.headers.get('retry-after');
  const address = shown(url);
  if (status === 429 || status === 503 || (status === 403 && retryAfter !== null)) {
    return new PassingFailure(
      new K8slabError('BUNDLE_UPSTREAM_BUSY', `${url.host} answers with status ${status} for ${address}.`),
      waitOf(retryAfter),
    );
  }
  if (passingStatuses.includes(status))
    return new PassingFailure(unexpected(url, `answers with status ${status}`));
  if (status === 404 || status === 410) {
    return new K8slabError('BUNDLE_UPSTREAM_NOT_FOUND', `${url.host} does not have ${address}.`);
  }
  if ([401, 402, 403, 407, 451].includes(status)) {
    return new K8slabError('BUNDLE_UPSTREAM_DENIED', `${url.host} refuses ${address} (status ${status}).`);
  }
  return unexpected(url, `answers with status ${status}`);
}

/** `Retry-After`: seconds or a date; in milliseconds, absent when there is none that can be read. */
export function waitOf(header: string | null, now: number = Date.now()): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = /^[A-Z][a-z]/.test(header.trim()) ? Date.parse(header) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

const certificateCodes =
  /^(CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|ERR_TLS_CERT|INVALID_CA|HOSTNAME_MISMATCH)/;

/** What a failed connection or a broken body means. Errors for people stay as they are. */
export function failureOfConnection(url: URL, error: unknown): K8slabError | PassingFailure {
  if (error instanceof K8slabError || error instanceof PassingFailure) return error;
  const chain = causes(error);
  const code = chain.map(systemCode).find((found) => found !== undefined);
  const raw = [...new Set(chain.map(messageOf))].join(': ');
  if (code !== undefined && certificateCodes.test(code)) {
    return new K8slabError('BUNDLE_UPSTREAM_CERTIFICATE', `The certificate of ${url.host} is not trusted.`, {
      raw,
    });
  }
  const failure = new K8slabError(
    'BUNDLE_UPSTREAM_UNREACHABLE',
    code === 'ENOTFOUND'
      ? `There is no host ${url.host}, says the name server.`
      : `${url.host} cannot be reached, or its answer broke off.`,
    { raw, cause: error },
  );
  return code === 'ENOTFOUND' ? failure : new PassingFailure(failure);
}

function causes(error: unknown): unknown[] {
  const chain: unknown[] = [];
  for (let next = error; next !== undefined && chain.length < 6;) {
    chain.push(next);
    const first: unknown = next instanceof AggregateError ? next.errors[0] : undefined;
    next = first ?? (next instanceof Error ? next.cause : undefined);
  }
  return chain;
}
