import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { K8slabError } from '../../errors/error.js';
import { locateInside } from './inside.js';

/** Something that can be sent: a file of the bundle, as bundle.json or a manifest describes it. */
export interface Content {
  /** Below the bundle's folder, with forward slashes. */
  path: string;
  size: number;
  sha256: string;
  type: string;
  /** Added to the answer. */
  headers?: Record<string, string>;
}

/**
 * Answers a GET or HEAD with a file: whole, the range asked for, or `304` when the client has it (`If-None-Match`).
 * Streams from the disk. Source: https://www.rfc-editor.org/rfc/rfc9110#name-range-requests
 */
export async function sendContent(
  folder: string,
  content: Content,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const etag = `"${content.sha256}"`;
  const common = { ETag: etag, 'Accept-Ranges': 'bytes', ...content.headers };
  if (matches(request.headers['if-none-match'], etag)) {
    response.writeHead(304, common).end();
    return;
  }
  const file = await locateInside(folder, content.path, content.size);
  if (file === undefined) {
    sendText(response, 404, `${content.path} is missing from the bundle or not the file it should be.`);
    return;
  }
  const range = wantedRange(request, etag, content.size);
  if (range === 'none') {
    response.writeHead(416, { ...common, 'Content-Range': `bytes */${content.size}` }).end();
    return;
  }
  const { start, end } = range ?? { start: 0, end: content.size - 1 };
  response.writeHead(range === undefined ? 200 : 206, {
    ...common,
    'Content-Type': content.type,
    'Content-Length': end - start + 1,
    ...(range && { 'Content-Range': `bytes ${start}-${end}/${content.size}` }),
  });
  if (request.method === 'HEAD' || content.size === 0) response.end();
  else await pipeline(createReadStream(file, { start, end, highWaterMark: 1 << 18 }), response);
}

/** A short answer in words. */
export function sendText(response: ServerResponse, status: number, text: string): void {
  const body = Buffer.from(`${text}\n`);
  response
    .writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Content-Length': body.length })
    .end(body);
}

/** An answer that programs read. */
export function sendJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): void {
  const body = Buffer.from(JSON.stringify(value));
  response
    .writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length, ...headers })
    .end(body);
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === etag);
}

/** One range as offsets; undefined: send everything; `none`: nothing of it exists. */
function wantedRange(
  request: IncomingMessage,
  etag: string,
  size: number,
): { start: number; end: number } | 'none' | undefined {
  const { range, 'if-range': condition } = request.headers;
  // Several ranges at once may be answered with everything, and so may a range of another version.
  const match = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? '');
  if (match === null || (condition !== undefined && condition !== etag)) return undefined;
  const [, first = '', last = ''] = match;
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  return start >= size || end < start ? 'none' : { start, end };
}

/** Part of a bundle that should be there is not, or is not what it should be. */
export function damaged(folder: string, what: string, cause?: unknown): K8slabError {
  return new K8slabError('BUNDLE_DAMAGED', `${folder}: ${what}`, {
    fix: [`k8slab bundle verify ${folder}   # names every file that is wrong`],
    cause,
  });
}
