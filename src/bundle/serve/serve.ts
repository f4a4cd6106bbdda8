import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { K8slabError } from '../../errors/error.js';
import { systemCode } from '../../write/ioErrors.js';
import { digestFile } from '../digest.js';
import { readBundle } from '../document.js';
import { readImages } from './images.js';
import { sendText } from './respond.js';
import { answer, filesOf, type Offer } from './route.js';

/** One answered request. */
export interface ServedRequest {
  client: string;
  method: string;
  /** As the client wrote it, with its query. */
  target: string;
  status: number;
  /** Bytes sent to the client, headers aside. */
  bytes: number;
  milliseconds: number;
  /** The client went away before the end. */
  cutOff: boolean;
}

export interface ServeOptions {
  /** The bundle's folder. */
  folder: string;
  /** The one address to listen on; 0.0.0.0 is all of them. */
  address: string;
  /** 0: any free one. */
  port: number;
  /** How long to wait for the address to appear on this host, in milliseconds; default: not at all. */
  waitMs?: number;
  onRequest?: (request: ServedRequest) => void;
  signal?: AbortSignal;
}

export interface BundleServer {
  /** `http://192.168.56.1:8580`, with the port it got. */
  url: string;
  port: number;
  /** Takes no new requests, lets those under way finish for at most `graceMs`, and ends. */
  close: (graceMs?: number) => Promise<void>;
}

/** A client that neither sends nor takes anything for so long is dropped, in milliseconds. */
const idleLimit = 120_000;

/**
 * Offers a bundle over HTTP, read-only: `/bundle.json`, `/files/<host>/<path>`, and its images by the registry
 * protocol under `/v2/`. Only what bundle.json names exists. Runs until `close`, or until `signal` is aborted.
 * Throws BUNDLE_NOT_FOUND, BUNDLE_DAMAGED, BUNDLE_LISTEN.
 */
export async function serveBundle(options: ServeOptions): Promise<BundleServer> {
  const offer = await readOffer(path.resolve(options.folder));
  const server = createServer((request, response) => {
    void serve(offer, request, response, options.onRequest);
  });
  server.timeout = idleLimit;
  await listen(server, options);
  const close = closing(server);
  options.signal?.addEventListener('abort', () => void close(0), { once: true });
  const { port } = server.address() as AddressInfo;
  const host = options.address.includes(':') ? `[${options.address}]` : options.address;
  return { url: `http://${host}:${port}`, port, close };
}

async function readOffer(folder: string): Promise<Offer> {
  const bundle = await readBundle(folder);
  const [document, images] = await Promise.all([
    digestFile(path.join(folder, 'bundle.json')),
    readImages(folder, bundle),
  ]);
  return {
    folder,
    bundle,
    document: { path: 'bundle.json', type: 'application/json', ...document },
    files: filesOf(bundle),
    images,
  };
}

async function serve(
  offer: Offer,
  request: IncomingMessage,
  response: ServerResponse,
  onRequest: ServeOptions['onRequest'],
): Promise<void> {
  const started = Date.now();
  const { socket } = request;
  const before = socket.bytesWritten;
  response.on('close', () => {
    onRequest?.({
      client: (socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
      method: request.method ?? '',
      target: request.url ?? '',
      status: response.statusCode,
      bytes: Math.max(0, socket.bytesWritten - before),
      milliseconds: Date.now() - started,
      cutOff: !response.writableFinished,
    });
  });
  try {
    await answer(offer, request, response);
  } catch {
    // The client went away, or the disk failed; another client's request is none the worse for it.
    if (response.headersSent) response.destroy();
    else sendText(response, 500, 'The file cannot be read.');
  }
}

/** Listens; while the address is not there yet, tries again. */
async function listen(server: Server, { address, port, waitMs = 0, signal }: ServeOptions): Promise<void> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    signal?.throwIfAborted();
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: address, port, exclusive: true }, () => {
          server.off('error', reject);
          resolve();
        });
      });
      return;
    } catch (error) {
      const code = systemCode(error);
      if (code === 'EADDRNOTAVAIL' && Date.now() < deadline) {
        await sleep(200, undefined, signal === undefined ? {} : { signal });
        continue;
      }
      throw refused(address, port, code, error);
    }
  }
}

function refused(address: string, port: number, code: string | undefined, cause: unknown): K8slabError {
  const reasons: Record<string, string> = {
    EADDRINUSE: 'another program listens there',
    EADDRNOTAVAIL: 'this host does not have that address',
    EACCES: 'ports below 1024 need root',
  };
  const reason = reasons[code ?? ''] ?? (cause instanceof Error ? cause.message : String(cause));
  return new K8slabError(
    'BUNDLE_LISTEN',
    `The bundle cannot be served on ${address}, port ${port}: ${reason}.`,
    { cause },
  );
}

function closing(server: Server): BundleServer['close'] {
  let closed: Promise<void> | undefined;
  return (graceMs = 5000) => {
    closed ??= new Promise((resolve) => {
      const force = setTimeout(() => {
        server.closeAllConnections();
      }, graceMs);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      server.closeIdleConnections();
    });
    if (graceMs === 0) server.closeAllConnections();
    return closed;
  };
}
