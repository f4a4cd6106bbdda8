import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Client } from '../../../src/bundle/upstream/client.js';
import type { UpstreamContext } from '../../../src/bundle/upstream/context.js';
import { parseImageName } from '../../../src/bundle/upstream/imageName.js';
import { resolveImage, type ResolvedImage } from '../../../src/bundle/upstream/registry.js';
import { Store } from '../../../src/bundle/upstream/store.js';
import { Imitation, send } from '../../support/upstreamImitation.js';
import { bytesFor, furnish, putDocument, putImage, sha256, shelfOf } from '../../support/upstreamWorld.js';

const image = 'ghcr.io/flannel-io/flannel:v0.28.9';
const shelf = shelfOf(image);
const tagUrl = `${shelf.manifests}/v0.28.9`;
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

let folder: string;
let imitation: Imitation;
let context: UpstreamContext;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-upstream-'));
  imitation = new Imitation();
  await imitation.start();
  const { signal } = new AbortController();
  const store = new Store(folder);
  await store.open();
  const patience = { tries: 2, firstWait: 2, longestWait: 100, stall: 3_000 };
  const client = new Client({ hosts: imitation.hosts, patience, signal });
  context = { client, store, arch: 'amd64', gpg: false, report: () => undefined, signal };
});
afterEach(async () => {
  await imitation.stop();
  await rm(folder, { recursive: true, force: true });
});

function resolve(name: string): Promise<ResolvedImage> {
  const parsed = parseImageName(name);
  if (!parsed) throw new Error(`${name} is not a name`);
  return resolveImage(context, parsed);
}

const answer = { code: 'BUNDLE_UPSTREAM_ANSWER' };

describe('an image', () => {
  test('of an index is that of the platform', async () => {
    const { manifest, manifestDigest, config, layers, index } = putImage(imitation, image);
    const found = await resolve(image);
    expect(found).toMatchObject({
      name: image,
      origin: `${image}@sha256:${sha256(index)}`,
      manifest: { mediaType: manifestType, digest: manifestDigest, size: manifest.length },
    });
    expect(found.bytes).toEqual(manifest);
    expect(found.blobs.map((blob) => [blob.sha256, blob.size])).toEqual(
      [config, ...layers].map((blob) => [sha256(blob), blob.length]),
    );
  });

  test('by digest is asked for by it and nothing else', async () => {
    const { manifestDigest } = putImage(imitation, image);
    const found = await resolve(`ghcr.io/flannel-io/flannel:v0@${manifestDigest}`);
    expect(found.manifest.digest).toBe(manifestDigest);
  });

  test('for another platform is refused, with an index and without', async () => {
    putImage(imitation, image, { arch: 'arm64' });
    await expect(resolve(image)).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_PLATFORM',
      message: `${image} does not exist for linux/amd64.`,
    });
    putImage(imitation, image, { arch: 'arm64', plain: true });
    await expect(resolve(image)).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_PLATFORM' });
  });

  test('of a registry that hands out tokens: one for the host that asked, renewed when it is refused', async () => {
    await furnish(imitation);
    const name = 'quay.io/some/thing:v1';
    putImage(imitation, name);
    await resolve(name);
    const tokens = () => imitation.requests('quay.io', '/v2/auth').length;
    expect(tokens()).toBe(1);
    expect(imitation.requests('quay.io', '/v2/auth')[0]?.path).toContain(
      'scope=repository%3Asome%2Fthing%3Apull',
    );
    await resolve(name);
    expect(tokens()).toBe(1);
    putImage(imitation, 'quay.io/some/thing:v2');
    let expired = false;
    imitation.on('https://quay.io/v2/some/thing/manifests/v2', ({ response, seen, usual }) => {
      if (expired) usual();
      else {
        expired = true;
        const challenge = 'Bearer realm="https://quay.io/v2/auth",service="quay.io"';
        send(response, seen, 401, '', { 'www-authenticate': challenge });
      }
    });
    await resolve('quay.io/some/thing:v2');
    expect(tokens()).toBe(2);
  });
});

describe('a hostile or broken registry', () => {
  const described = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
    mediaType: 'application/vnd.oci.image.config.v1+json',
    digest: `sha256:${'a'.repeat(64)}`,
    size: 10,
    ...more,
  });
  const layer = (more: Record<string, unknown> = {}) =>
    described({ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', ...more });
  const manifest = (more: Record<string, unknown> = {}): string =>
    JSON.stringify({
      schemaVersion: 2,
      mediaType: manifestType,
      config: described(),
      layers: [layer()],
      ...more,
    });

  test.each([
    [
      'names a blob outside the layout',
      manifest({ layers: [layer({ digest: 'sha256:../../../../etc/passwd' })] }),
    ],
    ['uses another digest', manifest({ layers: [layer({ digest: `sha512:${'a'.repeat(128)}` })] })],
    ['gives a negative size', manifest({ layers: [layer({ size: -5 })] })],
    [
      'has layers of another kind',
      manifest({ layers: [layer({ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip' })] }),
    ],
    [
      'has a configuration of another kind',
      manifest({ config: described({ mediaType: 'application/vnd.cncf.helm.config.v1+json' }) }),
    ],
    ['has a huge configuration', manifest({ config: described({ size: 1e12 }) })],
    ['has no layers at all', JSON.stringify({ schemaVersion: 2, mediaType: manifestType })],
    [
      'uses the old form',
      JSON.stringify({ schemaVersion: 1, name: 'x', tag: 'y', fsLayers: [], history: [] }),
    ],
    ['sends no JSON', '<html>Please sign in</html>'],
    ['sends another document', JSON.stringify({ schemaVersion: 2, mediaType: 'application/json' })],
    ['sends JSON that is no object', '[]'],
    ['sends nothing', ''],
  ])('that %s is refused', async (_, text) => {
    putDocument(imitation, tagUrl, manifestType, text);
    await expect(resolve(image)).rejects.toMatchObject(answer);
    expect(await readdir(path.join(folder, 'sha256'))).toEqual([]);
  });

  test('that calls an index a manifest is refused', async () => {
    const { index } = putImage(imitation, image);
    putDocument(imitation, tagUrl, manifestType, index);
    await expect(resolve(image)).rejects.toMatchObject(answer);
  });

  test('that sends a page in place of a manifest is refused', async () => {
    imitation.put(tagUrl, '<html>Welcome to the hotel</html>', { 'content-type': 'text/html' });
    await expect(resolve(image)).rejects.toMatchObject({
      ...answer,
      message: expect.stringContaining('ghcr.io'),
    });
  });

  test('whose manifest is endless, or says to be, is not read to the end', async () => {
    imitation.put(tagUrl, Buffer.alloc(9 * 1024 * 1024, ' '));
    await expect(resolve(image)).rejects.toMatchObject(answer);
    let written = 0;
    imitation.on(tagUrl, ({ response }) => {
      response.writeHead(200, { 'content-type': manifestType });
      const timer = setInterval(() => {
        written += 1e6;
        response.write(Buffer.alloc(1e6, ' '));
      }, 1);
      response.on('close', () => {
        clearInterval(timer);
      });
    });
    await expect(resolve(image)).rejects.toMatchObject(answer);
    expect(written).toBeLessThan(100e6);
  });

  test('whose documents do not have their digests is refused', async () => {
    const { index, manifestDigest } = putImage(imitation, image);
    imitation.put(tagUrl, index, {
      'content-type': indexType,
      'docker-content-digest': `sha256:${'b'.repeat(64)}`,
    });
    await expect(resolve(image)).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_DIGEST' });
    putDocument(imitation, tagUrl, indexType, index);
    imitation.put(`${shelf.manifests}/${manifestDigest}`, manifest(), { 'content-type': manifestType });
    await expect(resolve(image)).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_DIGEST' });
  });

  test('whose index leads to an index is refused', async () => {
    const { index } = putImage(imitation, image);
    putDocument(imitation, `${shelf.manifests}/sha256:${sha256(index)}`, indexType, index);
    const entry = { mediaType: manifestType, digest: `sha256:${sha256(index)}`, size: index.length };
    const outer = {
      schemaVersion: 2,
      mediaType: indexType,
      manifests: [{ ...entry, platform: { os: 'linux', architecture: 'amd64' } }],
    };
    putDocument(imitation, tagUrl, indexType, JSON.stringify(outer));
    await expect(resolve(image)).rejects.toMatchObject(answer);
  });

  test('whose configuration has another content is refused', async () => {
    const { config } = putImage(imitation, image);
    imitation.put(`${shelf.blobs}/sha256:${sha256(config)}`, bytesFor('x', config.length));
    await expect(resolve(image)).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_DIGEST' });
  });

  test.each([
    ['Basic realm="x"', 'BUNDLE_UPSTREAM_DENIED'],
    ['Bearer service="x"', 'BUNDLE_UPSTREAM_DENIED'],
    ['Bearer realm="not an address"', 'BUNDLE_UPSTREAM_DENIED'],
    ['Bearer realm="file:///etc/passwd"', 'BUNDLE_UPSTREAM_ANSWER'],
    ['Bearer realm="http://elsewhere.example.org/token"', 'BUNDLE_UPSTREAM_ANSWER'],
    ['Bearer realm="https://elsewhere.example.org/token"', 'BUNDLE_UPSTREAM_DENIED'],
  ])('that asks for %s: %s', async (challenge, code) => {
    imitation.put('https://elsewhere.example.org/token', '{"token":"abc"}');
    imitation.onHost('ghcr.io', ({ response, seen }) => {
      send(response, seen, 401, '', { 'www-authenticate': challenge });
    });
    await expect(resolve(image)).rejects.toMatchObject({ code });
  });

  test('whose token server gives none, or one that is no header, is refused', async () => {
    imitation.onHost('ghcr.io', ({ response, seen }) => {
      send(response, seen, 401, '', {
        'www-authenticate': 'Bearer realm="https://elsewhere.example.org/token"',
      });
    });
    for (const text of ['{}', 'nothing', JSON.stringify({ token: 'a\r\nx: y' }), ' '.repeat(300_000)]) {
      imitation.put('https://elsewhere.example.org/token', text);
      await expect(resolve(image)).rejects.toMatchObject(answer);
    }
  });
});
