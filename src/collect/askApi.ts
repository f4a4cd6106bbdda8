import { Resolver } from 'node:dns/promises';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { Cluster } from '../plan/cluster.js';
import { controlPlanes } from '../plan/balancers.js';
import { apiUrl } from './apiPort.js';
import { outsideNames } from './probeScript.js';
import type { ApiAnswer, HostFacts } from './snapshot.js';

export interface AskOptions {
  /** For the whole answer; 4 s by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/**
 * Asks an API server, from this host and over a connection of its own, whether it is ready: `url` is its `/readyz`. Nothing
 * is told or believed, so its certificate is not checked. Never rejects: no answer is an answer.
 */
export const askApi = (url: string, options: AskOptions = {}): Promise<ApiAnswer> =>
  ask(url, options, (status, text) => ({ ok: status === 200 && text === 'ok', said: `${text} ${status}` }));

/** Asks for a page in the same way, `http:` or `https:`; its status is the answer. */
export const askPage = (url: string, options: AskOptions = {}): Promise<ApiAnswer> =>
  ask(url, options, (status) => ({ ok: status === 200, said: `HTTP ${status}` }));

function ask(
  url: string,
  { timeoutMs = 8000, signal }: AskOptions,
  judge: (status: number, text: string) => { ok: boolean; said: string },
): Promise<ApiAnswer> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp;
  const limit = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const done = (ok: boolean, answer: string): void => {
      resolve({ url, ok, answer });
    };
    const asking = request(
      url,
      {
        agent: false,
        rejectUnauthorized: false,
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text = (text + chunk).slice(0, 300)));
        response.on('error', (error) => {
          done(false, error.message);
        });
        response.on('end', () => {
          const { ok, said } = judge(response.statusCode ?? 0, text.trim());
          done(ok, said.trim());
        });
      },
    );
    asking.on('error', (error) => {
      done(false, limit.aborted ? `no answer within ${timeoutMs / 1000} s` : error.message);
    });
    asking.end();
  });
}

/** The endpoint's `/readyz`; undefined where the lab has no Kubernetes. */
export const endpointUrl = (cluster: Cluster): string | undefined =>
  cluster.endpoint && `https://${cluster.endpoint.hostPort}/readyz`;

/** Those of these names that this host's name servers, or those of `resolver`, find within 2.5 s. Never rejects. */
export async function namesFound(
  names: readonly string[],
  signal?: AbortSignal,
  resolver = new Resolver({ timeout: 1000, tries: 2 }),
): Promise<string[]> {
  const giveUp = (): void => {
    resolver.cancel();
  };
  const timer = setTimeout(giveUp, 2500);
  signal?.addEventListener('abort', giveUp, { once: true });
  const found = await Promise.all(
    names.map((name) =>
      resolver.resolve4(name).then(
        ({ length }) => (length > 0 ? [name] : []),
        () => [],
      ),
    ),
  );
  clearTimeout(timer);
  signal?.removeEventListener('abort', giveUp);
  return found.flat();
}

/** The API as this host reaches it, through the endpoint and every control plane's own server; and what it finds outside. */
export async function askFromHost(cluster: Cluster, options: AskOptions = {}): Promise<HostFacts> {
  const url = endpointUrl(cluster);
  const asked = namesFound(outsideNames, options.signal);
  const [endpoint, ...servers] = await Promise.all([
    url === undefined ? null : askApi(url, options),
    ...controlPlanes(cluster).map(async (machine) => ({
      machine: machine.name,
      ...(await askApi(`${apiUrl(cluster, machine)}/readyz`, options)),
    })),
  ]);
  return { endpoint: endpoint ?? null, controlPlanes: servers, outsideNames: await asked };
}
