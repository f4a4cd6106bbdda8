import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from '../../../src/bundle/upstream/client.js';
import { download } from '../../../src/bundle/upstream/download.js';
import { Store } from '../../../src/bundle/upstream/store.js';
import type { Patience, Wanted } from '../../../src/bundle/upstream/types.js';
import { cutAfter, Imitation, redirect, send } from '../../support/upstreamImitation.js';
import { bytesFor, sha256 } from '../../support/upstreamWorld.js';

const url = 'https://github.com/a/archive.tgz';
const content = bytesFor('archive', 300_000);
const wanted: Wanted = { url, sha256: sha256(content), size: content.length, what: 'archive.tgz' };

let folder: string;
let imitation: Imitation;
let store: Store;
let ending: AbortController;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-upstream-'));
  imitation = new Imitation();
  await imitation.start();
  store = new Store(folder);
  await store.open();
  ending = new AbortController();
});
afterEach(async () => {
  await imitation.stop();
  await rm(folder, { recursive: true, force: true });
});

function client(patience: Partial<Patience> = {}, hosts = imitation.hosts): Client {
  return new Client({
    hosts,
    patience: { tries: 4, firstWait: 2, longestWait: 5_000, stall: 3_000, ...patience },
    signal: ending.signal,
  });
}

const fetchIt = (patience: Partial<Patience> = {}, what: Partial<Wanted> = {}): Promise<void> =>
  download(client(patience), store, { ...wanted, ...what });
const isComplete = async (): Promise<boolean> => (await store.find(wanted.sha256)) === content.length;
const parts = (): Promise<string[]> => readdir(path.join(folder, 'parts'));

describe('what passes is tried again', () => {
  test.each([408, 429, 500, 502, 503, 504])('status %i', async (status) => {
    imitation.put(url, content);
    imitation.on(url, ({ before, response, seen, usual }) => {
      if (before < 2) send(response, seen, status, 'later');
      else usual();
    });
    await fetchIt();
    await expect(isComplete()).resolves.toBe(true);
    expect(imitation.seen).toHaveLength(3);
  });

  test('Retry-After is waited for, by every request to that host', async () => {
    imitation.put(url, content);
    imitation.put('https://github.com/other', 'x');
    imitation.on(url, ({ before, response, seen, usual }) => {
      if (before === 0) send(response, seen, 429, '', { 'retry-after': '1' });
      else usual();
    });
    const one = client();
    const started = Date.now();
    const first = download(one, store, wanted);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await one.read({ url: 'https://github.com/other' }, 10);
    expect(Date.now() - started).toBeGreaterThanOrEqual(950);
    await first;
    await expect(isComplete()).resolves.toBe(true);
  });

  test('a host that asks for too long a wait is given up at once, and named', async () => {
    imitation.on(url, ({ response, seen }) => {
      send(response, seen, 429, '', { 'retry-after': '3600' });
    });
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_BUSY',
      message: expect.stringMatching(/^github\.com answers with status 429.*wait 60 min\.$/),
    });
    expect(imitation.seen).toHaveLength(1);
  });

  test('a reset connection in the middle goes on where it broke', async () => {
    imitation.put(url, content);
    imitation.on(url, (exchange) => {
      if (exchange.before === 0) cutAfter(content, 200_000)(exchange);
      else exchange.usual();
    });
    await fetchIt();
    await expect(isComplete()).resolves.toBe(true);
    const start = Number(/^bytes=(\d+)-$/.exec(imitation.seen[1]?.range ?? '')?.[1]);
    expect(start).toBeGreaterThan(0);
    expect(imitation.seen[1]?.sent).toBe(content.length - start);
  });

  test('a connection that goes silent is left; one that is merely slow is not', async () => {
    imitation.on(url, ({ response, before }) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 100_000));
      if (before === 0) return;
      let at = 100_000;
      const timer = setInterval(() => {
        response.write(content.subarray(at, at + 20_000));
        at += 20_000;
        if (at >= content.length) clearInterval(timer);
      }, 60);
    });
    await fetchIt({ stall: 400 });
    await expect(isComplete()).resolves.toBe(true);
    expect(imitation.seen).toHaveLength(2);
  });

  test('tries come to an end, also when a host sends the same beginning again and again', async () => {
    imitation.on(url, ({ response, seen }) => {
      response.writeHead(200, { 'content-length': content.length });
      seen.sent = 150_000;
      response.write(content.subarray(0, 150_000), () => setTimeout(() => response.destroy(), 20));
    });
    await expect(fetchIt()).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_UNREACHABLE' });
    expect(imitation.seen.length).toBeLessThanOrEqual(6);
  });
});

describe('what does not pass ends at once', () => {
  test.each([
    [404, 'BUNDLE_UPSTREAM_NOT_FOUND'],
    [410, 'BUNDLE_UPSTREAM_NOT_FOUND'],
    [401, 'BUNDLE_UPSTREAM_DENIED'],
    [403, 'BUNDLE_UPSTREAM_DENIED'],
    [451, 'BUNDLE_UPSTREAM_DENIED'],
    [418, 'BUNDLE_UPSTREAM_ANSWER'],
    [204, 'BUNDLE_UPSTREAM_ANSWER'],
  ])('status %i: %s', async (status, code) => {
    imitation.on(url, ({ response }) => {
      response.writeHead(status).end();
    });
    await expect(fetchIt()).rejects.toMatchObject({
      code,
      message: expect.stringContaining('github.com'),
    });
    expect(imitation.seen).toHaveLength(1);
    await expect(parts()).resolves.toEqual([]);
  });

  test('a host that nobody knows, and one where nothing listens', async () => {
    const unknown = download(client({}, {}), store, { ...wanted, url: 'https://no-such-host.invalid/a' });
    await expect(unknown).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_UNREACHABLE',
      message: expect.stringContaining('no-such-host.invalid'),
    });
    const closed = download(client({ tries: 2 }, { 'github.com': 'http://127.0.0.1:9' }), store, wanted);
    await expect(closed).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_UNREACHABLE',
      message: 'github.com cannot be reached, or its answer broke off.',
    });
  });

  test('cancelling, also while waiting', async () => {
    imitation.on(url, ({ response, seen }) => {
      send(response, seen, 503, '', { 'retry-after': '4' });
    });
    setTimeout(() => {
      ending.abort();
    }, 150);
    const started = Date.now();
    await expect(fetchIt()).rejects.toMatchObject({ code: 'VAGRANT_INTERRUPTED' });
    expect(Date.now() - started).toBeLessThan(2_000);
  });

  test.each([
    ['http://elsewhere.example.org/x', 'from https to http'],
    ['ftp://elsewhere.example.org/x', 'to another protocol'],
    ['file:///etc/passwd', 'to a file'],
    ['https://user:secret@elsewhere.example.org/x', 'with credentials'],
  ])('a redirect %s (%s)', async (to) => {
    imitation.on(url, redirect(to));
    await expect(fetchIt()).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_ANSWER' });
    expect(imitation.seen).toHaveLength(1);
  });

  test('redirects without an end', async () => {
    imitation.on(url, redirect(url));
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_ANSWER',
      message: expect.stringContaining('without an end'),
    });
    expect(imitation.seen.length).toBeLessThan(15);
  });
});

describe('wrong content', () => {
  const wrong = bytesFor('something else', content.length);

  test('is thrown away, asked for once more, then refused with both sums', async () => {
    imitation.put(url, wrong);
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_DIGEST',
      raw: expect.stringContaining(sha256(wrong)),
    });
    expect(imitation.seen).toHaveLength(2);
    await expect(parts()).resolves.toEqual([]);
    await expect(readdir(path.join(folder, 'sha256'))).resolves.toEqual([]);
  });

  test('in a part of an earlier run heals by itself', async () => {
    imitation.put(url, content);
    await writeFile(path.join(folder, 'parts', `${wanted.sha256}.999999999-1`), wrong.subarray(0, 100_000));
    let counted = 100_000;
    await download(client(), store, wanted, (bytes) => {
      counted += bytes;
    });
    await expect(isComplete()).resolves.toBe(true);
    expect(counted).toBe(content.length);
    expect(imitation.seen.map(({ range }) => range)).toEqual(['bytes=100000-', undefined]);
  });

  test('a part that is too long, complete, or of a size the host does not know', async () => {
    imitation.put(url, content);
    const part = path.join(folder, 'parts', `${wanted.sha256}.999999999-1`);
    await writeFile(part, Buffer.concat([content, wrong]));
    await fetchIt();
    await expect(isComplete()).resolves.toBe(true);
    await rm(store.pathOf(wanted.sha256));
    await writeFile(part, content);
    const before = imitation.seen.length;
    await fetchIt();
    expect(imitation.seen).toHaveLength(before);
    await rm(store.pathOf(wanted.sha256));
    await writeFile(part, Buffer.concat([content, wrong]));
    await download(client(), store, { url, sha256: wanted.sha256, what: 'unknown size' });
    await expect(isComplete()).resolves.toBe(true);
  });

  test('a host that sends more than it should is stopped', async () => {
    imitation.on(url, ({ response }) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(wrong), 5);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    await expect(fetchIt()).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_ANSWER',
      message: expect.stringContaining('more than the 300000 bytes'),
    });
    await expect(parts()).resolves.toEqual([]);
  });

  test('a Content-Length that is too small or too large', async () => {
    imitation.on(url, ({ response, before, usual }) => {
      if (before === 0) {
        response.writeHead(200, { 'content-length': 1000, connection: 'close' });
        response.end(content.subarray(0, 1000));
      } else if (before === 1) {
        response.writeHead(206, { 'content-range': 'bytes 1000-299999/300000', 'content-length': 900_000 });
        response.write(content.subarray(1000, 100_000), () => setTimeout(() => response.destroy(), 20));
      } else usual();
    });
    imitation.put(url, content);
    await fetchIt();
    await expect(isComplete()).resolves.toBe(true);
  });

  test('a host that ignores ranges, or answers with another one, is read from the beginning', async () => {
    for (const range of [undefined, 'bytes 5-299999/300000']) {
      await writeFile(path.join(folder, 'parts', `${wanted.sha256}.999999999-1`), content.subarray(0, 1000));
      imitation.put(url, content);
      imitation.on(url, ({ response, before, request }) => {
        if (range !== undefined && before % 3 === 1) {
          response.writeHead(206, { 'content-range': range }).end(content.subarray(5));
          return;
        }
        expect(request.headers['accept-encoding']).toBe('identity');
        response.writeHead(200, { 'content-length': content.length }).end(content);
      });
      await fetchIt();
      await expect(isComplete()).resolves.toBe(true);
      await rm(store.pathOf(wanted.sha256));
    }
  });
});

test('two runs at once do not write into one file; a part of a living process is not taken', async () => {
  imitation.put(url, content);
  await Promise.all([fetchIt(), fetchIt()]);
  await expect(isComplete()).resolves.toBe(true);
  const alive = path.join(folder, 'parts', `${sha256('x')}.${process.ppid}-1`);
  await mkdir(path.dirname(alive), { recursive: true });
  await writeFile(alive, 'x');
  expect(await store.started(sha256('x'))).toBe(0);
});
