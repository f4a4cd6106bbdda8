import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle } from '../../../src/bundle/bundle.js';
import { digestText } from '../../../src/bundle/digest.js';
import { writeBundleDocument } from '../../../src/bundle/document.js';
import { tarBytes } from '../../../src/bundle/modules/tarWriter.js';
import { blobPath, mediaTypes, writeImage, writeIndex, writeLayer } from '../../../src/bundle/oci.js';
import { openBundle } from '../../../src/bundle/open.js';
import { serveBundle, type BundleServer, type ServedRequest } from '../../../src/bundle/serve/serve.js';

const text = '0123456789abcdef';
const large = 'a line of a large file\n'.repeat(200_000);
const manifest = 'spec:\n  image: quay.io/some/agent:v1\n  image: nginx\n';

let folder: string;
let bundle: Bundle;
let server: BundleServer;
let requests: ServedRequest[];

beforeEach(async () => {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'k8slab-serve-'));
  folder = path.join(parent, 'bundle');
  const oci = path.join(folder, 'oci');
  const layer = await writeLayer(oci, tarBytes([{ path: 'pause', mode: 0o755, text: 'program' }], 0));
  const config = { architecture: 'amd64', created: 0, environment: {}, entrypoint: ['/pause'] };
  const image = await writeImage(oci, config, [layer]);
  await writeIndex(oci, [
    { name: 'registry.k8s.io/pause:3.10.2', manifest: image },
    { name: 'docker.io/library/nginx:1', manifest: image },
  ]);
  const files = path.join(folder, 'files', 'example.org', 'core:', 'v1');
  await mkdir(files, { recursive: true });
  await writeFile(path.join(parent, 'secret'), 'not for you');
  await writeFile(path.join(files, 'program.deb'), text);
  await writeFile(path.join(files, 'empty'), '');
  await writeFile(path.join(files, 'large.tar.gz'), large);
  await writeFile(path.join(files, 'agent.yaml'), manifest);
  await writeFile(path.join(files, 'Packages'), 'list');
  bundle = await writeBundleDocument(folder, {
    name: 'test',
    from: 'modules',
    platform: 'linux/amd64',
    versions: { kubernetes: '1.36.3' },
    keys: {},
    originOf: (name) => name,
  });
  await writeFile(path.join(files, 'unlisted'), 'not in bundle.json');
  requests = [];
  server = await serveBundle({
    folder,
    address: '127.0.0.1',
    port: 0,
    onRequest: (request) => requests.push(request),
  });
});

afterEach(async () => {
  await server.close(0);
  await rm(path.dirname(folder), { recursive: true });
});

const program = '/files/example.org/core:/v1/program.deb';
const get = (target: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(server.url + target, { headers, method });

/** Sends a request line exactly as written; gives the status line. */
function raw(target: string, method = 'GET'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () =>
      socket.write(`${method} ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    let answer = '';
    socket.on('data', (data) => (answer += data.toString('latin1')));
    socket.on('end', () => {
      resolve(answer);
    });
    socket.on('error', reject);
  });
}

describe('downloads', () => {
  test('come whole, with their type, length and sum', async () => {
    const response = await get(program);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/vnd.debian.binary-package');
    expect(response.headers.get('content-length')).toBe('16');
    expect(response.headers.get('etag')).toBe(`"${digestText(text)}"`);
    expect(await response.text()).toBe(text);
  });

  test('are found under an encoded path, as apt writes it', async () => {
    expect(await (await get('/files/example.org/core%3a/v1/program.deb?x=1')).text()).toBe(text);
    expect((await get('/files/example.org/core:/v1/Packages')).headers.get('content-type')).toMatch(
      /text\/plain/,
    );
  });

  test('HEAD says the same without a body', async () => {
    const response = await get(program, {}, 'HEAD');
    expect([response.status, response.headers.get('content-length'), await response.text()]).toEqual([
      200,
      '16',
      '',
    ]);
  });

  test('of nothing are nothing', async () => {
    const response = await get('/files/example.org/core:/v1/empty');
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  test.each([
    ['bytes=0-3', 206, '0123', 'bytes 0-3/16'],
    ['bytes=10-', 206, 'abcdef', 'bytes 10-15/16'],
    ['bytes=-4', 206, 'cdef', 'bytes 12-15/16'],
    ['bytes=-400', 206, text, 'bytes 0-15/16'],
    ['bytes=14-99', 206, 'ef', 'bytes 14-15/16'],
    ['bytes=16-', 416, '', 'bytes */16'],
    ['bytes=-0', 416, '', 'bytes */16'],
    ['bytes=5-2', 200, text, null],
    ['bytes=0-1,4-5', 200, text, null],
    ['bytes=-', 200, text, null],
    ['lines=0-3', 200, text, null],
  ])('answers the range %s', async (range, status, body, contentRange) => {
    const response = await get(program, { Range: range });
    expect([response.status, await response.text(), response.headers.get('content-range')]).toEqual([
      status,
      body,
      contentRange,
    ]);
  });

  test('a range of another version becomes the whole file', async () => {
    const other = await get(program, { Range: 'bytes=0-3', 'If-Range': '"other"' });
    expect([other.status, await other.text()]).toEqual([200, text]);
    const same = await get(program, { Range: 'bytes=0-3', 'If-Range': `"${digestText(text)}"` });
    expect([same.status, await same.text()]).toEqual([206, '0123']);
  });

  test.each([
    [`"${digestText(text)}"`, 304],
    [`"other", W/"${digestText(text)}"`, 304],
    ['*', 304],
    ['"other"', 200],
  ])('If-None-Match: %s', async (header, status) => {
    expect((await get(program, { 'If-None-Match': header })).status).toBe(status);
  });

  test('are only what bundle.json names, and unchanged since', async () => {
    expect((await get('/files/example.org/core:/v1/unlisted')).status).toBe(404);
    expect((await get('/files/example.org/core:/v1/')).status).toBe(404);
    expect((await get('/files')).status).toBe(404);
    const file = path.join(folder, 'files/example.org/core:/v1/program.deb');
    await writeFile(file, 'shorter');
    expect((await get(program)).status).toBe(404);
  });

  test('never leave the folder', async () => {
    for (const target of [
      '/../secret',
      '/files/../../secret',
      '/files/%2e%2e/%2e%2e/secret',
      '/files/..%2f..%2fsecret',
      '/files/example.org/core:/v1/../../../../../secret',
      '//secret',
      '/files//etc/passwd',
      '/%00',
      '/%',
      '/v2/../secret/manifests/1',
      '/v2/x/blobs/../../../secret',
      '/oci/index.json',
      'http://elsewhere/files/example.org',
    ]) {
      const answer = await raw(target);
      expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
      expect(answer).not.toContain('not for you');
    }
  });

  test('are not lent by a link, of a file or of a folder above it', async () => {
    const file = path.join(folder, 'files/example.org/core:/v1/program.deb');
    await writeFile(path.join(path.dirname(folder), 'same-size'), text);
    await rm(file);
    await symlink(path.join(path.dirname(folder), 'same-size'), file);
    expect((await get(program)).status).toBe(404);
    const host = path.join(folder, 'files', 'example.org');
    await rename(host, path.join(path.dirname(folder), 'elsewhere'));
    await symlink(path.join(path.dirname(folder), 'elsewhere'), host);
    expect((await get('/files/example.org/core:/v1/large.tar.gz')).status).toBe(404);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s changes nothing', async (method) => {
    for (const target of [program, '/v2/pause/blobs/uploads/', '/bundle.json']) {
      const response = await get(target, {}, method);
      expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
    expect(await readFile(path.join(folder, 'files/example.org/core:/v1/program.deb'), 'utf8')).toBe(text);
  });

  test('reach many clients at once, each told of by a line', async () => {
    const target = '/files/example.org/core:/v1/large.tar.gz';
    const bodies = await Promise.all(Array.from({ length: 40 }, async () => (await get(target)).text()));
    expect(new Set(bodies.map(digestText))).toEqual(new Set([digestText(large)]));
    expect(requests).toHaveLength(40);
    expect(requests[0]).toMatchObject({
      client: '127.0.0.1',
      method: 'GET',
      target,
      status: 200,
      cutOff: false,
    });
    expect(requests.every(({ bytes }) => bytes >= large.length)).toBe(true);
  });

  test('a client that goes away in the middle disturbs nobody', async () => {
    await new Promise<void>((resolve) => {
      const request = http.get(`${server.url}/files/example.org/core:/v1/large.tar.gz`, (response) => {
        response.once('data', () => {
          response.destroy();
          resolve();
        });
      });
      request.on('error', () => undefined);
    });
    expect(await (await get(program)).text()).toBe(text);
    expect(requests.map(({ cutOff }) => cutOff).sort()).toEqual([false, true]);
  });
});

describe('the registry', () => {
  const digest = (): string => bundle.images[0]?.digest ?? '';

  test('says that it is one', async () => {
    for (const target of ['/v2/', '/v2', '/v2/?ns=registry.k8s.io']) {
      const response = await get(target);
      expect([response.status, response.headers.get('docker-distribution-api-version')]).toEqual([
        200,
        'registry/2.0',
      ]);
    }
  });

  test.each([
    ['/v2/pause/manifests/3.10.2?ns=registry.k8s.io'],
    ['/v2/registry.k8s.io/pause/manifests/3.10.2'],
    ['/v2/library/nginx/manifests/1?ns=docker.io'],
  ])('gives the manifest for %s', async (target) => {
    const response = await get(target);
    expect([response.status, response.headers.get('content-type')]).toEqual([200, mediaTypes.manifest]);
    expect(response.headers.get('docker-content-digest')).toBe(digest());
    expect(`sha256:${digestText(await response.text())}`).toBe(digest());
    const head = await get(target, {}, 'HEAD');
    expect([head.status, head.headers.get('docker-content-digest')]).toEqual([200, digest()]);
  });

  test('gives manifests and blobs by digest', async () => {
    const response = await get(`/v2/pause/manifests/${digest()}?ns=registry.k8s.io`);
    const { layers } = (await response.json()) as { layers: { digest: string; size: number }[] };
    const layer = await get(`/v2/pause/blobs/${layers[0]?.digest ?? ''}?ns=registry.k8s.io`);
    const bytes = Buffer.from(await layer.arrayBuffer());
    expect(layer.headers.get('docker-content-digest')).toBe(layers[0]?.digest);
    expect(`sha256:${digestText(bytes)}`).toBe(layers[0]?.digest);
  });

  test('lists tags', async () => {
    const response = await get('/v2/pause/tags/list?ns=registry.k8s.io');
    expect(await response.json()).toEqual({ name: 'pause', tags: ['3.10.2'] });
  });

  test.each([
    ['/v2/pause/manifests/9?ns=registry.k8s.io', 'MANIFEST_UNKNOWN'],
    ['/v2/pause/manifests/3.10.2?ns=quay.io', 'NAME_UNKNOWN'],
    ['/v2/pause/manifests/3.10.2', 'NAME_UNKNOWN'],
    [`/v2/pause/blobs/sha256:${'0'.repeat(64)}?ns=registry.k8s.io`, 'BLOB_UNKNOWN'],
    ['/v2/nothing', 'NAME_UNKNOWN'],
  ])('does not have %s', async (target, code) => {
    const response = await get(target);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ errors: [{ code }] });
  });

  test('does not start for a bundle whose images are not whole', async () => {
    await rm(path.join(folder, 'oci', blobPath(digest())));
    await expect(serveBundle({ folder, address: '127.0.0.1', port: 0 })).rejects.toMatchObject({
      code: 'BUNDLE_DAMAGED',
    });
  });
});

describe('the server', () => {
  test('says why it cannot listen', async () => {
    const again = serveBundle({ folder, address: '127.0.0.1', port: server.port });
    await expect(again).rejects.toMatchObject({
      code: 'BUNDLE_LISTEN',
      message: expect.stringContaining('another program listens'),
    });
    const elsewhere = serveBundle({ folder, address: '192.0.2.77', port: 0, waitMs: 300 });
    await expect(elsewhere).rejects.toMatchObject({
      message: expect.stringContaining('does not have that address'),
    });
  });

  test('lets a download finish, then ends', async () => {
    const response = await get('/files/example.org/core:/v1/large.tar.gz');
    const closed = server.close();
    expect(digestText(await response.text())).toBe(digestText(large));
    await closed;
    await expect(get(program)).rejects.toThrow();
  });

  test('ends at once when it is told to stop', async () => {
    const controller = new AbortController();
    const other = await serveBundle({ folder, address: '127.0.0.1', port: 0, signal: controller.signal });
    controller.abort();
    await other.close();
    await expect(fetch(`${other.url}/`)).rejects.toThrow();
  });

  test('serves what openBundle reads, as it reads the folder', async () => {
    const local = await openBundle(folder);
    const remote = await openBundle(`${server.url}/`);
    expect(remote).toEqual({ ...local, location: server.url });
    expect(local.document).toEqual(bundle);
    expect(local.imagesOf).toEqual({
      'files/example.org/core:/v1/agent.yaml': ['quay.io/some/agent:v1', 'nginx'],
    });
  });

  test('openBundle says what is wrong with a place', async () => {
    await expect(openBundle(`${server.url}/files`)).rejects.toMatchObject({ code: 'BUNDLE_UNREACHABLE' });
    await server.close(0);
    await expect(openBundle(server.url)).rejects.toMatchObject({
      code: 'BUNDLE_UNREACHABLE',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(openBundle(path.dirname(folder))).rejects.toMatchObject({ code: 'BUNDLE_NOT_FOUND' });
    await writeFile(path.join(folder, 'files/example.org/core:/v1/agent.yaml'), 'changed');
    await expect(openBundle(folder)).rejects.toMatchObject({ code: 'BUNDLE_DAMAGED' });
  });
});
