import { promises as dns } from 'node:dns';
import { request as plainRequest } from 'node:http';
import { Agent, request } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext, rootCertificates } from 'node:tls';
import { refusal, type HostProbe, type Unreachable } from '../plan/reach.js';
import { messageOf, systemCode } from '../write/ioErrors.js';

export interface ReachOptions {
  /** Milliseconds that a host gets in all, redirects included. */
  patience: number;
  signal: AbortSignal;
  /** Authorities to trust; those that every distribution ships unless given. */
  ca?: readonly string[];
}

const mostRedirects = 5;
const redirects = [301, 302, 303, 307, 308];

/**
 * Asks every host at once for something that a lab downloads there; gives those that machines would not get it from. It is
 * asked as machines ask: without a proxy, and trusting the public authorities only, so that a filter which answers
 * for others is told from the host itself. Changes nothing. Throws the signal's reason.
 */
export async function findUnreachable(
  probes: readonly HostProbe[],
  options: ReachOptions,
): Promise<Unreachable[]> {
  // One for all: reading the authorities takes longer than everything else here.
  const secureContext = createSecureContext({ ca: [...(options.ca ?? rootCertificates)] });
  // Agents of one's own know no proxy, whatever the environment says.
  const agent = new Agent({ secureContext });
  const found = await Promise.all(
    probes.map(async ({ host, url }) => {
      const reason = await reasonAgainst(url, options, agent);
      return reason === undefined ? [] : [{ host, reason }];
    }),
  );
  options.signal.throwIfAborted();
  return found.flat();
}

async function reasonAgainst(
  url: string,
  { patience, signal }: ReachOptions,
  agent: Agent,
): Promise<string | undefined> {
  const late = AbortSignal.timeout(patience);
  const either = AbortSignal.any([signal, late]);
  let at = new URL(url);
  try {
    for (let count = 0; count <= mostRedirects; count += 1) {
      const { status, location } = await ask(at, either, agent, patience);
      if (!redirects.includes(status) || location === undefined) return refusal(status);
      at = new URL(location, at);
    }
    return 'redirects without an end';
  } catch (error) {
    if (late.aborted) return `no answer within ${Math.round(patience / 1000)} s`;
    return reasonOf(error);
  }
}

interface Answer {
  status: number;
  location: string | undefined;
}

function ask(url: URL, signal: AbortSignal, agent: Agent, patience: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const plain = url.protocol === 'http:';
    const send = plain ? plainRequest : request;
    const all = { method: 'HEAD', signal, agent: plain ? false : agent, lookup: lookupWithin(patience) };
    const asked = send(url, { ...all, headers: { 'user-agent': 'k8slab' } }, (response) => {
      resolve({ status: response.statusCode ?? 0, location: response.headers.location });
      response.destroy();
    });
    asked.on('error', reject);
    asked.end();
  });
}

/**
 * Asks name servers itself: the system's own look-up cannot be broken off, and a few of them that hang would keep every file
 * operation of the process waiting. That one has the word only where name servers cannot be asked so.
 */
function lookupWithin(patience: number): LookupFunction {
  return (host, { all }, done) => {
    const give = (addresses: { address: string; family: number }[]): void => {
      const [first] = addresses;
      if (first === undefined)
        done(Object.assign(new Error(`no address for ${host}`), { code: 'ENOTFOUND' }), '');
      else if (all === true) done(null, addresses);
      else done(null, first.address, first.family);
    };
    if (isIP(host) !== 0) {
      give([{ address: host, family: isIP(host) }]);
      return;
    }
    const resolver = new dns.Resolver({ timeout: patience, tries: 1 });
    Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)])
      .then(async ([four, six]) => {
        const addresses = [
          ...(four.status === 'fulfilled' ? four.value : []).map((address) => ({ address, family: 4 })),
          ...(six.status === 'fulfilled' ? six.value : []).map((address) => ({ address, family: 6 })),
        ];
        const code = four.status === 'rejected' ? systemCode(four.reason) : undefined;
        const elsewhere = addresses.length === 0 && code !== 'ETIMEOUT' && code !== 'ECANCELLED';
        return elsewhere ? dns.lookup(host, { all: true }) : addresses;
      })
      .then(give)
      .catch((error: unknown) => {
        done(Object.assign(new Error(messageOf(error)), { code: systemCode(error) ?? '' }), '');
      });
  };
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name server knows no such host',
  EAI_AGAIN: 'no name server answers',
  ECONNREFUSED: 'the connection is refused',
  ECONNRESET: 'the connection is cut off',
  EPIPE: 'the connection is cut off',
  ENETUNREACH: 'there is no route to it',
  EHOSTUNREACH: 'there is no route to it',
  ETIMEDOUT: 'no answer',
};

const certificateCodes = /CERT|SELF_SIGNED|UNABLE_TO_|ERR_TLS|DEPTH_ZERO/;

/** The code of the first of several attempts (IPv4, IPv6) stands for all. */
function reasonOf(error: unknown): string {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = systemCode(first) ?? systemCode(error) ?? '';
  if (certificateCodes.test(code)) return 'something else answers for it: its certificate is not trusted';
  return reasons[code] ?? (first instanceof Error ? first.message : String(first));
}
