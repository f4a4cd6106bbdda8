import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import type { Cluster } from '../../../src/plan/cluster.js';
import { askLibvirt, libvirtUri } from '../../../src/vagrant/libvirt.js';
import { removeSurvivor } from '../../../src/vagrant/survivors.js';
import { makeCluster } from './fakes.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-libvirt-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A `virsh` that writes down what it is asked, and answers by the lines of a shell `case`. */
function virsh(name: string, answers: string): { env: Record<string, string>; asked: () => string[] } {
  const bin = path.join(folder, name);
  const log = path.join(bin, 'asked');
  mkdirSync(bin);
  writeFileSync(log, '');
  writeFileSync(
    path.join(bin, 'virsh'),
    `#!/bin/sh\necho "$*" >>'${log}'\nshift 2\ncase "$*" in\n${answers}\n*) echo "error: unexpected: $*" >&2; exit 1 ;;\nesac\n`,
  );
  chmodSync(path.join(bin, 'virsh'), 0o755);
  return {
    env: { PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
    asked: () => readFileSync(log, 'utf8').split('\n').filter(Boolean),
  };
}

const version = `version) printf 'Using API: QEMU 9.0.0\\nRunning hypervisor: QEMU 7.2.22\\n' ;;`;
const kvm = 'domcapabilities\\ --virttype\\ kvm) echo "<domainCapabilities/>" ;;';

describe('what libvirt says before anything boots', () => {
  test('a sound one tells what runs there; KVM is asked for where the lab wants it', async () => {
    const { env, asked } = virsh('sound', `${version}\n${kvm}`);
    await expect(askLibvirt({ providerOptions: { uri: '', driver: 'kvm' } }, env)).resolves.toBe(
      'QEMU 7.2.22',
    );
    expect(asked()).toEqual([
      '--connect qemu:///system version',
      '--connect qemu:///system domcapabilities --virttype kvm',
    ]);
  });

  test('a server is asked itself, and an emulating one needs no KVM', async () => {
    const { env, asked } = virsh('server', version);
    const providerOptions = { uri: 'qemu+ssh://me@server/system', driver: 'qemu' };
    await askLibvirt({ providerOptions }, env);
    expect(asked()).toEqual(['--connect qemu+ssh://me@server/system version']);
    expect(libvirtUri({ providerOptions })).toBe('qemu+ssh://me@server/system');
  });

  test.each([
    [
      'VAGRANT_LIBVIRT_DOWN',
      "Failed to connect socket to '/var/run/libvirt/libvirt-sock': No such file or directory",
    ],
    [
      'VAGRANT_LIBVIRT_PERMISSION',
      "Failed to connect socket to '/var/run/libvirt/libvirt-sock': Permission denied",
    ],
    ['VAGRANT_LIBVIRT_SERVER', 'Cannot recv data: Host key verification failed.: Connection reset by peer'],
  ])('%s', async (code, words) => {
    const { env } = virsh(
      code,
      `version) echo "error: failed to connect to the hypervisor
error: ${words}" >&2; exit 1 ;;`,
    );
    await expect(askLibvirt({ providerOptions: { driver: 'kvm' } }, env)).rejects.toMatchObject({ code });
  });

  test('no KVM where the lab wants it', async () => {
    const none = `domcapabilities*) echo "error: invalid argument: KVM is not supported by '/usr/bin/qemu-system-x86_64' on this host" >&2; exit 1 ;;`;
    const { env } = virsh('no-kvm', `${version}\n${none}`);
    await expect(askLibvirt({ providerOptions: { driver: 'kvm' } }, env)).rejects.toMatchObject({
      code: 'VAGRANT_KVM_MISSING',
    });
  });

  test('one that says nothing is not waited for', async () => {
    const { env } = virsh('silent', 'version) sleep 60 ;;');
    await expect(askLibvirt({ providerOptions: {} }, env, 1)).rejects.toMatchObject({
      code: 'VAGRANT_LIBVIRT_DOWN',
    });
  });
});

describe('a machine that Vagrant lost track of', () => {
  const cluster: Cluster = {
    ...makeCluster([['cp1', 'control-plane']]),
    name: 'demo',
    provider: 'libvirt',
    providerOptions: { uri: '', driver: 'kvm', pool: 'fast' },
  };
  const [machine] = cluster.machines;
  const octet = cluster.networking.hostOnly.cidr.split('.')[2] ?? '';
  const name = `demo-${octet}-cp1`;

  test('is removed with its disk, under the name that the Vagrantfile gives it', async () => {
    if (machine === undefined) throw new Error('the cluster has no machine');
    const gone = path.join(folder, 'gone');
    const { env, asked } = virsh(
      'survivor',
      `dominfo*|vol-info*) [ ! -e '${gone}' ] ;;\ndestroy*|undefine*) ;;\nvol-delete*) touch '${gone}' ;;`,
    );
    await expect(removeSurvivor({ cluster, folder, env }, machine)).resolves.toBe(true);
    expect(asked().map((line) => line.replace('--connect qemu:///system ', ''))).toEqual([
      `dominfo ${name}`,
      `destroy ${name}`,
      `undefine ${name} --nvram`,
      `vol-delete ${name}.img --pool fast`,
      `dominfo ${name}`,
      `vol-info ${name}.img --pool fast`,
    ]);
  });

  test('is not looked for twice when there is none', async () => {
    if (machine === undefined) throw new Error('the cluster has no machine');
    const { env, asked } = virsh('none', 'dominfo*|vol-info*) exit 1 ;;');
    await expect(removeSurvivor({ cluster, folder, env }, machine)).resolves.toBe(false);
    expect(asked()).toHaveLength(2);
  });
});
