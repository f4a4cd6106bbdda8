import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  parseHostOnly,
  prepareHostOnly,
  removeHostOnly,
  requireWholeNetwork,
} from '../../../src/vagrant/hostOnly.js';
import { askVirtualBox, readHostOnly } from '../../../src/vagrant/virtualBox.js';
import { installVBoxManage } from '../../virtualbox/install.js';
import { vboxManage } from '../../virtualbox/vboxmanage/main.js';
import { PaperVirtualBox } from '../../virtualbox/support.js';
import { makeCluster } from './fakes.js';

describe('what VirtualBox says before anything boots', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-ask-'));
  const env: Record<string, string> = {
    VBOX_USER_HOME: path.join(folder, 'state'),
    VBOXMANAGE_MACHINES: 'paper',
  };
  beforeAll(async () => {
    const bin = await installVBoxManage(path.join(folder, 'vboxmanage'));
    env.PATH = `${bin}${path.delimiter}${process.env.PATH ?? ''}`;
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('a sound one tells its version', async () => {
    await expect(askVirtualBox('2.3.4', env)).resolves.toBe('7.0.20');
  });

  test.each([
    ['7.1.4', '2.3.4', 'VAGRANT_VBOX_TOO_NEW'],
    ['7.2.0', '2.4.8', 'VAGRANT_VBOX_TOO_NEW'],
    ['7.9.0', '2.4.9', 'VAGRANT_VBOX_TOO_NEW'],
    ['7.0.6', '2.2.19', 'VAGRANT_VBOX_TOO_NEW'],
  ])('%s is too new for Vagrant %s', async (version, vagrant, code) => {
    const asked = askVirtualBox(vagrant, { ...env, VBOXMANAGE_VERSION: version });
    await expect(asked).rejects.toMatchObject({ code, message: expect.stringContaining(version) as unknown });
  });

  test.each([
    ['7.1.4', '2.4.2'],
    ['7.2.0', '2.4.9'],
    ['6.1.50', '2.3.4'],
    ['6.0.24', '2.2.6'],
  ])('%s goes with Vagrant %s, or it is not known that it does not', async (version, vagrant) => {
    await expect(askVirtualBox(vagrant, { ...env, VBOXMANAGE_VERSION: version })).resolves.toBe(version);
  });

  test('a processor whose virtualisation is off is told', async () => {
    const asked = askVirtualBox('2.3.4', { ...env, VBOXMANAGE_FAULTS: 'no-vtx' });
    await expect(asked).rejects.toMatchObject({ code: 'VAGRANT_VIRTUALIZATION_OFF', exitCode: 3 });
  });

  test('a driver that is not loaded is told, although VBoxManage only warns', async () => {
    const asked = askVirtualBox('2.3.4', { ...env, VBOXMANAGE_FAULTS: 'no-vboxdrv' });
    await expect(asked).rejects.toMatchObject({ code: 'VAGRANT_VBOX_MODULE' });
  });

  test.each(['hang', 'hang:list'])('one that hangs (%s) is told', async (fault) => {
    const broken = { ...env, VBOXMANAGE_FAULTS: fault };
    await expect(askVirtualBox('2.3.4', broken, 3)).rejects.toMatchObject({
      code: 'VAGRANT_VBOX_HANGS',
      exitCode: 3,
      fix: [
        expect.stringMatching(/^Linux: /),
        expect.stringMatching(/^macOS: /),
        expect.stringMatching(/^Windows: /),
        expect.anything(),
      ] as unknown,
    });
    await expect(readHostOnly({ env: broken, answerTime: 3 })).rejects.toMatchObject({
      code: 'VAGRANT_VBOX_HANGS',
    });
  });

  test('a list that cannot be had is left to Vagrant', async () => {
    await expect(readHostOnly({ env })).resolves.toBe('');
    const broken = { ...env, VBOXMANAGE_FAULTS: 'not-installed-right' };
    await expect(readHostOnly({ env: broken })).resolves.toBeUndefined();
    await expect(readHostOnly({ env: { PATH: '/nowhere' } })).resolves.toBeUndefined();
  });

  test('one that fails without a word is told with its exit status', async () => {
    const asked = askVirtualBox('2.3.4', { ...env, VBOXMANAGE_FAULTS: 'not-installed-right' });
    await expect(asked).rejects.toMatchObject({
      message: expect.stringContaining('exit status 126') as unknown,
    });
  });

  describe('its host-only interfaces', () => {
    const cluster = makeCluster([['cp1', 'control-plane']]);
    const own = { ...env, VBOX_USER_HOME: path.join(folder, 'hostonly'), HOME: folder };
    const manage = async (...args: string[]): Promise<void> => {
      const silent = { out: () => undefined, err: () => undefined };
      expect(await vboxManage(args, own, silent)).toBe(0);
    };
    const give = (address: string, netmask: string): Promise<void> =>
      manage('hostonlyif', 'ipconfig', 'vboxnet0', '--ip', address, '--netmask', netmask);

    test('one with the lab’s range is used again; another mask or host address is told, and mended as the error says', async () => {
      await manage('hostonlyif', 'create');
      const looked = (): Promise<boolean> =>
        requireWholeNetwork({ cluster, env: { ...env, VBOX_USER_HOME: own.VBOX_USER_HOME } });
      expect(await looked()).toBe(false);
      for (const [address, netmask, words, code] of [
        ['192.168.57.1', '255.255.255.128', 'vboxnet0 has 192.168.57.0/25', 'VAGRANT_HOST_ONLY_MASK'],
        ['192.168.57.1', '255.255.0.0', 'vboxnet0 has 192.168.0.0/16', 'VAGRANT_HOST_ONLY_MASK'],
        ['192.168.56.1', '255.255.254.0', 'vboxnet0 has 192.168.56.0/23', 'VAGRANT_HOST_ONLY_MASK'],
        ['192.168.57.254', '255.255.255.0', 'the address 192.168.57.254', 'VAGRANT_HOST_ONLY_ADDRESS'],
      ] as const) {
        await give(address, netmask);
        await expect(looked()).rejects.toMatchObject({
          code,
          exitCode: 3,
          message: expect.stringContaining(words) as unknown,
          fix: [
            expect.stringContaining(
              'VBoxManage hostonlyif ipconfig "vboxnet0" --ip 192.168.57.1 --netmask 255.255.255.0',
            ),
            expect.anything(),
          ] as unknown,
        });
      }
      await give('192.168.57.1', '255.255.255.0');
      expect(await looked()).toBe(true);
      await give('192.168.58.1', '255.255.255.0');
      expect(await looked()).toBe(false);
    });

    test('that made for a lab is removed when no machine is plugged into it any more; others stay', async () => {
      const lab = {
        cluster,
        folder: mkdtempSync(path.join(folder, 'lab-')),
        env: { ...env, VBOX_USER_HOME: own.VBOX_USER_HOME, HOME: folder },
      };
      const names = async (): Promise<(string | undefined)[]> => {
        const list = await readHostOnly(lab);
        return [...(list ?? '').matchAll(/^Name:\s+(\S+)$/gm)].map(([, name]) => name);
      };
      await manage('hostonlyif', 'create');
      expect(await names()).toEqual(['vboxnet0', 'vboxnet1']);
      await give('192.168.57.1', '255.255.255.0');
      await prepareHostOnly(lab);
      await removeHostOnly(lab);
      expect(await names()).toEqual(['vboxnet0', 'vboxnet1']);

      await give('192.168.58.1', '255.255.255.0');
      await prepareHostOnly(lab);
      await removeHostOnly(lab);
      expect(await names()).toEqual(['vboxnet0', 'vboxnet1']);

      await give('192.168.57.1', '255.255.255.0');
      const box = new PaperVirtualBox();
      await manage('import', box.box(), '--vsys', '0', '--vmname', 'other');
      await manage('modifyvm', 'other', '--nic2', 'hostonly', '--hostonlyadapter2', 'vboxnet0');
      await removeHostOnly(lab);
      expect(await names()).toEqual(['vboxnet0', 'vboxnet1']);

      await manage('modifyvm', 'other', '--nic2', 'none');
      await removeHostOnly(lab);
      expect(await names()).toEqual(['vboxnet1']);
      await removeHostOnly(lab);
      box.close();
    });

    test('are read as Windows names them, too', () => {
      const text = [
        'Name:            VirtualBox Host-Only Ethernet Adapter #2',
        'GUID:            5f2b0c1e-0000-4000-8000-000000000000',
        'DHCP:            Disabled',
        'IPAddress:       192.168.57.1',
        'NetworkMask:     255.255.255.0',
        'VBoxNetworkName: HostInterfaceNetworking-VirtualBox Host-Only Ethernet Adapter #2',
        '',
        'Name:            vboxnet1',
        'IPAddress:       ',
        'NetworkMask:     ',
        '',
      ].join('\r\n');
      expect(parseHostOnly(text)).toEqual([
        {
          name: 'VirtualBox Host-Only Ethernet Adapter #2',
          address: '192.168.57.1',
          netmask: '255.255.255.0',
        },
      ]);
    });
  });

  test('something else of that name is no VirtualBox', async () => {
    const bin = mkdtempSync(path.join(folder, 'bin-'));
    writeFileSync(path.join(bin, 'VBoxManage'), '#!/bin/sh\necho hello\n', { mode: 0o755 });
    const asked = askVirtualBox('2.3.4', { ...env, PATH: `${bin}${path.delimiter}${env.PATH ?? ''}` });
    await expect(asked).rejects.toMatchObject({ code: 'VAGRANT_PROVIDER_MISSING' });
  });
});
