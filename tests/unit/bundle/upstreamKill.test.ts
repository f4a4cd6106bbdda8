import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { verifyBundle } from '../../../src/bundle/verify.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { Imitation } from '../../support/upstreamImitation.js';
import { transpile } from '../../support/transpiled.js';
import { bytesFor, furnish, putImage, sha256 } from '../../support/upstreamWorld.js';

const layer = bytesFor('a large layer', 3_000_000);
let folder: string;
let imitation: Imitation;
let cluster: Cluster;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-upstream-'));
  imitation = new Imitation();
  await imitation.start();
  cluster = await furnish(imitation);
  putImage(imitation, cluster.images.find((image) => image.includes('/etcd:')) ?? '', { layers: [layer] });
  await mkdir(path.join(folder, 'program'));
  await transpile(path.join(folder, 'program'));
}, 60_000);
afterAll(async () => {
  await imitation.stop();
  await rm(folder, { recursive: true, force: true });
});

const out = (): string => path.join(folder, 'work', 'bundle');

/** `createFromUpstream` in a process of its own, which can be killed as a process is. */
async function start(): Promise<ChildProcess> {
  const entry = path.join(folder, 'program', 'src/bundle/upstream/createFromUpstream.js');
  const script = path.join(folder, 'program', 'run.js');
  const options = {
    clusters: [cluster],
    out: out(),
    platform: 'linux/amd64',
    cacheDir: path.join(folder, 'work', 'cache'),
    hosts: imitation.hosts,
  };
  await mkdir(path.join(folder, 'work'), { recursive: true });
  await writeFile(
    script,
    `import { createFromUpstream } from ${JSON.stringify(pathToFileURL(entry).href)};\n` +
      `await createFromUpstream({ ...${JSON.stringify(options)}, report: () => undefined });\n`,
  );
  return spawn(process.execPath, [script], {
    env: { PATH: '/nonexistent' },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

test('after SIGKILL in the middle of a download the next run asks only for what is missing', async () => {
  const store = 'prod-registry.s3.example.org';
  const url = `https://${store}/containers/images/sha256:${sha256(layer)}`;
  const reached = new Promise<void>((resolve) => {
    imitation.on(url, (exchange) => {
      if (exchange.before > 0) {
        exchange.usual();
        return;
      }
      exchange.response.writeHead(200, { 'content-length': layer.length });
      exchange.response.write(layer.subarray(0, 1_000_000), () => setTimeout(resolve, 1_500));
    });
  });
  const first = await start();
  await reached;
  first.kill('SIGKILL');
  await once(first, 'exit');
  expect(await readdir(path.join(folder, 'work'))).toEqual(['cache']);

  const before = imitation.seen.length;
  const second = await start();
  expect(await once(second, 'exit')).toEqual([0, null]);
  await expect(verifyBundle(out())).resolves.toEqual([]);
  expect(await readdir(path.join(folder, 'work'))).toEqual(['bundle', 'cache']);
  const later = imitation.seen.slice(before);
  expect(later.filter(({ path: asked }) => asked.includes(sha256(layer)))).toMatchObject([
    { host: 'registry.k8s.io' },
    { host: store, range: 'bytes=1000000-', sent: 2_000_000 },
  ]);
  // What the first run had is not asked for again; large things were all begun before the kill.
  const again = later.filter(({ host, sent }) => sent > 20_000 && ['cdn01.quay.io', store].includes(host));
  expect(again.length).toBeLessThanOrEqual(1);
}, 60_000);
