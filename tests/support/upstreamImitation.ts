/** A local imitation of the hosts that Kubernetes is downloaded from; nothing here is one of them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it reached a host. */
export interface Seen {
  host: string;
  path: string;
  method: string;
  authorization: string | undefined;
  range: string | undefined;
  /** Bytes of the body that were sent. */
  sent: number;
}

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  seen: Seen;
  /** How often this address was asked for before. */
  before: number;
  /** Answers as the host usually does. */
  usual: () => void;
}

export type Answer = (exchange: Exchange) => void;

const hostNames = [
  'pkgs.k8s.io',
  'prod-cdn.packages.k8s.io',
  'registry.k8s.io',
  'europe-west4-docker.pkg.dev',
  'prod-registry.s3.example.org',
  'quay.io',
  'cdn01.quay.io',
  'registry-1.docker.io',
  'auth.docker.io',
  'production.cloudflare.docker.com',
  'ghcr.io',
  'github.com',
  'release-assets.githubusercontent.com',
  'raw.githubusercontent.com',
  'elsewhere.example.org',
];

/**
 * Serves many hosts from one port, each below a path of its name: pass `hosts` on. Addresses are given as upstream has them.
 * Files are served with HEAD and ranges.
 */
export class Imitation {
  readonly seen: Seen[] = [];
  hosts: Record<string, string> = {};
  private readonly files = new Map<string, { bytes: Buffer; headers: Record<string, string> }>();
  private readonly answers = new Map<string, Answer>();
  private readonly hostAnswers = new Map<string, Answer>();
  private readonly counts = new Map<string, number>();
  private readonly server: Server = createServer((request, response) => {
    this.answer(request, response);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    const { port } = this.server.address() as AddressInfo;
    this.hosts = Object.fromEntries(hostNames.map((host) => [host, `http://127.0.0.1:${port}/${host}`]));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  put(url: string, content: Buffer | string, headers: Record<string, string> = {}): void {
    this.files.set(key(url), { bytes: Buffer.from(content), headers });
  }

  /** Answers this address otherwise. */
  on(url: string, answer: Answer): void {
    this.answers.set(key(url), answer);
  }

  /** Answers everything of a host that has no answer of its own. */
  onHost(host: string, answer: Answer): void {
    this.hostAnswers.set(host, answer);
  }

  /** Requests for what a host has below a path. */
  requests(host: string, path = ''): Seen[] {
    return this.seen.filter((one) => one.host === host && one.path.includes(path));
  }

  /** Bytes of bodies sent, all in all. */
  bytesSent(): number {
    return this.seen.reduce((sum, { sent }) => sum + sent, 0);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const [, host = '', rest = ''] = /^\/([^/]+)(\/.*)$/.exec(request.url ?? '') ?? [];
    const path = decodeURIComponent(rest.replace(/\?.*$/, ''));
    const name = `${host}${path}`;
    const before = this.counts.get(`${request.method ?? ''} ${name}`) ?? 0;
    this.counts.set(`${request.method ?? ''} ${name}`, before + 1);
    const { authorization, range } = request.headers;
    const seen: Seen = { host, path: rest, method: request.method ?? '', authorization, range, sent: 0 };
    this.seen.push(seen);
    response.on('error', () => undefined);
    const usual = (): void => {
      this.sendFile(name, request, response, seen);
    };
    const special = this.answers.get(name) ?? this.hostAnswers.get(host);
    if (special) special({ request, response, seen, before, usual });
    else usual();
  }

  private sendFile(name: string, request: IncomingMessage, response: ServerResponse, seen: Seen): void {
    const file = this.files.get(name);
    if (!file) {
      send(response, seen, 404, 'not found');
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const { bytes, headers } = file;
    if (start > 0 && start >= bytes.length) {
      send(response, seen, 416, '', { 'content-range': `bytes */${bytes.length}` });
      return;
    }
    const body = bytes.subarray(start);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      ...headers,
      'content-length': body.length,
      ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    if (request.method === 'HEAD') response.end();
    else response.end(body, () => (seen.sent = body.length));
  }

  /** Content of a file, for answers that change it. */
  bytesOf(url: string): Buffer {
    return this.files.get(key(url))?.bytes ?? Buffer.alloc(0);
  }
}

/** A whole answer. */
export function send(
  response: ServerResponse,
  seen: Seen,
  status: number,
  body: string | Buffer,
  headers: Record<string, string> = {},
): void {
  seen.sent = Buffer.byteLength(body);
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': seen.sent, ...headers });
  response.end(body);
}

export function redirect(to: string, status = 302): Answer {
  return ({ response, seen }) => {
    send(response, seen, status, '', { location: to });
  };
}

/** Announces everything, sends only the first bytes, and cuts the connection. */
export function cutAfter(bytes: Buffer, count: number): Answer {
  return ({ response, seen, request }) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, {
      'content-length': bytes.length - start,
      ...(start > 0 && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
    });
    const part = bytes.subarray(start, start + count);
    seen.sent = part.length;
    response.write(part, () => setTimeout(() => response.destroy(), 20));
  };
}

/** Without scheme, decoded, as the server sees it. */
function key(url: string): string {
  return decodeURIComponent(url.replace(/^https:\/\//, ''));
}
