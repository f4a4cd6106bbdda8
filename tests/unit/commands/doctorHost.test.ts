import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { boxDiagnosis } from '../../../src/commands/doctorBox.js';
import { hostDiagnoses, type HostQuestions } from '../../../src/commands/doctorHost.js';
import type { Diagnosis } from '../../../src/commands/doctor.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { findLeftovers } from '../../../src/vagrant/leftovers.js';
import { makeCluster } from '../vagrant/fakes.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-doctor-'));
const stateBefore = process.env.K8SLAB_STATE_DIR;
beforeAll(() => {
  process.env.K8SLAB_STATE_DIR = path.join(folder, 'state');
});
afterAll(() => {
  if (stateBefore === undefined) delete process.env.K8SLAB_STATE_DIR;
  else process.env.K8SLAB_STATE_DIR = stateBefore;
  rmSync(folder, { recursive: true, force: true });
});

/** A lab without Kubernetes downloads nothing of its own, so that nobody outside is asked here. */
const bare = (provider: string): Cluster => ({
  ...makeCluster([
    ['node1', 'worker'],
    ['node2', 'worker'],
  ]),
  name: 'trial',
  provider,
});

/** A PATH that begins with a program of this name, in plain shell. */
function withProgram(name: string, script: string): { env: Record<string, string> } {
  const bin = mkdtempSync(path.join(folder, 'bin-'));
  writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
  chmodSync(path.join(bin, name), 0o755);
  return { env: { PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` } };
}

/** A Vagrant home in which this box lies, at this path below its version. */
function withBox(name: string, below: string): { VAGRANT_HOME: string } {
  const home = mkdtempSync(path.join(folder, 'home-'));
  mkdirSync(path.join(home, 'boxes', name.replaceAll('/', '-VAGRANTSLASH-'), '202510.26.0', below), {
    recursive: true,
  });
  return { VAGRANT_HOME: home };
}

const nowhere = { VAGRANT_HOME: path.join(folder, 'nowhere') };
const titled = (found: Diagnosis[], title: string): Diagnosis | undefined =>
  found.find((one) => one.title === title);

describe('the box', () => {
  const lab = (box: Partial<Cluster['box']>, provider = 'virtualbox'): Cluster => {
    const cluster = bare(provider);
    const own: Cluster['box'] = { key: 'custom', name: 'bento/debian-12', family: 'apt', user: 'vagrant' };
    return { ...cluster, box: { ...own, ...box } };
  };

  test('that Vagrant has, as versions before 2.4 keep it, and since', () => {
    for (const below of ['virtualbox', 'amd64/virtualbox']) {
      const said = boxDiagnosis(lab({}), '2.4.9', withBox('bento/debian-12', below), 'x64');
      expect(said).toEqual({ title: 'Box', state: 'ok', detail: 'Vagrant has bento/debian-12', fix: [] });
    }
  });

  test('of another provider only is one that has to be fetched', () => {
    const said = boxDiagnosis(lab({}), '2.4.9', withBox('bento/debian-12', 'libvirt'), 'x64');
    expect(said.detail).toContain('is downloaded from');
  });

  test('for another processor fails, and says for which', () => {
    const said = boxDiagnosis(lab({}), '2.4.9', withBox('bento/debian-12', 'amd64/virtualbox'), 'arm64');
    expect(said).toMatchObject({ state: 'failed' });
    expect(said.detail).toContain('is for amd64, and this host is arm64');
    expect(said.fix.join()).toContain('--set box=');
  });

  test('for several processors, one of which is this host’s', () => {
    const env = withBox('bento/debian-12', 'amd64/virtualbox');
    mkdirSync(
      path.join(env.VAGRANT_HOME, 'boxes/bento-VAGRANTSLASH-debian-12/202510.26.0/arm64/virtualbox'),
      { recursive: true },
    );
    expect(boxDiagnosis(lab({}), '2.4.9', env, 'arm64').state).toBe('ok');
  });

  test('whose folder does not name a processor is not judged', () => {
    const env = withBox('bento/debian-12', 'unknown/virtualbox');
    expect(boxDiagnosis(lab({}), '2.4.9', env, 'arm64').state).toBe('ok');
  });

  test('whose URL names another processor', () => {
    const url = 'https://dl.rockylinux.org/pub/rocky/9.8/images/x86_64/Rocky-9-Vagrant-Vbox-9.8.x86_64.box';
    expect(boxDiagnosis(lab({ url }), '2.4.9', nowhere, 'arm64').state).toBe('failed');
    expect(boxDiagnosis(lab({ url }), '2.4.9', nowhere, 'x64').state).toBe('ok');
    const other = { url: 'https://example.org/boxes/debian-12-aarch64.box' };
    expect(boxDiagnosis(lab(other), '2.4.9', nowhere, 'x64').state).toBe('failed');
    expect(boxDiagnosis(lab(other), '2.4.9', nowhere, 'arm64').state).toBe('ok');
  });

  test('of the registry, which an older Vagrant takes for amd64 wherever it is', () => {
    expect(boxDiagnosis(lab({}), '2.3.7', nowhere, 'arm64').state).toBe('failed');
    expect(boxDiagnosis(lab({}), '2.4.0', nowhere, 'arm64').state).toBe('ok');
    expect(boxDiagnosis(lab({}), '2.3.7', nowhere, 'x64').state).toBe('ok');
    expect(boxDiagnosis(lab({}), undefined, nowhere, 'arm64').state).toBe('ok');
  });

  test('that is built here is for this host; machines of a server have the server’s processor', () => {
    const built = lab({ build: { recipe: 'box' } }, 'lxc');
    expect(boxDiagnosis(built, '2.3.4', nowhere, 'arm64')).toMatchObject({ state: 'ok' });
    const away = lab({ url: 'https://example.org/debian-amd64.box' }, 'libvirt');
    expect(boxDiagnosis(away, '2.4.9', nowhere, 'arm64').state).toBe('failed');
    away.providerOptions = { uri: 'qemu+ssh://me@server/system', driver: 'kvm', pool: 'default' };
    expect(boxDiagnosis(away, '2.4.9', nowhere, 'arm64').state).toBe('ok');
  });
});

describe('machines that a removed lab folder left behind', () => {
  const octet = (cluster: Cluster): string => cluster.networking.hostOnly.cidr.split('.')[2] ?? '';

  test('are named whatever their range, with what removes them', async () => {
    const cluster = bare('virtualbox');
    const uuid = '{6b2ce0a4-1c0f-4c55-9b8d-0f3d1a0a2b11}';
    const { env } = withProgram(
      'VBoxManage',
      `[ "$*" = 'list vms' ] && printf '"%s" ${uuid}\\n' trial-node1-77 trial-node9-77 other-node1-77 trial-node1-x`,
    );
    const found = await hostDiagnoses(cluster, { env });
    expect(titled(found, 'Machines')).toEqual({
      title: 'Machines',
      state: 'warning',
      detail: 'virtualbox has machines of a lab trial that no lab on the list of yours has: trial-node1-77',
      fix: [
        'VBoxManage controlvm trial-node1-77 poweroff',
        'VBoxManage unregistervm trial-node1-77 --delete',
      ],
    });
  });

  test('not those that Vagrant made in the lab’s own folder', async () => {
    const cluster = bare('virtualbox');
    const lab = mkdtempSync(path.join(folder, 'lab-'));
    mkdirSync(path.join(lab, '.vagrant/machines/node1/virtualbox'), { recursive: true });
    writeFileSync(path.join(lab, '.vagrant/machines/node1/virtualbox/id'), 'x');
    const [one, two] = ['node1', 'node2'].map((name) => `trial-${name}-${octet(cluster)}`);
    const { env } = withProgram('VBoxManage', `printf '"%s" {0a}\\n' ${one ?? ''} ${two ?? ''}`);
    const names = async (more: { folder?: string }): Promise<string[]> =>
      (await findLeftovers(cluster, { others: [], env, ...more })).map(({ name }) => name);
    await expect(names({ folder: lab })).resolves.toEqual([two]);
    await expect(names({})).resolves.toEqual([one, two]);
  });

  test('not those of another lab of the same name, in its own range', async () => {
    const { env } = withProgram('VBoxManage', `printf '"%s" {0a}\\n' trial-node1-88 trial-node1-89`);
    const others = [
      { name: 'trial', hostOnlySubnet: '192.168.88.0/24' },
      { name: 'else', hostOnlySubnet: '192.168.89.0/24' },
    ];
    const found = await findLeftovers(bare('virtualbox'), { others, env });
    expect(found.map(({ name }) => name)).toEqual(['trial-node1-89']);
  });

  test('libvirt names them in another order', async () => {
    const { env } = withProgram(
      'virsh',
      `[ "$*" = '--connect qemu:///system list --all --name' ] && printf 'trial-77-node1\\ntrial-node1-77\\n\\n'`,
    );
    const found = await findLeftovers(bare('libvirt'), { others: [], env });
    expect(found.map(({ name }) => name)).toEqual(['trial-77-node1']);
    expect(found[0]?.remove[1]).toEqual([
      'virsh',
      '--connect',
      'qemu:///system',
      'undefine',
      'trial-77-node1',
      '--nvram',
    ]);
  });

  test('containers are asked for as root, and no password is waited for', async () => {
    const program = process.getuid?.() === 0 ? 'lxc-ls' : 'sudo';
    const { env } = withProgram(program, "echo trial-node2-77; echo 'trial-node2-77 x'");
    const found = await hostDiagnoses(bare('lxc'), { env });
    const root = process.getuid?.() === 0 ? '' : 'sudo ';
    expect(titled(found, 'Machines')?.fix).toEqual([`${root}lxc-destroy --force --name trial-node2-77`]);
  });

  test.each([
    ['fails', 'echo trial-node1-77; exit 1'],
    ['prints what nobody expects', 'echo; echo garbage; printf "\\000\\377\\n"'],
  ])('nothing is said when the provider %s', async (_, script) => {
    const { env } = withProgram('virsh', script);
    const found = await hostDiagnoses(bare('libvirt'), { env });
    expect(titled(found, 'Machines')).toBeUndefined();
  });
});

describe('the port of a bundle', () => {
  const bundle = (port: number): NonNullable<Cluster['bundle']> => ({
    name: 'classroom',
    location: '/srv/classroom',
    mirror: `http://192.168.56.1:${port}`,
    port,
    images: [],
  });
  const listening = (host: string): Promise<Server> =>
    new Promise((resolve) => {
      const server = createServer();
      server.listen({ host, port: 0 }, () => {
        resolve(server);
      });
    });

  const ask = async (cluster: Cluster, questions: HostQuestions = {}): Promise<Diagnosis | undefined> =>
    titled(await hostDiagnoses(cluster, questions), 'Port');

  test('is asked for only where a bundle of this host is served', async () => {
    await expect(ask(bare('unknown'))).resolves.toBeUndefined();
  });

  test('that another program has on every address is told', async () => {
    const server = await listening('0.0.0.0');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const cluster = { ...bare('unknown'), bundle: bundle(port) };
    await expect(ask(cluster)).resolves.toMatchObject({
      state: process.platform === 'linux' ? 'warning' : 'ok',
    });
    await new Promise((resolve) => server.close(resolve));
    await expect(ask(cluster)).resolves.toMatchObject({ state: 'ok' });
  });
});

describe('downloads', () => {
  const withKubernetes = (): Cluster => ({
    ...makeCluster([['cp1', 'control-plane']], 'kubeadm'),
    kubernetes: { version: '1.37.1', minor: '1.37', nodeCidrMaskSize: 24 },
  });
  const said = async (cluster: Cluster): Promise<Diagnosis | undefined> =>
    titled(await hostDiagnoses(cluster), 'Downloads');

  test('nobody is asked where they come from a bundle or lie in a baked box', async () => {
    const mirror = { name: 'b', location: '/srv/b', mirror: 'http://192.168.56.1:1', images: [] };
    const cluster = { ...withKubernetes(), provider: 'unknown' };
    await expect(said({ ...cluster, bundle: mirror })).resolves.toMatchObject({
      state: 'ok',
      detail: 'from the bundle /srv/b',
    });
    const box = { ...cluster.box, baked: { from: 'debian-12', created: '2026-11-21' } };
    await expect(said({ ...cluster, box })).resolves.toMatchObject({
      state: 'ok',
      detail: 'they are in the baked box',
    });
  });

  test('a host that refuses is named, and what helps', async () => {
    const server = await new Promise<Server>((resolve) => {
      const listening = createServer().listen({ host: '127.0.0.1', port: 0 }, () => {
        resolve(listening);
      });
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => server.close(resolve));
    const url = `http://127.0.0.1:${port}/kubeadm`;
    const source: Cluster['sources'][number] = { id: 'kubeadm', kind: 'file', url };
    const found = await said({ ...withKubernetes(), provider: 'unknown', sources: [source], images: [] });
    expect(found).toMatchObject({ state: 'warning' });
    expect(found?.detail).toBe(`not reached: 127.0.0.1:${port} (the connection is refused)`);
    expect(found?.fix.join()).toContain('--bundle');
  });
});
