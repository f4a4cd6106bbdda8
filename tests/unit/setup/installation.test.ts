import { describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import { planInstallation } from '../../../src/setup/installation.js';
import { detectSystem } from '../../../src/setup/system.js';

const debian12 = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n`;
const ubuntu24 = `PRETTY_NAME="Ubuntu 24.04.1 LTS"\nID=ubuntu\nID_LIKE=debian\nVERSION_CODENAME=noble\n`;
const mint = `PRETTY_NAME='Linux Mint 22'\nID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_CODENAME=wilma\n`;
const rocky9 = `PRETTY_NAME="Rocky Linux 9.4"\nID="rocky"\nID_LIKE="rhel centos fedora"\n`;
const arch = `PRETTY_NAME="Arch Linux"\nID=arch\n`;

describe('detectSystem', () => {
  test.each([
    [
      'debian 12',
      debian12,
      { manager: 'apt', codename: 'bookworm', title: 'Debian GNU/Linux 12 (bookworm)' },
    ],
    ['ubuntu 24.04', ubuntu24, { manager: 'apt', codename: 'noble' }],
    ['a derivative', mint, { manager: 'apt', title: 'Linux Mint 22' }],
    ['rocky 9', rocky9, { manager: 'dnf' }],
    ['arch', arch, { manager: 'pacman' }],
  ])('%s', (_, osRelease, expected) => {
    expect(detectSystem('linux', osRelease)).toMatchObject(expected);
  });

  test('macOS and Windows have their own managers', () => {
    expect(detectSystem('darwin').manager).toBe('brew');
    expect(detectSystem('win32').manager).toBe('winget');
  });

  test('an unknown system has none', () => {
    expect(detectSystem('linux', 'ID=plan9\nVERSION_CODENAME="$(reboot)"\n')).toEqual({
      title: 'linux',
      ids: ['plan9'],
    });
  });
});

describe('planInstallation', () => {
  const vagrant = { what: 'vagrant', programs: ['vagrant'] };
  const lxc = { what: 'lxc', programs: ['lxc-create', 'slirp4netns'] };
  const virtualbox = { what: 'virtualbox', programs: ['VBoxManage'] };
  const plan = async (missing: { what: string; programs: string[] }[], osRelease: string, root = true) =>
    planInstallation(missing, detectSystem('linux', osRelease), (await loadAssets()).providers, root);

  test('Debian has Vagrant and the lxc plugin as packages: one install', async () => {
    const { commands, manual } = await plan([vagrant, lxc], debian12);
    expect(commands).toHaveLength(2);
    expect(commands[0]).toEqual(['apt-get', 'update']);
    expect(commands[1]?.slice(0, 4)).toEqual(['apt-get', 'install', '--yes', '--no-install-recommends']);
    expect(commands[1]).toEqual(expect.arrayContaining(['vagrant', 'vagrant-lxc', 'lxc', 'slirp4netns']));
    expect(manual).toEqual([]);
  });

  test('an ordinary user needs sudo for every command', async () => {
    const { commands } = await plan([vagrant], ubuntu24, false);
    expect(commands.every(([program]) => program === 'sudo')).toBe(true);
  });

  test('Ubuntu has no package vagrant: HashiCorp’s repository is added first, signed', async () => {
    const { commands } = await plan([vagrant, virtualbox], ubuntu24);
    const lines = commands.map((words) => words.join(' '));
    expect(lines.find((line) => line.includes('signed-by='))).toContain(' noble main');
    expect(lines.at(-1)).toMatch(/install .*vagrant virtualbox$/);
  });

  test('libvirt comes with its plugin on Debian; elsewhere Vagrant installs that, of what it is built from', async () => {
    const libvirt = { what: 'libvirt', programs: ['virsh', 'qemu-img'] };
    const debian = await plan([libvirt], debian12);
    expect(debian.manual).toEqual([]);
    expect(debian.packages).toEqual(
      expect.arrayContaining(['vagrant-libvirt', 'libvirt-daemon-system', 'qemu-system-x86', 'grub-pc-bin']),
    );
    for (const [system, headers] of [
      [ubuntu24, 'libvirt-dev'],
      [rocky9, 'libvirt-devel'],
    ] as const) {
      const { packages, manual } = await plan([libvirt], system);
      expect(packages).toContain(headers);
      expect(packages).not.toContain('vagrant-libvirt');
      expect(manual).toEqual(['vagrant plugin install vagrant-libvirt']);
    }
  });

  test('what no package gives is said, with where to get it', async () => {
    const { commands, manual } = await plan([virtualbox], debian12);
    expect(commands).toEqual([]);
    expect(manual.join('\n')).toContain('https://www.virtualbox.org/');
  });

  test('without a known package manager the programs are named', async () => {
    const { commands, manual } = await plan([vagrant, lxc], 'ID=plan9\n');
    expect(commands).toEqual([]);
    expect(manual.join('\n')).toContain('lxc-create, slirp4netns');
  });

  test('Homebrew installs casks, winget one package a command', async () => {
    const { providers } = await loadAssets();
    const brew = planInstallation([vagrant, virtualbox], detectSystem('darwin'), providers, false);
    expect(brew.commands).toEqual([['brew', 'install', '--cask', 'vagrant', 'virtualbox']]);
    const winget = planInstallation([vagrant, virtualbox], detectSystem('win32'), providers, false);
    expect(winget.commands.map((words) => words.at(-1))).toEqual(['Hashicorp.Vagrant', 'Oracle.VirtualBox']);
  });
});
