import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Bundle } from '../../../src/bundle/bundle.js';
import { openBundle } from '../../../src/bundle/open.js';
import { createFromUpstream, type UpstreamOptions } from '../../../src/bundle/upstream/createFromUpstream.js';
import type { UpstreamEvent } from '../../../src/bundle/upstream/types.js';
import { verifyBundle } from '../../../src/bundle/verify.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import { withBundle } from '../../../src/plan/withBundle.js';
import { cutAfter, Imitation, send } from '../../support/upstreamImitation.js';
import {
  bytesFor,
  calicoManifest,
  cdn,
  furnish,
  labText,
  planOf,
  putImage,
  sha256,
} from '../../support/upstreamWorld.js';
import { laptop } from '../plan/assets.js';

let folder: string;
let imitation: Imitation;
let cluster: Cluster;
let events: UpstreamEvent[];
const searchPath = process.env.PATH;

beforeEach(async () => {
  // Signatures are another test's business, where gpg is: here none is found.
  process.env.PATH = '/nonexistent';
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-upstream-'));
  imitation = new Imitation();
  await imitation.start();
  cluster = await furnish(imitation);
  events = [];
});
afterEach(async () => {
  process.env.PATH = searchPath;
  await imitation.stop();
  await rm(folder, { recursive: true, force: true });
});

const out = (): string => path.join(folder, 'bundle');

function create(options: Partial<UpstreamOptions> = {}): Promise<Bundle> {
  return createFromUpstream({
    clusters: [cluster],
    out: out(),
    platform: 'linux/amd64',
    cacheDir: path.join(folder, 'cache'),
    report: (event) => events.push(event),
    hosts: imitation.hosts,
    patience: { firstWait: 5, stall: 2_000 },
    ...options,
  });
}

const notes = (): string[] => events.flatMap((event) => (event.kind === 'note' ? [event.text] : []));
const size = () => events.find((event) => event.kind === 'size');

describe('a bundle from upstream', () => {
  test('holds what the lab downloads, is whole, and says where everything came from', async () => {
    const bundle = await create();
    await expect(verifyBundle(out())).resolves.toEqual([]);
    expect(bundle).toMatchObject({
      name: `kubernetes-${cluster.kubernetes?.version ?? ''}-linux-amd64`,
      from: 'upstream',
      platform: 'linux/amd64',
      keys: {},
      versions: {
        kubernetes: cluster.kubernetes?.version,
        calico: cluster.cni.version,
        'cri-tools': '1.36.0',
        runc: '1.4.3',
      },
    });
    expect(bundle.images.map(({ name }) => name).sort()).toEqual([...cluster.images].sort());
    for (const source of cluster.sources.filter(({ kind, arch }) => kind === 'file' && arch !== 'arm64')) {
      const file = bundle.files.find(({ path: place }) => place === source.url.replace('https://', 'files/'));
      expect(file).toMatchObject({ sha256: source.sha256, origin: source.url });
    }
    expect(bundle.files.some(({ path: place }) => place.includes('arm64'))).toBe(false);
    expect([...bundle.files, ...bundle.images].filter(({ origin }) => origin === '')).toEqual([]);
  });

  test('has the apt repository as it is, with only the packages that apt will choose', async () => {
    await create();
    const repository = path.join(out(), 'files/pkgs.k8s.io/core:/stable:/v1.36/deb');
    const version = cluster.kubernetes?.version ?? '';
    expect((await readdir(repository)).sort()).toEqual(
      ['InRelease', 'Packages', 'Packages.gz', 'Release', 'Release.gpg', 'Release.key', 'amd64'].sort(),
    );
    expect((await readdir(path.join(repository, 'amd64'))).sort()).toEqual([
      'cri-tools_1.36.0-1.1_amd64.deb',
      `kubeadm_${version}-2.1_amd64.deb`,
      `kubectl_${version}-1.1_amd64.deb`,
      `kubelet_${version}-1.1_amd64.deb`,
      'kubernetes-cni_1.9.1-1.1_amd64.deb',
    ]);
    expect(await readFile(path.join(repository, 'Packages'))).toEqual(imitation.bytesOf(`${cdn}/Packages`));
    expect(notes().join()).toContain('gpg is not installed');
  });

  test('holds images with the digests that the registry has, Docker’s own media types, too', async () => {
    const bundle = await create();
    const index = JSON.parse(await readFile(path.join(out(), 'oci/index.json'), 'utf8')) as {
      manifests: { mediaType: string; annotations: Record<string, string> }[];
    };
    const coredns = index.manifests.find(({ annotations }) =>
      JSON.stringify(annotations).includes('coredns'),
    );
    expect(coredns?.mediaType).toBe('application/vnd.docker.distribution.manifest.v2+json');
    const node = cluster.images.find((image) => image.includes('calico/node')) ?? '';
    const { manifestDigest } = putImage(imitation, node, {
      layers: [bytesFor('a layer that images share', 50_000), bytesFor(`layer of ${node}`, 40_000)],
    });
    expect(bundle.images.find(({ name }) => name === node)?.digest).toBe(manifestDigest);
  });

  test('tells the total size before the first large download, and each byte once', async () => {
    const bundle = await create();
    const sizes = events.filter(({ kind }) => kind === 'size' || kind === 'bytes');
    expect(sizes[0]?.kind).toBe('size');
    const last = sizes.at(-1);
    const total = size()?.total ?? 0;
    expect(last).toMatchObject({ kind: 'bytes', done: total, total });
    expect(total).toBeGreaterThan(2_500_000);
    expect(size()).toMatchObject({ images: bundle.images.length, unknown: 0 });
  });

  test('sends a registry’s token to the registry alone', async () => {
    await create();
    expect(
      imitation.requests('quay.io', '/manifests/').some(({ authorization }) => authorization !== undefined),
    ).toBe(true);
    const others = imitation.seen.filter(({ host }) => host !== 'quay.io');
    expect(imitation.requests('cdn01.quay.io').length).toBeGreaterThan(2);
    expect(others.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  });

  test('needs no large download the second time, and replaces the bundle as a whole', async () => {
    await create();
    const before = imitation.bytesSent();
    const { ino } = await stat(path.join(out(), 'bundle.json'));
    events = [];
    await create();
    expect(imitation.bytesSent() - before).toBeLessThan(40_000);
    expect(size()).toMatchObject({ downloads: 0 });
    expect(size()?.cached).toBe(size()?.total);
    expect((await stat(path.join(out(), 'bundle.json'))).ino).not.toBe(ino);
    await expect(verifyBundle(out())).resolves.toEqual([]);
    expect(await readdir(folder)).toEqual(['bundle', 'cache']);
  });

  test('takes nothing damaged from its cache', async () => {
    await create();
    const sum = sha256(bytesFor('a layer that images share', 50_000));
    await writeFile(path.join(folder, 'cache/upstream/sha256', sum), bytesFor('damage', 50_000));
    await create();
    await expect(verifyBundle(out())).resolves.toEqual([]);
  });

  test('finds images in manifests, takes them, and says where plan and manifest differ', async () => {
    const url = cluster.sources.find(({ id }) => id === 'calico-manifest')?.url ?? '';
    const manifest = calicoManifest(
      [cluster.images.find((image) => image.includes('calico/node')) ?? ''],
      ['nginx:1.27'],
    );
    imitation.put(url, manifest);
    putImage(imitation, 'docker.io/library/nginx:1.27');
    cluster.sources = cluster.sources.map((source) =>
      source.url === url ? { ...source, sha256: sha256(manifest) } : source,
    );
    const bundle = await create();
    expect(bundle.images.map(({ name }) => name)).toContain('docker.io/library/nginx:1.27');
    expect(notes()).toContainEqual(
      'calico.yaml names docker.io/library/nginx:1.27, which the plan does not; it is part of the bundle.',
    );
    expect(notes()).toContainEqual(
      expect.stringMatching(/^No manifest names quay\.io\/calico\/calico:v3\.33\.0/),
    );
    expect(imitation.requests('auth.docker.io')).toHaveLength(1);
  });

  test('for several labs holds each thing once, and further images on demand', async () => {
    putImage(imitation, 'docker.io/library/nginx:1');
    const other = { ...(await furnish(imitation, `${labText}cni: none\n`)), name: 'two' };
    const bundle = await create({ clusters: [cluster, other], images: ['docker.io/library/nginx:1'] });
    expect(bundle.images).toHaveLength(cluster.images.length + 1);
    expect(notes().filter((text) => text.includes('nginx'))).toEqual([]);
  });

  test('is one that a lab can be planned with, whatever version it would take otherwise', async () => {
    const bundle = await create();
    const facts = await openBundle(out());
    const assets = withBundle(await loadAssets(), facts);
    const text = labText.replace(/kubernetes: .*\n/, '');
    const plan = planCluster(parseLab(text, 'lab.yaml', assets), laptop, assets, undefined, facts);
    expect(plan.kubernetes?.version).toBe(bundle.versions.kubernetes);
    expect(plan.cni).toMatchObject({ name: 'calico', version: cluster.cni.version });
    for (const { kind, url, sha256: sum } of plan.sources.filter(({ kind }) => kind === 'file')) {
      const file = bundle.files.find(({ path: place }) => place === url.replace('https://', 'files/'));
      expect([kind, file?.sha256]).toEqual(['file', sum]);
    }
    expect(plan.sources.find(({ id }) => id === 'kubernetes')?.keyFingerprint).toBe(
      'DE15B14486CD377B9E876E1A234654DA9A296436',
    );
  });

  test('is not made for labs that differ in version or download nothing', async () => {
    const other = await planOf(labText.replace('1.36', '1.35'));
    await expect(create({ clusters: [cluster, other] })).rejects.toMatchObject({
      code: 'BUNDLE_UPSTREAM_VERSIONS',
    });
    const none = await planOf(
      'name: two\nbootstrap: none\ncni: bridge\nruntime: {name: containerd, install: distribution}\nworkers: 2\n',
    );
    await expect(create({ clusters: [none] })).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_NOTHING' });
  });
});

describe('interruption', () => {
  const layer = bytesFor('layer of x', 2_000_000);

  test('keeps what came, asks only for the rest, and leaves no half bundle', async () => {
    const etcd = cluster.images.find((image) => image.includes('/etcd:')) ?? '';
    putImage(imitation, etcd, { layers: [layer] });
    const url = `https://prod-registry.s3.example.org/containers/images/sha256:${sha256(layer)}`;
    const ending = new AbortController();
    imitation.on(url, (exchange) => {
      if (exchange.before > 0) {
        exchange.usual();
        return;
      }
      exchange.response.writeHead(200, { 'content-length': layer.length });
      exchange.response.write(layer.subarray(0, 700_000), () =>
        setTimeout(() => {
          ending.abort();
        }, 100),
      );
    });
    await expect(create({ signal: ending.signal })).rejects.toMatchObject({ code: 'VAGRANT_INTERRUPTED' });
    expect(await readdir(folder)).toEqual(['cache']);
    await create();
    expect(imitation.requests('prod-registry.s3.example.org', sha256(layer)).at(-1)?.range).toBe(
      'bytes=700000-',
    );
    expect(size()?.cached).toBeGreaterThan(0);
    await expect(verifyBundle(out())).resolves.toEqual([]);
  });

  test('a connection that breaks again and again gets on all the same', async () => {
    const etcd = cluster.images.find((image) => image.includes('/etcd:')) ?? '';
    putImage(imitation, etcd, { layers: [layer] });
    imitation.on(
      `https://prod-registry.s3.example.org/containers/images/sha256:${sha256(layer)}`,
      cutAfter(layer, 150_000),
    );
    await create({ patience: { firstWait: 1, tries: 2 } });
    const asked = imitation.requests('prod-registry.s3.example.org', sha256(layer));
    expect(asked.length).toBeGreaterThan(10);
    // What was under way when a connection broke comes a second time; nothing else does.
    expect(asked.reduce((sum, { sent }) => sum + sent, 0)).toBeLessThan(layer.length * 1.2);
    await expect(verifyBundle(out())).resolves.toEqual([]);
  });

  test('the old bundle stays when the new one fails', async () => {
    await create();
    const before = await readFile(path.join(out(), 'bundle.json'), 'utf8');
    imitation.onHost('quay.io', ({ response, seen }) => {
      send(response, seen, 404, 'gone');
    });
    await expect(create()).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_NOT_FOUND' });
    expect(await readFile(path.join(out(), 'bundle.json'), 'utf8')).toBe(before);
    expect(await readdir(folder)).toEqual(['bundle', 'cache']);
  });
});
