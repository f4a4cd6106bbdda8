import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle } from '../../../src/bundle/bundle.js';
import { describeBundle } from '../../../src/bundle/describe.js';
import { digestText } from '../../../src/bundle/digest.js';
import { readBundle, writeBundleDocument } from '../../../src/bundle/document.js';
import { tarBytes } from '../../../src/bundle/modules/tarWriter.js';
import { blobPath, writeImage, writeIndex, writeLayer } from '../../../src/bundle/oci.js';
import { verifyBundle } from '../../../src/bundle/verify.js';

const image = 'registry.k8s.io/pause:3.10.2';
const config = { architecture: 'amd64', created: 0, environment: { PATH: '/bin' }, entrypoint: ['/pause'] };

let folder: string;
let bundle: Bundle;

async function makeBundle(target: string): Promise<Bundle> {
  const oci = path.join(target, 'oci');
  const layer = await writeLayer(oci, tarBytes([{ path: 'pause', mode: 0o755, text: 'program' }], 0));
  await writeIndex(oci, [{ name: image, manifest: await writeImage(oci, config, [layer]) }]);
  const files = path.join(target, 'files', 'example.org', 'a');
  await mkdir(files, { recursive: true });
  await writeFile(path.join(files, 'Packages'), 'list');
  await writeFile(path.join(files, 'program'), 'hello');
  return writeBundleDocument(target, {
    name: 'test',
    from: 'modules',
    platform: 'linux/amd64',
    versions: { kubernetes: '1.36.3' },
    keys: { 'https://example.org/a/': 'A'.repeat(40) },
    originOf: (name) => `from ${name}`,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-bundle-'));
  bundle = await makeBundle(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const manifestOf = (): string => path.join(folder, 'oci', blobPath(bundle.images[0]?.digest ?? ''));

describe('writeBundleDocument', () => {
  test('says size, sum and origin of every file and image', () => {
    expect(bundle.files).toEqual([
      {
        path: 'files/example.org/a/Packages',
        size: 4,
        sha256: digestText('list'),
        origin: 'from files/example.org/a/Packages',
      },
      {
        path: 'files/example.org/a/program',
        size: 5,
        sha256: digestText('hello'),
        origin: 'from files/example.org/a/program',
      },
    ]);
    expect(bundle.images).toMatchObject([{ name: image, origin: `from ${image}` }]);
  });

  test('can be read again, and a second bundle of the same content has the same images', async () => {
    await expect(readBundle(folder)).resolves.toEqual(bundle);
    const other = path.join(folder, 'other');
    await mkdir(other);
    expect((await makeBundle(other)).images).toEqual(bundle.images);
  });

  test('makes an image whose layer unpacks to what its configuration says', async () => {
    const manifest = JSON.parse(await readFile(manifestOf(), 'utf8')) as {
      config: { digest: string };
      layers: { digest: string; size: number }[];
    };
    const read = (digest: string): Promise<Buffer> => readFile(path.join(folder, 'oci', blobPath(digest)));
    const layer = await read(manifest.layers[0]?.digest ?? '');
    expect(layer.length).toBe(manifest.layers[0]?.size);
    const made = JSON.parse((await read(manifest.config.digest)).toString()) as {
      rootfs: { diff_ids: string[] };
    };
    expect(made.rootfs.diff_ids).toEqual([`sha256:${digestText(gunzipSync(layer))}`]);
    expect(made).toMatchObject({
      os: 'linux',
      architecture: 'amd64',
      config: { Entrypoint: ['/pause'], Env: ['PATH=/bin'] },
    });
  });
});

describe('verifyBundle', () => {
  const problems = async (): Promise<string[]> =>
    (await verifyBundle(folder)).map((finding) => `${finding.problem} ${finding.path}`);

  test('finds nothing wrong with a new bundle, and reads everything', async () => {
    const checked: string[] = [];
    await expect(verifyBundle(folder, (file) => checked.push(file))).resolves.toEqual([]);
    expect(checked).toHaveLength(2 + 3);
  });

  const program = 'files/example.org/a/program';
  test.each([
    ['a changed file', () => writeFile(path.join(folder, program), 'jello'), [`sha256 ${program}`]],
    ['a longer file', () => appendFile(path.join(folder, program), '!'), [`size ${program}`]],
    ['a missing file', () => rm(path.join(folder, program)), [`missing ${program}`]],
    ['a file too many', () => writeFile(path.join(folder, 'files', 'more'), ''), ['unlisted files/more']],
    ['no index', () => rm(path.join(folder, 'oci', 'index.json')), ['unreadable oci/index.json']],
    [
      'an index without the image',
      () => writeFile(path.join(folder, 'oci', 'index.json'), '{"schemaVersion":2,"manifests":[]}'),
      ['missing oci/index.json'],
    ],
  ])('names %s', async (_, damage, expected) => {
    await damage();
    await expect(problems()).resolves.toEqual(expected);
  });

  test('names a changed manifest and a changed layer', async () => {
    const manifest = JSON.parse(await readFile(manifestOf(), 'utf8')) as { layers: { digest: string }[] };
    const layer = `oci/${blobPath(manifest.layers[0]?.digest ?? '')}`;
    await writeFile(path.join(folder, layer), 'x');
    await expect(problems()).resolves.toEqual([`size ${layer}`]);
    await appendFile(manifestOf(), ' ');
    await expect(problems()).resolves.toEqual([`sha256 oci/${blobPath(bundle.images[0]?.digest ?? '')}`]);
  });

  test('says when there is no bundle', async () => {
    await expect(verifyBundle(path.join(folder, 'files'))).rejects.toMatchObject({
      code: 'BUNDLE_NOT_FOUND',
      exitCode: 2,
    });
    await writeFile(path.join(folder, 'bundle.json'), '{"schema": 2}');
    await expect(verifyBundle(folder)).rejects.toMatchObject({ code: 'BUNDLE_NOT_FOUND' });
  });
});

test('describeBundle leaves package lists out and adds everything up', async () => {
  const described = await describeBundle(folder);
  expect(described.files.map((file) => file.path)).toEqual(['example.org/a/program']);
  expect(described.versions).toEqual([{ component: 'kubernetes', version: '1.36.3' }]);
  expect(described.keys).toEqual([{ repository: 'https://example.org/a/', fingerprint: 'A'.repeat(40) }]);
  const index = await readFile(path.join(folder, 'oci', 'index.json'));
  const layout = await readFile(path.join(folder, 'oci', 'oci-layout'));
  expect(described.size).toBe(4 + 5 + (bundle.images[0]?.size ?? 0) + index.length + layout.length);
});
