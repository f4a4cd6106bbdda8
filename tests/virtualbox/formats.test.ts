import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PaperVirtualBox } from './support.js';

/**
 * What Vagrant reads of VBoxManage, with the very patterns that Vagrant reads it with:
 * https://github.com/hashicorp/vagrant/tree/main/plugins/providers/virtualbox/driver
 */
let vbox: PaperVirtualBox;
beforeEach(() => {
  vbox = new PaperVirtualBox();
});
afterEach(() => {
  vbox.close();
});

/** Vagrant's read_forwarded_ports: the adapter is the one whose `nic` line came last. */
function forwardedPorts(info: string): [number, string, string, number, number][] {
  let nic = 0;
  return info.split('\n').flatMap((line): [number, string, string, number, number][] => {
    nic = Number(/^nic(\d+)=".+?"$/.exec(line)?.[1] ?? nic);
    const rule = /^Forwarding.+?="(.+?),.+?,(.*?),(.+?),.*?,(.+?)"$/.exec(line);
    return rule === null ? [] : [[nic, rule[1] ?? '', rule[2] ?? '', Number(rule[3]), Number(rule[4])]];
  });
}

describe('versions', () => {
  test.each([
    ['7.0.20', /^7\.0\.20r\d+\n$/],
    ['6.1.50', /^6\.1\.50r\d+\n$/],
  ])('%s', async (version, pattern) => {
    vbox.env.VBOXMANAGE_VERSION = version;
    expect(await vbox.ok('--version')).toMatch(pattern);
  });
});

describe('import', () => {
  test('a dry run suggests names, and a disk that is named relative to the machine', async () => {
    const output = await vbox.ok('import', '-n', vbox.box());
    expect(/Suggested VM name "(.+?)"/.exec(output)?.[1]).toBe('debian-12-amd64');
    const settings = /Suggested VM settings file name "(.+?)"/.exec(output)?.[1];
    expect(settings).toBe(
      path.join(vbox.folder, 'VirtualBox VMs', 'debian-12-amd64', 'debian-12-amd64.vbox'),
    );
    const disks = [...output.matchAll(/(\d+): Hard disk image: source image=.+, target path=(.+),/g)];
    expect(disks.map(([, unit, target]) => [unit, target])).toEqual([['9', 'box-disk001.vmdk']]);
    expect(await vbox.ok('list', 'vms')).toBe('');
  });

  test('a machine has the box’s sizes, its NAT adapter and its MAC address', async () => {
    const uuid = await vbox.machine('master');
    const info = await vbox.info(uuid);
    expect(info).toMatch(/^name="master"$/m);
    expect(info).toMatch(/^memory=1024$/m);
    expect(info).toMatch(/^macaddress1="080027C0FFEE"$/m);
    expect(info).toMatch(/^nic1="nat"$/m);
    expect(info).toMatch(/^nic2="none"$/m);
    expect(info).toMatch(/^VMState="poweroff"$/m);
    expect(info).toMatch(/^"SATA Controller-ImageUUID-0-0"="[0-9a-f-]{36}"$/m);
  });

  test('tells progress on standard error, as “OK.” and a percentage in the last line', async () => {
    const { err } = await vbox.run('import', vbox.box(), '--vsys', '0', '--vmname', 'one');
    const lines = err.trimEnd().split('\n');
    expect(lines).toContain('OK.');
    expect(/.+(\d{2})%/.exec(lines.at(-1) ?? '')).not.toBeNull();
  });
});

describe('linked clones', () => {
  test('need a snapshot; each has MAC addresses of its own and a disk on its parent’s', async () => {
    const master = await vbox.machine('master');
    const none = await vbox.run('snapshot', master, 'list', '--machinereadable');
    expect([none.status, none.out]).toEqual([1, 'This machine does not have any snapshots\n']);
    await vbox.ok('snapshot', master, 'take', 'base');
    const listed = await vbox.ok('snapshot', master, 'list', '--machinereadable');
    expect([...listed.matchAll(/^SnapshotName.*?="(.+?)"$/gim)].map(([, name]) => name)).toEqual(['base']);
    await vbox.ok('clonevm', master, '--register', '--name', 'a', '--snapshot', 'base', '--options', 'link');
    await vbox.ok('clonevm', master, '--register', '--name', 'b', '--snapshot', 'base', '--options', 'link');
    const macs = await Promise.all(
      ['master', 'a', 'b'].map(async (name) => /^macaddress1="(.+?)"$/m.exec(await vbox.info(name))?.[1]),
    );
    expect(new Set(macs).size).toBe(3);
    const refused = await vbox.run('unregistervm', master, '--delete');
    expect([refused.status, refused.err]).toEqual([1, expect.stringContaining('VBOX_E_OBJECT_IN_USE')]);
    for (const name of ['a', 'b', 'master']) await vbox.ok('unregistervm', name, '--delete');
    expect(await vbox.ok('list', 'hdds')).toBe('');
  });

  test('from a snapshot nobody took are refused', async () => {
    const master = await vbox.machine('master');
    const { status, err } = await vbox.run(
      'clonevm',
      master,
      '--name',
      'x',
      '--snapshot',
      'y',
      '--options',
      'link',
    );
    expect([status, err]).toEqual([1, expect.stringContaining('VBOX_E_OBJECT_NOT_FOUND')]);
  });

  test('snapshots of snapshots are told as a tree, and restored', async () => {
    const uuid = await vbox.machine('one');
    await vbox.ok('snapshot', uuid, 'take', 'first');
    await vbox.ok('snapshot', uuid, 'take', 'second');
    expect(await vbox.ok('snapshot', uuid, 'list', '--machinereadable')).toMatch(
      /^SnapshotName-1="second"$/m,
    );
    await vbox.ok('snapshot', uuid, 'restore', 'first');
    await vbox.ok('snapshot', uuid, 'delete', 'second');
    expect(await vbox.info(uuid)).toMatch(/^CurrentSnapshotName="first"$/m);
  });
});

describe('modifyvm', () => {
  test('sets what Vagrant sets, and Vagrant reads it back', async () => {
    const uuid = await vbox.machine('one');
    await vbox.ok('modifyvm', uuid, '--nic1', 'nat', '--nic2', 'hostonly', '--hostonlyadapter2', 'vboxnet0');
    await vbox.ok('modifyvm', uuid, '--cableconnected2', 'on', '--macaddress2', '00163E3C3914');
    await vbox.ok(
      'modifyvm',
      uuid,
      '--natpf1',
      'ssh,tcp,127.0.0.1,2222,,22',
      '--natpf1',
      'web,tcp,,8080,,80',
    );
    await vbox.ok('modifyvm', uuid, '--memory', '2048', '--cpus', '2', '--groups', '/lab');
    await vbox.ok('modifyvm', uuid, '--natdnshostresolver1', 'on', '--rtcuseutc', 'on');
    await vbox.ok('modifyvm', uuid, '--name', 'lab-cp1-57');
    const info = await vbox.info('lab-cp1-57');
    expect(forwardedPorts(info)).toEqual([
      [1, 'ssh', '127.0.0.1', 2222, 22],
      [1, 'web', '', 8080, 80],
    ]);
    expect(info).toMatch(/^hostonlyadapter2="vboxnet0"$/m);
    expect(info).toMatch(/^macaddress2="00163E3C3914"$/m);
    expect(info).toMatch(/^memory=2048$/m);
    expect(info).toMatch(/^groups="\/lab"$/m);
    await vbox.ok('modifyvm', uuid, '--natpf1', 'delete', 'web');
    expect(forwardedPorts(await vbox.info(uuid))).toHaveLength(1);
  });
});

describe('lists', () => {
  test('a host-only interface', async () => {
    expect(await vbox.ok('hostonlyif', 'create')).toMatch(/^Interface 'vboxnet0' was successfully created$/m);
    await vbox.ok('hostonlyif', 'ipconfig', 'vboxnet0', '--ip', '192.168.57.1', '--netmask', '255.255.255.0');
    const [block = ''] = (await vbox.ok('list', 'hostonlyifs')).split('\n\n');
    const read = (key: string): string | undefined => new RegExp(`^${key}:\\s+(.+?)$`, 'm').exec(block)?.[1];
    expect(['Name', 'IPAddress', 'NetworkMask', 'Status'].map(read)).toEqual([
      'vboxnet0',
      '192.168.57.1',
      '255.255.255.0',
      'Up',
    ]);
    await vbox.ok('hostonlyif', 'remove', 'vboxnet0');
    expect(await vbox.ok('list', 'hostonlyifs')).toBe('');
  });

  test.each([
    ['7.0.20', 'Dhcpd IP', 'LowerIPAddress'],
    ['6.0.24', 'IP', 'lowerIPAddress'],
  ])('a DHCP server, as %s tells it', async (version, address, lower) => {
    vbox.env.VBOXMANAGE_VERSION = version;
    const range = ['--netmask', '255.255.255.0', '--lowerip', '192.168.56.3', '--upperip', '192.168.56.254'];
    const add = ['dhcpserver', 'add', '--ifname', 'vboxnet0', '--ip', '192.168.56.2', ...range, '--enable'];
    await vbox.ok(...add);
    const [block = ''] = (await vbox.ok('list', 'dhcpservers')).split('\n\n');
    expect(block).toMatch(/^NetworkName:\s+HostInterfaceNetworking-vboxnet0$/m);
    expect(block).toMatch(new RegExp(`^${address}:\\s+192\\.168\\.56\\.2$`, 'm'));
    expect(block).toMatch(new RegExp(`^${lower}:\\s+192\\.168\\.56\\.3$`, 'm'));
    expect((await vbox.run(...add)).err).toBe('VBoxManage: error: DHCP server already exists\n');
    await vbox.ok('dhcpserver', 'remove', '--netname', 'HostInterfaceNetworking-vboxnet0');
    expect(await vbox.ok('list', 'dhcpservers')).toBe('');
  });

  test('where machines get their folders, and what is bridged', async () => {
    const folder = /Default machine folder:\s+(?<folder>.+?)$/im.exec(
      await vbox.ok('list', 'systemproperties'),
    );
    expect(folder?.groups?.folder).toBe(path.join(vbox.folder, 'VirtualBox VMs'));
    expect(await vbox.ok('list', 'bridgedifs')).toMatch(/^IPAddress:\s+192\.0\.2\.7$/m);
  });

  test('properties of a guest without guest additions', async () => {
    const uuid = await vbox.machine('one');
    expect(await vbox.ok('guestproperty', 'get', uuid, '/VirtualBox/GuestAdd/Version')).toBe(
      'No value set!\n',
    );
  });

  test('disks, and their sizes', async () => {
    const file = path.join(vbox.folder, 'data.vdi');
    await vbox.ok('createmedium', '--filename', file, '--sizebyte', String(1024 ** 3), '--format', 'VDI');
    await vbox.ok('modifymedium', file, '--resizebyte', String(2 * 1024 ** 3));
    expect(await vbox.ok('list', 'hdds')).toMatch(/^Capacity:\s+2048 MBytes$/m);
    await vbox.ok('closemedium', file, '--delete');
    expect(await vbox.ok('list', 'hdds')).toBe('');
  });
});
