import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { BuildCache } from '../../../src/bundle/modules/cache.js';
import { versionFromGit } from '../../../src/bundle/modules/checkout.js';
import { explainGoFailure } from '../../../src/bundle/modules/go.js';
import { programNameOf } from '../../../src/bundle/modules/goBuild.js';
import { unusedProxy } from '../../../src/bundle/upstream/proxy.js';
import { requirePrograms, requireSpace, requireTarget } from '../../../src/bundle/modules/host.js';
import {
  imagesIn,
  repositoryOf,
  versionInTag,
  WantedImages,
} from '../../../src/bundle/modules/imageNames.js';
import { fingerprintIn } from '../../../src/bundle/modules/signing.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-words-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('image names', () => {
  test('are found in manifests, each once', () => {
    const text = [
      '  - name: a',
      '    image: docker.io/a/b:v1',
      '  - image: "ghcr.io/c:2" # new',
      '    image: docker.io/a/b:v1',
      '    imagePullPolicy: Never',
    ];
    expect(imagesIn(text.join('\n'))).toEqual(['docker.io/a/b:v1', 'ghcr.io/c:2']);
  });

  test.each([
    ['registry.k8s.io/etcd:3.6.8-0', 'registry.k8s.io/etcd', '3.6.8'],
    ['registry.k8s.io/coredns/coredns:v1.14.2', 'registry.k8s.io/coredns/coredns', '1.14.2'],
    ['localhost:5000/pause', 'localhost:5000/pause', undefined],
    ['localhost:5000/pause:3.10', 'localhost:5000/pause', '3.10'],
  ])('%s', (image, repository, version) => {
    expect(repositoryOf(image)).toBe(repository);
    expect(versionInTag(image)).toBe(version);
  });

  test('are kept by repository', () => {
    const wanted = new WantedImages();
    wanted.add(['a.io/x:1', 'a.io/y:1']);
    wanted.add(['a.io/x:2', 'a.io/x:1']);
    expect(wanted.of('a.io/x')).toEqual(['a.io/x:1', 'a.io/x:2']);
    expect(wanted.of('a.io/z')).toEqual([]);
  });
});

test.each([
  ['v1.36.3', '1.36.3'],
  ['v1.36.3+dirty', '1.36.3+dirty'],
  ['v1.36.3-5-gabc123', '1.36.3-5+abc123'],
  ['v1.37.0-alpha.1-12-gabc123+dirty', '1.37.0-alpha.1.12+abc123-dirty'],
  ['main', undefined],
])('git describe %s', (described, version) => {
  expect(versionFromGit(described)).toBe(version);
});

test.each([
  ['go: go.mod requires go >= 1.26.0 (running go 1.24.1; GOTOOLCHAIN=local)', 'BUNDLE_GO_OLD', 3],
  ['go: k8s.io/kubernetes@v1.99.0: reading https://proxy.example/…: 404 Not Found', 'BUNDLE_VERSION', 2],
  [
    'go: x@v1: Get "https://proxy.example/": dial tcp: lookup proxy.example: no such host',
    'BUNDLE_DOWNLOAD',
    3,
  ],
  ['go: x@v1: reading https://proxy.example/…: 403 Forbidden', 'BUNDLE_VERSION', 2],
  ['go: x@v1: reading https://proxy.example/…: 503 Service Unavailable', 'BUNDLE_DOWNLOAD', 3],
  ['write /root/x: no space left on device', 'BUNDLE_DISK_FULL', 3],
  ['cmd/kubelet/main.go:10:2: undefined: nonsense', 'BUNDLE_BUILD', 3],
])('go says: %s', (output, code, exitCode) => {
  expect(explainGoFailure('Building', `go: downloading a v1\n${output}`)).toMatchObject({
    code,
    exitCode,
    raw: output,
  });
});

test('programs are called as go build calls them', () => {
  expect(programNameOf('go.etcd.io/etcd/server/v3')).toBe('server');
  expect(programNameOf('k8s.io/kubernetes/cmd/kubeadm')).toBe('kubeadm');
});

describe('the host', () => {
  test('lacks programs: each is named, with one command', async () => {
    await writeFile(path.join(folder, 'gpg'), '', { mode: 0o755 });
    await expect(requirePrograms(folder)).rejects.toMatchObject({
      code: 'BUNDLE_PROGRAM_MISSING',
      message: 'dpkg-deb, gpg-agent, gpgconf, mmdebstrap, tar, xz are not on the PATH.',
      fix: ['sudo apt-get install --no-install-recommends dpkg gpg-agent gpgconf mmdebstrap tar xz-utils'],
    });
  });

  test('lacks space, added up for one file system', async () => {
    const needs = [
      { folder: path.join(folder, 'not', 'there', 'yet'), bytes: 6e17, what: 'programs' },
      { folder, bytes: 6e17, what: 'the bundle' },
    ];
    await expect(requireSpace(needs)).rejects.toMatchObject({
      code: 'BUNDLE_DISK_SPACE',
      message: expect.stringMatching(/^programs, the bundle need about 1200000000\.0 GB below /),
    });
    await expect(requireSpace([{ folder, bytes: 1, what: 'little' }])).resolves.toBeUndefined();
  });

  test('has something else in the way', async () => {
    await requireTarget(path.join(folder, 'new'));
    await requireTarget(folder);
    await writeFile(path.join(folder, 'thesis.txt'), '');
    await expect(requireTarget(folder)).rejects.toMatchObject({ code: 'BUNDLE_OUT' });
    await writeFile(path.join(folder, 'bundle.json'), '{}');
    await requireTarget(folder);
  });
});

describe('BuildCache', () => {
  test('makes a thing once, and anew for another key', async () => {
    const cache = new BuildCache(folder);
    await cache.open();
    let made = 0;
    const make = async (target: string): Promise<void> => {
      made += 1;
      await writeFile(path.join(target, 'result'), String(made));
    };
    const first = await cache.entry('kind', 'name', { a: 1 }, make);
    const second = await cache.entry('kind', 'name', { a: 1 }, make);
    expect([first.cached, second.cached, first.folder]).toEqual([false, true, second.folder]);
    expect((await cache.entry('kind', 'name', { a: 2 }, make)).cached).toBe(false);
    expect(made).toBe(2);
  });

  test('keeps nothing of what failed', async () => {
    const cache = new BuildCache(folder);
    const failing = cache.entry('kind', 'name', 1, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await expect(cache.has('kind', 'name', 1)).resolves.toBe(false);
  });

  test('forgets what killed runs left and what nobody used, but never the key', async () => {
    const cache = new BuildCache(folder);
    const make = (target: string): Promise<void> => writeFile(path.join(target, 'result'), 'x');
    const old = await cache.entry('kind', 'old', 1, make);
    const recent = await cache.entry('kind', 'recent', 1, make);
    const key = await cache.entry('signing', 'key', 1, make);
    const longAgo = new Date(Date.now() - 61 * 86_400_000);
    await Promise.all([old, key].map((entry) => utimes(entry.folder, longAgo, longAgo)));
    const abandoned = path.join(folder, 'kind', '.x.4194305-1.tmp');
    await mkdir(abandoned);
    await cache.open();
    expect((await readdir(path.join(folder, 'kind'))).sort()).toEqual([path.basename(recent.folder)]);
    expect(await readdir(path.join(folder, 'signing'))).toHaveLength(1);
  });

  test('gives both of two runs at once the same', async () => {
    const cache = new BuildCache(folder);
    const make = (target: string): Promise<void> => writeFile(path.join(target, 'result'), 'x');
    const [a, b] = await Promise.all([
      cache.entry('kind', 'name', 1, make),
      cache.entry('kind', 'name', 1, make),
    ]);
    expect(a.folder).toBe(b.folder);
  });
});

test('a fingerprint is that of the primary key', () => {
  const listing = 'tru::1\npub:u:255:22:AAAA\nfpr:::::::::FIRST:\nsub:u:255:18:BBBB\nfpr:::::::::SECOND:\n';
  expect(fingerprintIn(listing)).toBe('FIRST');
  expect(() => fingerprintIn('')).toThrow(expect.objectContaining({ code: 'BUNDLE_PACKAGE' }));
});

describe('a proxy that Node.js does not use', () => {
  const proxy = { HTTPS_PROXY: 'http://proxy:3128' };
  test.each([
    [{}, '20.19.0', undefined],
    [{ HTTPS_PROXY: '' }, '20.19.0', undefined],
    [proxy, '20.19.0', 'Take Node.js 24 (or 22.21) and set NODE_USE_ENV_PROXY=1.'],
    [{ ...proxy, NODE_USE_ENV_PROXY: '1' }, '22.20.0', 'Take Node.js 24'],
    [{ ...proxy, NODE_USE_ENV_PROXY: '1' }, '22.21.0', undefined],
    [{ https_proxy: 'http://proxy' }, '24.1.0', 'Set NODE_USE_ENV_PROXY=1 as well.'],
  ])('%j, Node.js %s', (env, version, expected) => {
    const said = unusedProxy(env, version);
    if (expected === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(expected);
  });
});
