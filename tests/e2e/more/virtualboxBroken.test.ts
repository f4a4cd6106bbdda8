import { spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import type { Cluster } from '../../../src/plan/cluster.js';
import { Vagrant } from '../../../src/vagrant/vagrant.js';
import { requireStatus } from '../../support/k8slab.js';
import type { FaultName } from '../../virtualbox/vboxmanage/faults.js';
import { processesWith } from '../support/host.js';
import { scenario } from '../support/scenario.js';
import { VirtualBoxWorkshop } from '../support/virtualBox.js';
import { expectSound } from '../support/workshop.js';

/**
 * VirtualBox that is broken in the ways public reports tell of: each ends in an error that names the cause, and the same
 * lab comes up once it is mended.
 */
const workshop = new VirtualBoxWorkshop();
const lab = `broken-${workshop.id}`;
const vagrantfile = workshop.path(lab, 'Vagrantfile');

const fails = async (code: string, raw: string): Promise<void> => {
  const { status, stdout, stderr } = await workshop.run(['up'], { lab });
  expect([status, stderr]).toEqual([3, expect.stringContaining(code)]);
  expect(stdout + stderr).toContain(raw);
  expect(stdout + stderr).toContain('→');
};

/** Kills k8slab once Vagrant's log has these words, and Vagrant too when asked to; gives how `up` ended. */
async function killWhen(words: string, milliseconds: number, vagrantToo: boolean): Promise<number> {
  const log = workshop.path(lab, '.k8slab', 'logs', 'node1.log');
  let timer: NodeJS.Timeout | undefined;
  const started = (child: ChildProcess): void => {
    timer = setInterval(() => {
      if (!existsSync(log) || !readFileSync(log, 'utf8').includes(words)) return;
      clearInterval(timer);
      setTimeout(() => {
        child.kill('SIGKILL');
        // It goes on without us otherwise, up to the end of the boot.
        if (vagrantToo) spawnSync('kill', ['-KILL', ...vagrants()]);
      }, milliseconds);
    }, 20);
  };
  const { status } = await workshop.run(['up'], { lab, started });
  clearInterval(timer);
  return status;
}

/** The Vagrant that boots the lab's machine. */
const vagrants = (): string[] =>
  processesWith(`VAGRANT_CWD=${workshop.path(lab)}`)
    .filter((line) => /vagrant.* up node1/.test(line))
    .map((line) => line.replace(/ .*/, ''));

/** Removes every machine, the one that the others are clones of, too. */
const removeMachines = async (): Promise<void> => {
  await workshop.expect(0, lab, 'destroy', '--yes');
  for (const name of (await workshop.machines()).reverse())
    await workshop.vboxManage('unregistervm', name, '--delete');
};

/** Faults that keep every machine from starting, the code of our error, words of theirs below it, and whether doctor knows. */
const beforeBoot: [fault: FaultName, code: string, raw: string, told: boolean][] = [
  ['too-new', 'VAGRANT_VBOX_TOO_NEW', '4.0, 4.1, 4.2', true],
  ['no-vboxdrv', 'VAGRANT_VBOX_MODULE', 'kernel module is not loaded', true],
  ['disk-full', 'VAGRANT_DISK_FULL', 'VERR_DISK_FULL', false],
  ['no-vboxnetctl', 'VAGRANT_HOST_ONLY_ADAPTER', '/dev/vboxnetctl', false],
  ['hostonlyif-fails', 'VAGRANT_HOST_ONLY_ADAPTER', 'ioctl failed', false],
  ['no-vtx', 'VAGRANT_VIRTUALIZATION_OFF', 'VERR_VMX_NO_VMX', true],
  ['hyper-v', 'VAGRANT_HYPERV_IN_USE', 'VERR_NEM_VM_CREATE_FAILED', false],
];

/** Subcommands that hang, and what Vagrant has written by then. */
const hanging: [subcommand: string, words: string][] = [
  ['import', 'Importing base box'],
  ['startvm', 'Booting'],
];

/**
 * Kills in the order of a boot: what Vagrant writes when it comes to a phase, none of which is a moment only, and whether
 * Vagrant dies, too, as when the computer is switched off.
 */
const phases: [phase: string, log: string, milliseconds: number, vagrantToo: boolean][] = [
  ['the box is imported', 'Importing base box', 300, true],
  ['the box is cloned', 'Cloning VM', 300, true],
  ['adapters are set', 'Preparing network interfaces', 100, true],
  ['the machine boots', 'Booting VM', 500, true],
  ['the machine gets its key', 'Waiting for machine to boot', 2500, true],
  ['the guest configures its adapters', 'Configuring and enabling network interfaces', 100, false],
];

scenario('virtualboxBroken', workshop, (step) => {
  step(
    'a lab is written',
    async () => {
      const box = await workshop.install();
      writeFileSync(
        workshop.path('lab.yaml'),
        `name: ${lab}\nbootstrap: none\nruntime: { name: containerd, install: distribution }\ncni: bridge\nworkers: { count: 1, machines: [{ name: node1 }] }\n`,
      );
      const args = ['create', 'lab.yaml', '--dir', lab, '--no-up', ...box];
      requireStatus(await workshop.run(args), 0, args);
    },
    600,
  );

  for (const [fault, code, raw, told] of beforeBoot) {
    step(`${fault}: ${code}${told ? ', which doctor tells, too' : ''}`, async () => {
      workshop.breakBy(fault);
      await fails(code, raw);
      if (told) expect((await workshop.expect(3, lab, 'doctor')).stdout).toContain(code);
      workshop.breakBy();
    });
  }

  step('VBoxManage that hangs: VAGRANT_VBOX_HANGS, before Vagrant is asked', async () => {
    workshop.breakBy('hang');
    await fails('VAGRANT_VBOX_HANGS', 'did not answer within 20 s');
    const doctor = await workshop.expect(3, lab, 'doctor');
    expect(doctor.stdout).toContain('VAGRANT_VBOX_HANGS');
    workshop.breakBy();
  });

  for (const [subcommand, words] of hanging) {
    step(`VBoxManage ${subcommand} that hangs while Vagrant waits for it: VAGRANT_SILENT`, async () => {
      if (subcommand === 'import') await removeMachines();
      workshop.breakBy(`hang:${subcommand}`);
      const vagrant = new Vagrant({
        cluster: workshop.plan(lab) as unknown as Cluster,
        folder: workshop.path(lab),
        env: workshop.env,
        patience: { interrupt: 5_000, terminate: 5_000 },
        silence: 30,
      });
      await expect(vagrant.up('node1')).rejects.toMatchObject({
        code: 'VAGRANT_SILENT',
        raw: expect.stringContaining(words) as unknown,
      });
      expect(processesWith(workshop.path('state', 'virtualbox'))).toEqual([]);
      workshop.breakBy();
      await workshop.expect(0, lab, 'halt');
    });
  }

  for (const [what, code, own] of [
    ['another mask', 'VAGRANT_HOST_ONLY_MASK', (address) => [address, '255.255.252.0']],
    [
      'another host address',
      'VAGRANT_HOST_ONLY_ADDRESS',
      (address) => [address.replace(/1$/, '254'), '255.255.255.0'],
    ],
  ] as [string, string, (address: string) => [string, string]][]) {
    step(
      `a host-only interface with the lab’s range and ${what}: ${code}, mended as doctor says`,
      async () => {
        const { hostOnly } = (workshop.plan(lab) as unknown as Cluster).networking;
        const [name = ''] = await workshop.hostOnly();
        const [ip, netmask] = own(hostOnly.hostAddress);
        await workshop.vboxManage('hostonlyif', 'ipconfig', name, '--ip', ip, '--netmask', netmask);
        await fails(code, name);
        const doctor = await workshop.expect(3, lab, 'doctor');
        expect(doctor.stdout).toContain(code);
        await workshop.shell(lab, /VBoxManage hostonlyif ipconfig .*/.exec(doctor.stdout)?.[0] ?? '');
        await workshop.expect(0, lab, 'doctor');
      },
    );
  }

  step(
    'a machine that never answers on ssh: VAGRANT_BOOT_TIMEOUT',
    async () => {
      workshop.breakBy('no-ssh');
      const text = readFileSync(vagrantfile, 'utf8');
      writeFileSync(vagrantfile, text.replace('boot_timeout = 900', 'boot_timeout = 10'));
      await fails('VAGRANT_BOOT_TIMEOUT', 'Timed out while waiting for the machine to boot');
      writeFileSync(vagrantfile, text);
      workshop.breakBy();
      await workshop.expect(0, lab, 'halt');
    },
    240,
  );

  for (const state of ['aborted', 'gurumeditation'] as const) {
    step(`a machine that ends up ${state}: VAGRANT_MACHINE_CRASHED`, async () => {
      workshop.breakBy(state);
      await fails('VAGRANT_MACHINE_CRASHED', `'${state}'`);
      workshop.breakBy();
      await workshop.expect(0, lab, 'halt');
    });
  }

  for (const [phase, log, milliseconds, vagrantToo] of phases) {
    step(`killed while ${phase}${vagrantToo ? ', and Vagrant with it' : ''}`, async () => {
      if (log === 'Importing base box') await removeMachines();
      // What the kill left stands in the way of the phases before the next one, but no further.
      if (log === 'Waiting for machine to boot') {
        await workshop.expect(0, lab, 'up', '--no-verify');
        await workshop.expect(0, lab, 'destroy', '--yes');
      }
      if (log === 'Configuring and enabling network interfaces') {
        await workshop.expect(0, lab, 'up', '--no-verify');
        await workshop.expect(0, lab, 'halt');
      }
      rmSync(workshop.path(lab, '.k8slab', 'logs', 'node1.log'), { force: true });
      expect(await killWhen(log, milliseconds, vagrantToo)).toBe(137);
    });
  }

  step(
    'mended, and after all the kills, the lab comes up',
    async () => {
      await workshop.expect(0, lab, 'up');
      await expectSound(workshop, lab);
      expect((await workshop.machines()).filter((name) => name.startsWith(`${lab}-`))).toHaveLength(1);
      // The interface that was there is used.
      expect(await workshop.hostOnly()).toHaveLength(1);
    },
    600,
  );
});
