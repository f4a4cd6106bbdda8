import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Bundle } from '../../src/bundle/bundle.js';
import { createFromUpstream } from '../../src/bundle/upstream/createFromUpstream.js';
import { compareDebian } from '../../src/bundle/upstream/debianVersion.js';
import { compareRpmText } from '../../src/bundle/upstream/rpmVersion.js';
import { verifyBundle } from '../../src/bundle/verify.js';
import type { Cluster } from '../../src/plan/cluster.js';
import { run } from '../../src/vagrant/runner.js';
import { Imitation } from '../support/upstreamImitation.js';
import {
  aptRepositoryFiles,
  bytesFor,
  cdn,
  debs,
  furnish,
  labText,
  type Deb,
} from '../support/upstreamWorld.js';

/** Needs gpg, apt-get, dpkg-deb; for the rpm repository also rpmbuild, createrepo_c and dnf. */
const has = (program: string): boolean => spawnSync(program, ['--version']).error === undefined;
const withRpm = ['rpmbuild', 'createrepo_c', 'dnf', 'rpm'].every(has) ? describe : describe.skip;

let folder: string;
let keys: { good: Key; other: Key; expired: Key };
let imitation: Imitation;
let cluster: Cluster;

interface Key {
  fingerprint: string;
  publicKey: Buffer;
}

async function ok(program: string, ...args: string[]): Promise<string> {
  const result = await run(program, args);
  expect(`${result.stderr}${result.exitCode === 0 ? '' : result.stdout}`).not.toMatch(/^(E|Err|W|error):/im);
  expect(result.exitCode).toBe(0);
  return result.stdout;
}

const gpg = (...args: string[]): Promise<string> =>
  run('gpg', [
    '--homedir',
    path.join(folder, 'gpg'),
    '--batch',
    '--yes',
    '--quiet',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    '',
    ...args,
  ]).then(({ exitCode, stdout, stderr }) => {
    if (exitCode !== 0) throw new Error(stderr);
    return stdout;
  });

async function makeKey(name: string, ...time: string[]): Promise<Key> {
  await gpg(...time, '--quick-generate-key', name, 'rsa2048', 'sign', time.length > 0 ? '1d' : 'never');
  const listed = await gpg('--with-colons', '--list-keys', `=${name}`);
  const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? '';
  return { fingerprint, publicKey: Buffer.from(await gpg('--armor', '--export', fingerprint)) };
}

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-up-'));
  await mkdir(path.join(folder, 'gpg'), { mode: 0o700 });
  keys = {
    good: await makeKey('good'),
    other: await makeKey('other'),
    expired: await makeKey('expired', '--faked-system-time', '20240101T000000'),
  };
});
afterAll(async () => {
  await run('gpgconf', ['--homedir', path.join(folder, 'gpg'), '--kill', 'all']);
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  imitation = new Imitation();
  await imitation.start();
});
afterEach(async () => {
  await imitation.stop();
  await rm(path.join(folder, 'bundle'), { recursive: true, force: true });
});

function pinned(plan: Cluster, fingerprint = keys.good.fingerprint): Cluster {
  const sources = plan.sources.map((source) =>
    source.kind.endsWith('-repository') ? { ...source, keyFingerprint: fingerprint } : source,
  );
  return { ...plan, sources };
}

const notes: string[] = [];
function create(plan: Cluster): Promise<Bundle> {
  notes.length = 0;
  return createFromUpstream({
    clusters: [plan],
    out: path.join(folder, 'bundle'),
    platform: 'linux/amd64',
    cacheDir: path.join(folder, 'cache'),
    report: (event) => event.kind === 'note' && notes.push(event.text),
    hosts: imitation.hosts,
    patience: { firstWait: 5, tries: 2 },
  });
}

async function signed(release: Buffer, key: Key, ...time: string[]): Promise<Record<string, Buffer>> {
  const file = path.join(folder, 'Release');
  await writeFile(file, release);
  await gpg(...time, '--local-user', key.fingerprint, '--output', `${file}.in`, '--clearsign', file);
  await gpg(
    ...time,
    '--local-user',
    key.fingerprint,
    '--armor',
    '--output',
    `${file}.gpg`,
    '--detach-sign',
    file,
  );
  return {
    Release: release,
    InRelease: await readFile(`${file}.in`),
    'Release.gpg': await readFile(`${file}.gpg`),
    'Release.key': key.publicKey,
  };
}

function serve(files: Record<string, Buffer>): void {
  for (const [name, bytes] of Object.entries(files)) imitation.put(`${cdn}/${name}`, bytes);
}

describe('a signed apt repository', () => {
  const packages = new Map<string, Buffer>();
  let files: Record<string, Buffer>;
  let version: string;

  beforeAll(async () => {
    const tree = path.join(folder, 'deb');
    await mkdir(path.join(tree, 'DEBIAN'), { recursive: true });
    const plan = pinned(await furnish(new Imitation()));
    version = plan.kubernetes?.version ?? '';
    const nameOf = (deb: Deb): string => `${deb.name} ${deb.version} ${deb.arch ?? 'amd64'}`;
    const all = debs(version).map((deb) =>
      deb.name === 'kubelet' ? { ...deb, depends: 'kubernetes-cni (>= 1.2.0)' } : deb,
    );
    for (const deb of all) {
      const control = [
        `Package: ${deb.name}`,
        `Version: ${deb.version}`,
        `Architecture: ${deb.arch ?? 'amd64'}`,
        'Maintainer: Nobody <nobody@example.org>',
        ...(deb.depends === undefined ? [] : [`Depends: ${deb.depends}`]),
        'Description: A package that does nothing\n',
      ].join('\n');
      await writeFile(path.join(tree, 'DEBIAN', 'control'), control);
      await ok('dpkg-deb', '--root-owner-group', '--build', tree, path.join(folder, 'x.deb'));
      packages.set(nameOf(deb), await readFile(path.join(folder, 'x.deb')));
    }
    files = aptRepositoryFiles(all, (deb) => packages.get(nameOf(deb)) ?? Buffer.alloc(0));
  }, 120_000);
  beforeEach(async () => {
    cluster = pinned(await furnish(imitation));
    serve({ ...files, ...(await signed(files.Release ?? Buffer.alloc(0), keys.good)) });
  });

  test('is checked, and apt installs from the bundle what a machine installs', async () => {
    await create(cluster);
    expect(notes).toEqual([]);
    expect(await verifyBundle(path.join(folder, 'bundle'))).toEqual([]);
    const repository = path.join(folder, 'bundle/files/pkgs.k8s.io/core:/stable:/v1.36/deb');
    const root = path.join(folder, 'apt');
    for (const name of [
      'etc/apt/apt.conf.d',
      'etc/apt/preferences.d',
      'state/lists/partial',
      'cache/archives/partial',
    ]) {
      await mkdir(path.join(root, name), { recursive: true });
    }
    await writeFile(path.join(root, 'status'), '');
    await writeFile(path.join(root, 'key.asc'), await readFile(path.join(repository, 'Release.key')));
    await writeFile(
      path.join(root, 'sources.list'),
      `deb [signed-by=${root}/key.asc] copy:${repository} /\n`,
    );
    const options = [
      `Dir::Etc=${root}/etc/apt`,
      `Dir::Etc::SourceList=${root}/sources.list`,
      'Dir::Etc::SourceParts=/dev/null',
      `Dir::State=${root}/state`,
      `Dir::State::status=${root}/status`,
      `Dir::Cache=${root}/cache`,
      'APT::Sandbox::User=root',
      'APT::Architecture=amd64',
    ].flatMap((option) => ['-o', option]);
    await ok('apt-get', ...options, '--error-on=any', 'update');
    const wanted = ['kubelet', 'kubeadm', 'kubectl'].map((name) => `${name}=${version}-*`);
    await ok(
      'apt-get',
      ...options,
      '--yes',
      '--download-only',
      '--no-install-recommends',
      'install',
      ...wanted,
      'cri-tools',
    );
    const taken = (await readdir(path.join(root, 'cache/archives'))).filter((name) => name.endsWith('.deb'));
    expect(taken.sort()).toEqual((await readdir(path.join(repository, 'amd64'))).sort());
    expect(taken).toHaveLength(5);
  });

  const refused = { code: 'BUNDLE_UPSTREAM_SIGNATURE' };

  test('with another key than the pinned one is refused, whoever signed', async () => {
    serve(await signed(files.Release ?? Buffer.alloc(0), keys.other));
    await expect(create(cluster)).rejects.toMatchObject({
      ...refused,
      raw: expect.stringContaining(keys.other.fingerprint),
    });
    serve({ 'Release.key': Buffer.concat([keys.good.publicKey, keys.other.publicKey]) });
    await expect(create(cluster)).rejects.toMatchObject(refused);
    serve({ 'Release.key': keys.good.publicKey });
    await expect(create(cluster)).rejects.toMatchObject({
      ...refused,
      message: expect.stringMatching(/^(InRelease|Release) of/),
    });
    serve({ 'Release.key': Buffer.from('<html>no key</html>') });
    await expect(create(cluster)).rejects.toMatchObject(refused);
  });

  test('whose signed text was changed is refused: in InRelease, in Release, around the signed part', async () => {
    const good = await signed(files.Release ?? Buffer.alloc(0), keys.good);
    const changed = (bytes: Buffer | undefined): Buffer =>
      Buffer.from((bytes ?? '').toString().replace('Origin: obs', 'Origin: odd'));
    serve({ InRelease: changed(good.InRelease) });
    await expect(create(cluster)).rejects.toMatchObject(refused);
    serve({ ...good, Release: changed(good.Release) });
    await expect(create(cluster)).rejects.toMatchObject(refused);
    serve({
      ...good,
      InRelease: Buffer.concat([
        good.Release ?? Buffer.alloc(0),
        Buffer.from('\n'),
        good.InRelease ?? Buffer.alloc(0),
      ]),
    });
    await expect(create(cluster)).rejects.toMatchObject(refused);
  });

  test('with an expired key is refused, and that is said', async () => {
    const then = ['--faked-system-time', '20240101T010000'];
    serve(await signed(files.Release ?? Buffer.alloc(0), keys.expired, ...then));
    await expect(create(pinned(cluster, keys.expired.fingerprint))).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('has expired'),
    });
  });

  test('with a package list or package that is not the signed one is refused', async () => {
    await rm(path.join(folder, 'cache'), { recursive: true, force: true });
    serve({ Packages: Buffer.concat([files.Packages ?? Buffer.alloc(0), Buffer.from('\n')]) });
    await expect(create(cluster)).rejects.toMatchObject({ code: expect.stringMatching(/DIGEST|ANSWER/) });
    serve(files);
    const name = `amd64/kubelet_${version}-1.1_amd64.deb`;
    serve({ [name]: bytesFor('x', files[name]?.length ?? 0) });
    await expect(create(cluster)).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_DIGEST' });
  });

  test('without any signature is refused', async () => {
    for (const name of ['InRelease', 'Release.gpg']) {
      imitation.on(`${cdn}/${name}`, ({ response }) => {
        response.writeHead(404).end();
      });
    }
    await expect(create(cluster)).rejects.toMatchObject(refused);
  });
});

withRpm('a signed rpm repository', () => {
  const repository = 'https://prod-cdn.packages.k8s.io/repositories/isv:/kubernetes:/core:/stable:/v1.36/rpm';

  test('is checked, and dnf takes from the bundle what a machine installs', async () => {
    const plan = await furnish(imitation, `${labText}box: rocky-9\nprovider: virtualbox\n`);
    const version = plan.kubernetes?.version ?? '';
    const tree = path.join(folder, 'rpm');
    await mkdir(tree, { recursive: true });
    await Promise.all([
      makeRpm(tree, 'kubelet', version, 'kubernetes-cni >= 1.2.0'),
      makeRpm(tree, 'kubeadm', version, 'cri-tools >= 1.30.0'),
      makeRpm(tree, 'kubectl', version),
      makeRpm(tree, 'kubectl', '1.36.0'),
      makeRpm(tree, 'cri-tools', '1.36.0'),
      makeRpm(tree, 'kubernetes-cni', '1.9.1'),
    ]);
    await ok('createrepo_c', '--quiet', tree);
    const repomd = path.join(tree, 'repodata/repomd.xml');
    await gpg(
      '--local-user',
      keys.good.fingerprint,
      '--armor',
      '--output',
      `${repomd}.asc`,
      '--detach-sign',
      repomd,
    );
    await writeFile(`${repomd}.key`, keys.good.publicKey);
    for (const entry of await readdir(tree, { recursive: true, withFileTypes: true })) {
      const file = path.join(entry.parentPath, entry.name);
      if (entry.isFile()) imitation.put(`${repository}/${path.relative(tree, file)}`, await readFile(file));
    }
    await create(pinned(plan));
    expect(notes).toEqual([]);
    expect(await verifyBundle(path.join(folder, 'bundle'))).toEqual([]);
    const bundled = path.join(folder, 'bundle/files/pkgs.k8s.io/core:/stable:/v1.36/rpm');
    expect((await readdir(path.join(bundled, 'x86_64'))).sort()).toEqual(
      [
        'cri-tools-1.36.0',
        'kubeadm-' + version,
        'kubectl-' + version,
        'kubelet-' + version,
        'kubernetes-cni-1.9.1',
      ].map((name) => `${name}-150500.1.1.x86_64.rpm`),
    );
    const root = path.join(folder, 'dnf');
    const config = path.join(folder, 'dnf.conf');
    await writeFile(
      config,
      `[main]\nreposdir=/nonexistent\nkeepcache=1\n[kubernetes]\nname=k\nbaseurl=file://${bundled}\nrepo_gpgcheck=1\ngpgcheck=0\ngpgkey=file://${bundled}/repodata/repomd.xml.key\n`,
    );
    const wanted = ['kubelet', 'kubeadm', 'kubectl'].map((name) => `${name}-${version}-*`);
    const options = [
      `--config=${config}`,
      `--installroot=${root}`,
      '--releasever=9',
      '--forcearch=x86_64',
      '--assumeyes',
    ];
    await ok('dnf', ...options, 'install', '--downloadonly', ...wanted, 'cri-tools');

    await writeFile(
      path.join(folder, 'repomd'),
      (await readFile(repomd, 'utf8')).replace('<revision>', '<revision>1'),
    );
    imitation.put(`${repository}/repodata/repomd.xml`, await readFile(path.join(folder, 'repomd')));
    await expect(create(pinned(plan))).rejects.toMatchObject({ code: 'BUNDLE_UPSTREAM_SIGNATURE' });
  }, 120_000);

  async function makeRpm(tree: string, name: string, version: string, requires?: string): Promise<void> {
    const spec = path.join(folder, `${name}-${version}.spec`);
    const lines = [
      `Name: ${name}`,
      `Version: ${version}`,
      'Release: 150500.1.1',
      'Summary: Nothing',
      'License: none',
      ...(requires === undefined ? [] : [`Requires: ${requires}`]),
      '%description\nNothing.\n%files\n',
    ];
    await writeFile(spec, lines.join('\n'));
    const defines = [`_topdir ${folder}/rpmbuild-${name}-${version}`, `_rpmdir ${tree}`].flatMap((one) => [
      '--define',
      one,
    ]);
    await ok('rpmbuild', '-bb', '--quiet', '--target', 'x86_64', ...defines, spec);
  }
});

describe('versions are ordered as the package managers order them', () => {
  const texts = [
    '1.0',
    '1.00',
    '1.0-1',
    '1.0-1.1',
    '1.0~rc1',
    '1.0~~',
    '1.0+b',
    '1.0a',
    '1.10',
    '1.9',
    '1:0.1',
    '0:1.0',
    '1.0-10.1',
    '2',
    '1.0.',
    'a',
    '1a.b2',
    '1.0-1~x',
  ];

  test('dpkg', () => {
    for (const one of texts) {
      for (const other of texts) {
        const less = spawnSync('dpkg', ['--compare-versions', one, 'lt', other]).status === 0;
        expect([one, other, compareDebian(one, other) < 0]).toEqual([one, other, less]);
      }
    }
  }, 120_000);

  (has('rpm') ? test : test.skip)('rpm', () => {
    const plain = [
      ...texts.filter((text) => !/[:-]/.test(text)),
      '1.0^git1',
      '1.0^',
      '1..0',
      '1.0.^x',
      '1.0_a',
    ];
    const pairs = plain.flatMap((one) => plain.map((other) => [one, other] as const));
    const lua = pairs.map(([one, other]) => `print(rpm.vercmp('${one}','${other}')..' ')`).join('');
    const said = spawnSync('rpm', ['--eval', `%{lua:${lua}}`], { encoding: 'utf8' })
      .stdout.trim()
      .split(/\s+/)
      .map(Number);
    expect(said).toHaveLength(pairs.length);
    expect(pairs.map(([one, other]) => [one, other, Math.sign(compareRpmText(one, other)) + 0])).toEqual(
      pairs.map(([one, other], index) => [one, other, said[index]]),
    );
  });
});
