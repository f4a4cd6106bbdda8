import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { addArchives } from '../../src/bundle/modules/archives.js';
import { writeRepository } from '../../src/bundle/modules/aptRepository.js';
import { BuildCache } from '../../src/bundle/modules/cache.js';
import { buildCheckout, openCheckout } from '../../src/bundle/modules/checkout.js';
import type { BuildContext, Sources } from '../../src/bundle/modules/context.js';
import { makePackage } from '../../src/bundle/modules/debianPackage.js';
import { buildPrograms } from '../../src/bundle/modules/goBuild.js';
import { loadRecipes } from '../../src/bundle/modules/loadRecipes.js';
import { debPackageRecipe, goBuildRecipe } from '../../src/bundle/modules/recipe.js';
import { run } from '../../src/vagrant/runner.js';

/** Needs dpkg-deb, gpg, apt-get, tar and Go. */
let folder: string;
let context: BuildContext;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-bundle-'));
  const cache = new BuildCache(path.join(folder, 'cache'));
  await cache.open();
  context = {
    recipes: await loadRecipes(),
    cache,
    arch: 'amd64',
    goVersion: 'test',
    report: () => undefined,
    signal: undefined,
  };
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function ok(program: string, ...args: string[]): Promise<string> {
  const result = await run(program, args);
  expect(`${result.stderr}${result.stdout}`).not.toMatch(/^(E|Err|W):/m);
  expect(result.exitCode).toBe(0);
  return result.stdout;
}

describe('a package repository', () => {
  let repository: string;
  let fingerprint: string;

  beforeAll(async () => {
    const program = path.join(folder, 'kubelet');
    await writeFile(program, '#!/bin/sh\necho hello\n', { mode: 0o755 });
    const sources: Sources = {
      version: '1.36.3',
      programs: new Map([['kubelet', program]]),
      folders: { asset: context.recipes.folder },
    };
    const recipe = debPackageRecipe.parse({
      name: 'kubelet',
      version: '{version}-1.1',
      summary: 'Node agent',
      depends: ['iproute2'],
      folders: ['etc/kubernetes/manifests'],
      files: [
        { from: 'programs/kubelet', to: 'usr/bin/kubelet' },
        { from: 'asset/kubelet/default', to: 'etc/default/kubelet', configuration: true },
      ],
      afterInstall: 'asset/kubelet/postinst',
    });
    const { built } = await makePackage(context, recipe, sources, false);
    repository = path.join(folder, 'repository');
    const about = { label: 'Kubernetes 1.36', date: new Date() };
    fingerprint = await writeRepository(context, repository, [built], about);
  });

  test('holds packages as they should be', async () => {
    const file = path.join(repository, 'amd64', 'kubelet_1.36.3-1.1_amd64.deb');
    const content = await ok('dpkg-deb', '--contents', file);
    expect(content).toMatch(/^-rwxr-xr-x root\/root +\d+ 2025-01-01 \S+ \.\/usr\/bin\/kubelet$/m);
    expect(content).toMatch(/^-rw-r--r-- root\/root .* \.\/etc\/default\/kubelet$/m);
    expect(content).toMatch(/^drwxr-xr-x root\/root .* \.\/etc\/kubernetes\/manifests\/$/m);
    expect(await ok('dpkg-deb', '--info', file, 'conffiles')).toBe('/etc/default/kubelet\n');
    expect(await ok('dpkg-deb', '--field', file, 'Version', 'Depends')).toBe(
      'Version: 1.36.3-1.1\nDepends: iproute2\n',
    );
  });

  test('is taken by apt with its key, and by no other', async () => {
    const keyring = path.join(repository, 'Release.key');
    expect(await apt(keyring)).toEqual({ exitCode: 0, version: '1.36.3-1.1' });
    const other = path.join(folder, 'other.asc');
    await writeFile(
      other,
      (await readFile(keyring, 'utf8')).replace(/\n[A-Za-z0-9+/]{20}/, `\n${'A'.repeat(20)}`),
    );
    expect((await apt(other)).exitCode).not.toBe(0);
  });

  test('keeps its key from one bundle to the next', async () => {
    const again = path.join(folder, 'again');
    const about = { label: 'Kubernetes 1.36', date: new Date() };
    expect(await writeRepository(context, again, [], about)).toBe(fingerprint);
    expect(fingerprint).toMatch(/^[0-9A-F]{40}$/);
  });

  /** apt with a root of its own, so that nothing of this host is read or changed. */
  async function apt(keyring: string): Promise<{ exitCode: number; version: string | undefined }> {
    const root = await mkdtemp(path.join(folder, 'apt-'));
    for (const name of [
      'etc/apt/apt.conf.d',
      'etc/apt/preferences.d',
      'state/lists/partial',
      'cache/archives/partial',
    ]) {
      await mkdir(path.join(root, name), { recursive: true });
    }
    await writeFile(path.join(root, 'status'), '');
    await writeFile(path.join(root, 'sources.list'), `deb [signed-by=${keyring}] file:${repository} /\n`);
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
    const { exitCode } = await run('apt-get', [...options, '--error-on=any', 'update']);
    const shown = await run('apt-cache', [...options, 'show', 'kubelet']);
    return { exitCode, version: /^Version: (.*)$/m.exec(shown.stdout)?.[1] };
  }
});

describe('an added archive', () => {
  const archive = async (name: string, files: Record<string, string>): Promise<string> => {
    const tree = await mkdtemp(path.join(folder, 'tree-'));
    for (const [file, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(tree, file)), { recursive: true });
      await writeFile(path.join(tree, file), text);
    }
    const target = path.join(folder, name);
    await ok('tar', '-czf', target, '-C', tree, ...(await readdir(tree)));
    return target;
  };

  test('is recognised by what it holds; its version is in the manifest or in its name', async () => {
    const calico = await archive('anything.tar.gz', {
      'calico/calico.yaml': '  image: docker.io/calico/node:v3.30.1\n',
      'calico/node-rootfs/usr/bin/calico-node': '',
      'calico/bin/calico-cni': '',
    });
    const crictl = await archive('crictl-v1.36.2-linux-amd64.tar.gz', { 'cri-tools/crictl': '' });
    const found = await addArchives(context, [calico, crictl]);
    expect([...found.values()].map(({ component, version }) => [component, version])).toEqual([
      ['calico', '3.30.1'],
      ['cri-tools', '1.36.2'],
    ]);
  });

  test('is refused when it is unknown, broken, missing, or for another processor', async () => {
    const refused = (file: string): Promise<unknown> =>
      addArchives(context, [file]).catch((error: unknown) => error);
    expect(await refused(await archive('x.tar.gz', { 'something/else': '' }))).toMatchObject({
      code: 'BUNDLE_ARCHIVE',
      raw: expect.stringContaining('calico/calico.yaml'),
    });
    const broken = path.join(folder, 'broken.tar.gz');
    await writeFile(broken, 'not an archive');
    expect(await refused(broken)).toMatchObject({ code: 'BUNDLE_ARCHIVE' });
    expect(await refused(path.join(folder, 'none.tar.gz'))).toMatchObject({ code: 'BUNDLE_ARCHIVE' });
    const elf = `\x7fELF${'\0'.repeat(14)}\xb7\0`;
    const arm = await archive('crictl-v1.36.1-arm.tar.gz', { 'cri-tools/crictl': '' });
    await writeFile(path.join(folder, 'elf'), elf, 'latin1');
    await rm(arm);
    await mkdir(path.join(folder, 'arm', 'cri-tools'), { recursive: true });
    await writeFile(path.join(folder, 'arm', 'cri-tools', 'crictl'), elf, 'latin1');
    await ok('tar', '-czf', arm, '-C', path.join(folder, 'arm'), 'cri-tools');
    expect(await refused(arm)).toMatchObject({
      message: expect.stringContaining('another processor than amd64'),
    });
  });
});

test('pause is built, waits, ends when it is told to, and tells its version', async () => {
  const [build] = context.recipes.components.pause?.go ?? [];
  if (build === undefined) throw new Error('no recipe for pause');
  const { folder: made } = await buildPrograms(context, 'pause', 'pause', build, '3.10');
  const pause = path.join(made, 'bin', 'pause');
  const script = '"$0" & pid=$!; sleep 0.5; kill -0 $pid && kill -TERM $pid && wait $pid; echo "status $?"';
  expect(await ok('bash', '-c', script, pause)).toBe('status 0\n');
  expect(await ok('timeout', '2', pause, '-v')).toBe('pause 3.10\n');
}, 120_000);

describe('a checkout of Kubernetes', () => {
  const build = goBuildRecipe.parse({
    module: 'k8s.io/kubernetes',
    seconds: 1,
    programs: { kubeadm: 'cmd/kubeadm' },
    variables: { 'k8s.io/kubernetes/version.Git': 'v{version}' },
    keep: ['LICENSE'],
  });
  let checkout: string;

  beforeAll(async () => {
    checkout = path.join(folder, 'kubernetes');
    await mkdir(path.join(checkout, 'cmd', 'kubeadm'), { recursive: true });
    await mkdir(path.join(checkout, 'version'), { recursive: true });
    await writeFile(path.join(checkout, 'LICENSE'), 'free\n');
    await writeFile(path.join(checkout, 'go.mod'), 'module k8s.io/kubernetes\n\ngo 1.21\n');
    await writeFile(path.join(checkout, 'version', 'version.go'), 'package version\n\nvar Git string\n');
    await writeFile(
      path.join(checkout, 'cmd', 'kubeadm', 'main.go'),
      'package main\n\nimport "k8s.io/kubernetes/version"\n\nfunc main() { println(version.Git) }\n',
    );
    await ok('git', '-C', checkout, 'init', '--quiet');
    await ok('git', '-C', checkout, 'add', '.');
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.org', '-c', 'commit.gpgsign=false'];
    await ok('git', '-C', checkout, ...author, 'commit', '--quiet', '-m', 'x');
    await ok('git', '-C', checkout, 'tag', 'v1.99.0-alpha.1');
  });

  test('is built with the version that git says, and kept while nothing changes', async () => {
    const opened = await openCheckout(checkout);
    expect(opened.version).toBe('1.99.0-alpha.1');
    const first = await buildCheckout(context, opened, build);
    const said = await run(path.join(first.folder, 'bin', 'kubeadm'), []);
    expect(said.stderr.trim()).toBe('v1.99.0-alpha.1');
    expect(await readFile(path.join(first.folder, 'source', 'LICENSE'), 'utf8')).toBe('free\n');
    expect((await buildCheckout(context, await openCheckout(checkout), build)).cached).toBe(true);

    await writeFile(path.join(checkout, 'LICENSE'), 'freer\n');
    const changed = await openCheckout(checkout);
    expect(changed.version).toBe('1.99.0-alpha.1+dirty');
    expect((await buildCheckout(context, changed, build)).cached).toBe(false);
  }, 120_000);

  test('is refused when it is something else', async () => {
    await expect(openCheckout(folder)).rejects.toMatchObject({ code: 'BUNDLE_SOURCE' });
  });
});
