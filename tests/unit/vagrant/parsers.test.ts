import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { ProviderManifest } from '../../../src/assets/providerManifest.js';
import { boxVersion, isCurrent } from '../../../src/box/identity.js';
import { lxcErrors } from '../../../src/vagrant/bootEvidence.js';
import {
  hasVirtualizationFlag,
  installedProviders,
  interfaceNetworks,
  routeNetworks,
} from '../../../src/vagrant/hostFacts.js';
import { parseBoxList, parseStatus } from '../../../src/vagrant/machineReadable.js';
import { hasPlugin } from '../../../src/vagrant/plugins.js';
import { parseProbe } from '../../../src/vagrant/probe.js';
import { parseStep } from '../../../src/vagrant/progress.js';
import { remoteCommand, shellQuote } from '../../../src/vagrant/shell.js';
import { parseSshConfig, renderSshConfig } from '../../../src/vagrant/sshConfigFile.js';

describe('vagrant --machine-readable', () => {
  // Vagrant 2.3.4 with vagrant-lxc 1.4.3, as captured.
  const status = `1795256364,cp1,metadata,provider,lxc
1795256364,worker1,metadata,provider,lxc
1795256364,cp1,provider-name,lxc
1795256364,cp1,state,running
1795256364,cp1,state-human-short,running
1795256364,worker1,provider-name,lxc
1795256364,worker1,state,not_created
1795256364,worker1,state-human-short,not created
1795256364,worker1,state-human-long,The environment has not yet been created. Run \`vagrant up\` to\\ncreate the environment. If a machine is not created%!(VAGRANT_COMMA) only the\\ndefault provider will be shown.
1795256364,,ui,info,Current machine states:\\n\\ncp1                       running (lxc)\\nworker1                   not created (lxc)
`;
  test('status: a state per machine', () => {
    expect([...parseStatus(status)]).toEqual([
      ['cp1', { state: 'running', raw: 'running' }],
      ['worker1', { state: 'not created', raw: 'not_created' }],
    ]);
  });
  test.each([
    ['poweroff', 'stopped'],
    ['stopped', 'stopped'],
    ['aborted', 'stopped'],
    ['saved', 'stopped'],
    ['gurumeditation', 'unknown'],
    ['new-in-2030', 'unknown'],
  ])('the state %s means %s', (raw, state) => {
    expect(parseStatus(`1,a,state,${raw}\r\n`).get('a')).toEqual({ state, raw });
  });
  test('noise around the lines is skipped', () => {
    expect(parseStatus(`/usr/lib/ruby: warning: old, gem\nrubbish\n\n${status}`).size).toBe(2);
  });
  test('box list: name, provider and version of each', () => {
    expect(
      parseBoxList('1,,ui,warn,There are no installed boxes! Use `vagrant box add` to add some.\n'),
    ).toEqual([]);
    const list =
      '1,,ui,info,a/b (lxc%!(VAGRANT_COMMA) 0)\n1,,box-name,a/b\n1,,box-provider,lxc\n1,,box-version,0\n1,,ui,info,c\n1,,box-name,c\n1,,box-provider,virtualbox\n1,,box-version,2.1\n';
    expect(parseBoxList(list)).toEqual([
      { name: 'a/b', provider: 'lxc', version: '0' },
      { name: 'c', provider: 'virtualbox', version: '2.1' },
    ]);
  });
});

describe('ssh configuration', () => {
  // vagrant ssh-config of Vagrant 2.3.4; the second block as 2.4 prints it with several keys.
  const printed = `Host cp1
  HostName 127.0.0.1
  User vagrant
  Port 2200
  UserKnownHostsFile /dev/null
  StrictHostKeyChecking no
  PasswordAuthentication no
  IdentityFile "/home/me/my labs/50% \\"done\\"/.vagrant/machines/cp1/virtualbox/private_key"
  IdentitiesOnly yes
  LogLevel FATAL

Host worker1
  HostName 192.168.57.20
  User vagrant
  Port 22
  IdentityFile /home/me/.vagrant.d/insecure_private_keys/vagrant.key.ed25519
  IdentityFile /home/me/.vagrant.d/insecure_private_keys/vagrant.key.rsa
`.replaceAll('\\"', '"');

  test('reads what Vagrant prints: paths as they are, several keys', () => {
    const [cp1, worker1] = parseSshConfig(printed);
    expect(cp1).toEqual({
      name: 'cp1',
      hostName: '127.0.0.1',
      user: 'vagrant',
      port: 2200,
      identityFiles: ['/home/me/my labs/50% "done"/.vagrant/machines/cp1/virtualbox/private_key'],
    });
    expect(worker1?.identityFiles).toHaveLength(2);
  });
  test('what is written is what is read again, and ssh itself understands it', () => {
    const hosts = parseSshConfig(printed);
    const written = renderSshConfig(hosts, 'linux');
    expect(written).toContain('IdentityFile "/home/me/my labs/50%% \\"done\\"/.vagrant/');
    expect(parseSshConfig(written, true)).toEqual(hosts);
    expect(renderSshConfig(hosts, 'win32')).toContain('UserKnownHostsFile NUL');
  });
});

describe('words for a shell', () => {
  test.each([
    ['plain', 'plain'],
    ['a b', "'a b'"],
    ["it's", "'it'\\''s'"],
    ['$(id)', "'$(id)'"],
    ['', "''"],
  ])('%s → %s', (word, quoted) => {
    expect(shellQuote(word)).toBe(quoted);
  });
  test('one word is a line of shell, several are one command', () => {
    expect(remoteCommand(['ls | wc -l'])).toBe('ls | wc -l');
    expect(remoteCommand(['ls', 'a b', '|'])).toBe("ls 'a b' '|'");
  });
});

describe('host facts', () => {
  test('routes: ranges without the default route, single hosts as /32', () => {
    const json =
      '[{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},{"dst":"192.0.2.0/24","dev":"eth0","protocol":"kernel","scope":"link","prefsrc":"192.0.2.2","flags":[]},{"dst":"10.9.8.7","dev":"tun0","flags":[]},{"type":"blackhole","dst":"10.244.0.0/16","flags":[]}]';
    expect(routeNetworks(json)).toEqual([
      { cidr: '192.0.2.0/24', name: 'eth0' },
      { cidr: '10.9.8.7/32', name: 'tun0' },
      { cidr: '10.244.0.0/16', name: 'a route' },
    ]);
    expect(routeNetworks('Object "route" is unknown')).toEqual([]);
  });
  test('interfaces: network addresses of IPv4, without loopback', () => {
    const base = { netmask: '', mac: '', internal: false };
    expect(
      interfaceNetworks({
        lo: [{ ...base, family: 'IPv4', address: '127.0.0.1', cidr: '127.0.0.1/8', internal: true }],
        wlan0: [
          { ...base, family: 'IPv4', address: '172.20.77.9', cidr: '172.20.77.9/20' },
          { ...base, family: 'IPv6', address: 'fe80::1', cidr: 'fe80::1/64', scopeid: 2 },
        ],
      }),
    ).toEqual([{ cidr: '172.20.64.0/20', name: 'wlan0' }]);
  });
  test('virtualisation flags of Intel and AMD, and none', () => {
    expect(hasVirtualizationFlag('flags\t\t: fpu vme vmx ssse3')).toBe(true);
    expect(hasVirtualizationFlag('flags\t\t: fpu svm')).toBe(true);
    expect(hasVirtualizationFlag('flags\t\t: fpu vme sse\nmodel name: vmx')).toBe(false);
  });
  test('a provider is installed when all its programs are; a plugin when its files say so', () => {
    const folder = mkdtempSync(join(tmpdir(), 'k8slab-path-'));
    writeFileSync(join(folder, 'VBoxManage'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(folder, 'not-executable'), '', { mode: 0o644 });
    const manifest = (programs: string[]): ProviderManifest => ({
      ...{ title: '', description: '', preference: 1, platforms: [], virtualization: false, root: false },
      ...{ bootAtOnce: 1, programs, defaultBox: '', bridge: false, hostFiles: [], install: [] },
    });
    const providers = {
      virtualbox: manifest(['VBoxManage']),
      lxc: manifest(['VBoxManage', 'lxc-start']),
      odd: manifest(['not-executable']),
    };
    expect(installedProviders(providers, { PATH: folder, PATHEXT: '' })).toEqual(['virtualbox']);
    writeFileSync(
      join(folder, 'plugins.json'),
      '{"version":"1","installed":{"vagrant-libvirt":{"ruby_version":"3.1.2"}}}',
    );
    mkdirSync(join(folder, 'gems', 'vagrant-lxc-1.4.3'), { recursive: true });
    const has = (plugin: string): boolean =>
      hasPlugin(plugin, { VAGRANT_HOME: folder }, [join(folder, 'gems')]);
    expect([has('vagrant-libvirt'), has('vagrant-lxc'), has('vagrant'), has('vagrant-vbguest')]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    rmSync(folder, { recursive: true });
  });
});

describe('what machines and programs say', () => {
  test('a probe; an answer of something else is none', () => {
    const hash = 'ab'.repeat(32);
    expect(
      parseProbe(
        `Welcome!\nhostname=cp1\nmachine-id=42\nprovisioned=${hash}\naddress=10.0.2.15\naddress=192.168.57.10\n`,
      ),
    ).toEqual({
      hostname: 'cp1',
      machineId: '42',
      provisionedHash: hash,
      addresses: ['10.0.2.15', '192.168.57.10'],
    });
    expect(parseProbe('hostname=cp1\nprovisioned=half\n')).toEqual({
      hostname: 'cp1',
      machineId: '',
      addresses: [],
    });
    expect(parseProbe('Please change your password.\n')).toBeUndefined();
  });
  test('a step line, and nothing like it', () => {
    expect(parseStep('==> step 4/9 Install containerd')).toEqual({
      number: 4,
      total: 9,
      title: 'Install containerd',
    });
    expect(parseStep('  ==> step 4/9 no')).toBeUndefined();
    expect(parseStep('==> cp1: step 1/2')).toBeUndefined();
  });
  test('lxc’s log: what our hooks said, then its errors', () => {
    const log = `lxc-start demo 20261121105639.135 INFO     conf - ../src/lxc/conf.c:run_script_argv:337 - Executing script
lxc-start demo 20261121105639.160 DEBUG    conf - ../src/lxc/conf.c:run_buffer:310 - Script exec x produced output: k8slab: this host already has an address of 192.168.63.1/24, on eth7
lxc-start demo 20261121105639.169 ERROR    conf - ../src/lxc/conf.c:run_buffer:321 - Script exited with status 1`;
    expect(lxcErrors(log)).toBe(
      'k8slab: this host already has an address of 192.168.63.1/24, on eth7\nlxc-start: Script exited with status 1',
    );
  });
});

describe('a built box’s version', () => {
  const hash = '0223c9a8cc2f2189'.padEnd(64, '0');
  const other = 'ffffffffffffffff'.padEnd(64, '0');
  const at = (text: string): Date => new Date(text);
  const box = (version: string) => ({ name: 'k8slab/debian-12', provider: 'lxc', version });
  test('is numbers only, and rises with time', () => {
    expect(boxVersion(hash, at('2026-11-21T09:05:07Z'))).toBe('20261121.90507.154188539078058377');
  });
  test('the box Vagrant would use must be of this recipe', () => {
    const ours = box(boxVersion(hash, at('2026-11-21T09:05:07Z')));
    const current = (...boxes: { name: string; provider: string; version: string }[]): boolean =>
      isCurrent(boxes, 'k8slab/debian-12', 'lxc', hash);
    expect(current()).toBe(false);
    expect(current(ours, box('0'))).toBe(true);
    expect(current(ours, box(boxVersion(other, at('2026-11-21T08:00:00Z'))))).toBe(true);
    expect(current(ours, box(boxVersion(other, at('2026-11-21T10:00:00Z'))))).toBe(false);
    expect(current({ ...ours, provider: 'libvirt' })).toBe(false);
  });
});
