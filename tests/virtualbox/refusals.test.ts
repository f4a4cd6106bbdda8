import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { recognise } from '../../src/vagrant/explainFailure.js';
import { PaperVirtualBox } from './support.js';

let vbox: PaperVirtualBox;
beforeEach(() => {
  vbox = new PaperVirtualBox();
});
afterEach(() => {
  vbox.close();
});

describe('a machine’s life', () => {
  test('runs, is paused, saved, resumed and switched off', async () => {
    const uuid = await vbox.machine('one');
    expect(await vbox.ok('startvm', uuid, '--type', 'headless')).toMatch(
      /VM "one" has been successfully started/,
    );
    expect(await vbox.state(uuid)).toBe('running');
    await vbox.ok('controlvm', uuid, 'pause');
    expect(await vbox.state(uuid)).toBe('paused');
    await vbox.ok('controlvm', uuid, 'resume');
    await vbox.ok('controlvm', uuid, 'savestate');
    expect(await vbox.state(uuid)).toBe('saved');
    await vbox.ok('startvm', uuid, '--type', 'headless');
    expect(await vbox.state(uuid)).toBe('running');
    await vbox.ok('controlvm', uuid, 'acpipowerbutton');
    expect(await vbox.state(uuid)).toBe('poweroff');
    await vbox.ok('startvm', uuid, '--type', 'headless');
    await vbox.ok('controlvm', uuid, 'savestate');
    await vbox.ok('discardstate', uuid);
    expect(await vbox.state(uuid)).toBe('poweroff');
  });

  test('while it runs nobody changes, starts or removes it', async () => {
    const uuid = await vbox.machine('one');
    await vbox.ok('startvm', uuid, '--type', 'headless');
    for (const [args, words] of [
      [['modifyvm', uuid, '--memory', '512'], 'is already locked for a session'],
      [['startvm', uuid, '--type', 'headless'], 'is already locked by a session'],
      [['unregistervm', uuid, '--delete'], 'while it is locked'],
    ] as const) {
      const { status, err } = await vbox.run(...args);
      expect([status, err]).toEqual([1, expect.stringContaining(words)]);
      expect(err).toContain('VBOX_E_INVALID_OBJECT_STATE (0x80bb0007)');
    }
    expect((await vbox.run('controlvm', uuid, 'resume')).err).toContain('VBOX_E_INVALID_VM_STATE');
    await vbox.ok('controlvm', uuid, 'poweroff');
    const off = await vbox.run('controlvm', uuid, 'poweroff');
    expect([off.status, off.err]).toEqual([
      1,
      "VBoxManage: error: Machine 'one' is not currently running.\n",
    ]);
  });

  test('what is removed is gone, with its folder', async () => {
    const uuid = await vbox.machine('one');
    await vbox.ok('unregistervm', uuid, '--delete');
    expect(existsSync(path.join(vbox.folder, 'VirtualBox VMs', 'one'))).toBe(false);
    expect((await vbox.run('showvminfo', uuid)).err).toContain('VBOX_E_OBJECT_NOT_FOUND (0x80bb0001)');
  });
});

describe('refuses', () => {
  test('what it does not know, with exit status 2', async () => {
    const uuid = await vbox.machine('one');
    for (const args of [
      ['nonsense'],
      ['modifyvm', uuid, '--nonsense', 'x'],
      ['list', 'nonsense'],
      ['startvm'],
    ])
      expect([args, (await vbox.run(...args)).status]).toEqual([args, 2]);
  });

  test.each([
    [['--memory', '3'], 'Invalid RAM size: 3 MB (must be in range [4, 2097152] MB)'],
    [['--cpus', '65'], 'Invalid virtual CPU count'],
    [['--macaddress1', 'xyz'], 'Invalid MAC address format'],
    [['--natpf1', 'delete', 'nothing'], 'E_INVALIDARG'],
  ])('modifyvm %j', async (args, words) => {
    const uuid = await vbox.machine('one');
    expect((await vbox.run('modifyvm', uuid, ...args)).err).toContain(words);
  });

  test('a port that is forwarded twice', async () => {
    const uuid = await vbox.machine('one');
    await vbox.ok('modifyvm', uuid, '--natpf1', 'ssh,tcp,127.0.0.1,2222,,22');
    expect((await vbox.run('modifyvm', uuid, '--natpf1', 'ssh,tcp,,1,,22')).err).toContain(
      'of this name already',
    );
    expect((await vbox.run('modifyvm', uuid, '--natpf1', 'b,tcp,127.0.0.1,2222,,22')).err).toContain(
      'host port',
    );
  });

  test('names and folders that are taken', async () => {
    const uuid = await vbox.machine('one');
    await vbox.machine('two');
    expect((await vbox.run('modifyvm', uuid, '--name', 'two')).err).toContain('already exists');
    mkdirSync(path.join(vbox.folder, 'VirtualBox VMs', 'left-over'));
    const { err } = await vbox.run('modifyvm', uuid, '--name', 'left-over');
    expect(err).toContain('VERR_ALREADY_EXISTS');
    expect(recognise(err)?.code).toBe('VAGRANT_NAME_TAKEN');
  });

  test('a UUID that is taken', async () => {
    const uuid = await vbox.machine('one');
    const clone = ['clonevm', uuid, '--register', '--name', 'two', '--uuid'];
    expect((await vbox.run(...clone, uuid)).err).toContain(
      `Registered machine with UUID {${uuid}} ('one') already exists`,
    );
    const other = '12345678-1234-4234-8234-123456789abc';
    await vbox.ok(...clone, other);
    expect(await vbox.state(other)).toBe('poweroff');
  });

  test('host-only addresses outside of what networks.conf allows', async () => {
    await vbox.ok('hostonlyif', 'create');
    const set = (address: string): ReturnType<PaperVirtualBox['run']> =>
      vbox.run('hostonlyif', 'ipconfig', 'vboxnet0', '--ip', address, '--netmask', '255.255.255.0');
    const { status, err } = await set('10.9.0.1');
    expect([status, err]).toEqual([
      1,
      expect.stringContaining('Code E_ACCESSDENIED (0x80070005) - Access denied'),
    ]);
    expect((await set('192.168.63.1')).status).toBe(0);
    writeFileSync(path.join(vbox.folder, 'networks.conf'), '* 10.0.0.0/8 2001::/64\n');
    expect((await set('10.9.0.1')).status).toBe(0);
    expect((await set('192.168.63.1')).status).toBe(1);
  });

  test('to start a machine whose host-only interface is gone', async () => {
    const uuid = await vbox.machine('one');
    await vbox.ok('modifyvm', uuid, '--nic2', 'hostonly', '--hostonlyadapter2', 'vboxnet7');
    const { err } = await vbox.run('startvm', uuid, '--type', 'headless');
    expect(recognise(err)?.code).toBe('VAGRANT_HOST_ONLY_GONE');
    expect(await vbox.state(uuid)).toBe('poweroff');
  });

  test('to start a machine with more memory than there is', async () => {
    const uuid = await vbox.machine('one');
    await vbox.ok('modifyvm', uuid, '--memory', '2097152');
    const { err } = await vbox.run('startvm', uuid, '--type', 'headless');
    expect(recognise(err)?.code).toBe('VAGRANT_MEMORY');
  });
});

describe('breaks on request, in words that k8slab knows', () => {
  test.each([
    ['no-vtx', 'VAGRANT_VIRTUALIZATION_OFF'],
    ['no-amd-v', 'VAGRANT_VIRTUALIZATION_OFF'],
    ['hyper-v', 'VAGRANT_HYPERV_IN_USE'],
    ['kvm-in-use', 'VAGRANT_KVM_IN_USE'],
    ['no-memory', 'VAGRANT_MEMORY'],
    ['no-vboxdrv', 'VAGRANT_MACHINE_CRASHED'],
  ])('startvm, %s: %s', async (fault, code) => {
    const uuid = await vbox.machine('one');
    vbox.env.VBOXMANAGE_FAULTS = fault;
    const { status, err } = await vbox.run('startvm', uuid, '--type', 'headless');
    expect([status, recognise(err)?.code]).toEqual([1, code]);
    vbox.env.VBOXMANAGE_FAULTS = '';
    await vbox.ok('startvm', uuid, '--type', 'headless');
  });

  test.each([
    ['no-vboxnetctl', ['hostonlyif', 'create'], 'VAGRANT_HOST_ONLY_ADAPTER'],
    ['hostonlyif-fails', ['hostonlyif', 'create'], 'VAGRANT_HOST_ONLY_ADAPTER'],
  ])('%s: %j', async (fault, args, code) => {
    writeFileSync(path.join(vbox.folder, 'faults'), '');
    vbox.env.VBOXMANAGE_FAULTS = fault;
    const { status, err } = await vbox.run(...args);
    expect([status, recognise(err)?.code]).toEqual([1, code]);
  });

  test('an import on a full disk leaves no machine', async () => {
    vbox.env.VBOXMANAGE_FAULTS = 'disk-full';
    const { status, err } = await vbox.run('import', vbox.box(), '--vsys', '0', '--vmname', 'one');
    expect([status, recognise(err)?.code]).toEqual([1, 'VAGRANT_DISK_FULL']);
    expect(await vbox.ok('list', 'vms')).toBe('');
  });

  test.each(['aborted', 'gurumeditation'])('a machine that ends up %s', async (fault) => {
    const uuid = await vbox.machine('one');
    vbox.env.VBOXMANAGE_FAULTS = fault;
    await vbox.ok('startvm', uuid, '--type', 'headless');
    vbox.env.VBOXMANAGE_FAULTS = '';
    expect(await vbox.state(uuid)).toBe(fault);
    if (fault === 'gurumeditation') await vbox.ok('controlvm', uuid, 'poweroff');
    await vbox.ok('startvm', uuid, '--type', 'headless');
    expect(await vbox.state(uuid)).toBe('running');
  });

  test('a fault that does not exist is a mistake of the test', async () => {
    vbox.env.VBOXMANAGE_FAULTS = 'no-such-fault';
    await expect(vbox.run('--version')).rejects.toThrow('no such fault: no-such-fault');
  });
});

describe('its state', () => {
  test('loses nothing when many change it at the same time', async () => {
    const uuid = await vbox.machine('one');
    const keys = Array.from({ length: 20 }, (_, index) => `key${index}`);
    await Promise.all(keys.map((key) => vbox.ok('setextradata', uuid, key, 'x')));
    for (const key of keys) expect(await vbox.ok('getextradata', uuid, key)).toBe('Value: x\n');
  });

  test('does not stay locked by a process that was killed', async () => {
    const { pid } = spawnSync('true');
    await vbox.ok('list', 'vms');
    writeFileSync(path.join(vbox.folder, 'state', 'lock'), String(pid));
    await vbox.ok('setextradata', 'global', 'key', 'x');
    expect(existsSync(path.join(vbox.folder, 'state', 'lock'))).toBe(false);
  });
});
