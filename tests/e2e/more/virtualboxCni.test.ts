import { readdirSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { baseMac } from '../../virtualbox/box.js';
import { processesWith } from '../support/host.js';
import { scenario } from '../support/scenario.js';
import { VirtualBoxWorkshop } from '../support/virtualBox.js';
import { expectSound } from '../support/workshop.js';

/**
 * The VirtualBox path: the real Vagrant runs the real Vagrantfile with its VirtualBox provider. Only `VBoxManage` is a
 * stand-in (tests/virtualbox), whose machines are system containers.
 */
const workshop = new VirtualBoxWorkshop();
const lab = `vbox-${workshop.id}`;
const second = `beside-${workshop.id}`;
let box: string[] = [];

const create = async (what: string, name: string): Promise<void> => {
  const args = ['create', what, '--dir', name, '--set', `name=${name}`, ...box];
  const ran = await workshop.run(args);
  requireStatus(ran, 0, args);
};

/** VirtualBox’s name of a lab’s machine: the third number of its network tells labs of one name apart. */
const nameOf = (name: string, machine: string): string =>
  `${name}-${machine}-${workshop.plan(name).networking.hostOnly.cidr.split('.')[2] ?? ''}`;

scenario('virtualboxCni', workshop, (step) => {
  step(
    'the stand-in and a box for it are ready',
    async () => {
      box = await workshop.install();
      expect(await workshop.vboxManage('--version')).toMatch(/^7\.0\.\d+r\d+\n$/);
    },
    600,
  );

  step(
    'create boots one machine after the other and ends in a sound lab',
    async () => {
      await create('cni-2n', lab);
      await expectSound(workshop, lab);
    },
    900,
  );

  step('VirtualBox has what the plan says: names, groups, sizes, adapters, ports', async () => {
    const ports = new Set<string>();
    const plan = workshop.plan(lab);
    const hostOnly = await workshop.vboxManage('list', 'hostonlyifs');
    expect(hostOnly).toContain(plan.networking.hostOnly.cidr.replace(/0\/24$/, '1'));
    for (const { name, address } of plan.machines) {
      const info = await workshop.info(nameOf(lab, name));
      expect(info).toMatchObject({
        groups: `/${lab}`,
        memory: '1024',
        cpus: '1',
        nic1: 'nat',
        macaddress1: baseMac,
        nic2: 'hostonly',
        nic3: 'none',
        VMState: 'running',
      });
      // A linked clone: a disk of differences.
      expect(info['SATA Controller-0-0']).toContain('/Snapshots/');
      const [rule = '', protocol, host, port = '', , guest] = info['Forwarding(0)']?.split(',') ?? [];
      expect([rule, protocol, host, guest]).toEqual(['ssh', 'tcp', '127.0.0.1', '22']);
      ports.add(port);
      const seen = await workshop.on(lab, name, 'ip -4 -brief address; cat /sys/class/net/eth?/address');
      expect(seen).toMatch(/^eth0\S* .*10\.0\.2\.15\/24/m);
      expect(seen).toMatch(new RegExp(`^eth1\\S* .*${address}/24`, 'm'));
      expect(seen).toContain((info.macaddress2?.match(/../g) ?? []).join(':').toLowerCase());
    }
    expect(ports.size).toBe(plan.machines.length);
  });

  step('each machine has a key of its own in place of the one everybody knows', async () => {
    const keys = await Promise.all(
      ['node1', 'node2'].map((name) => workshop.on(lab, name, 'cat /home/vagrant/.ssh/authorized_keys')),
    );
    expect(new Set(keys).size).toBe(2);
    for (const key of keys) expect(key).not.toContain('vagrant insecure public key');
  });

  step(
    'halted machines come up again, and nothing is lost although Vagrant sets the adapters up anew',
    async () => {
      await workshop.expect(0, lab, 'halt');
      expect((await workshop.info(nameOf(lab, 'node1'))).VMState).toBe('poweroff');
      await workshop.expect(0, lab, 'up');
      await expectSound(workshop, lab);
    },
    600,
  );

  step(
    'a machine that is destroyed is made anew',
    async () => {
      await workshop.expect(0, lab, 'destroy', 'node2', '--yes');
      expect(await workshop.machines()).not.toContain(nameOf(lab, 'node2'));
      await workshop.expect(0, lab, 'up');
      await expectSound(workshop, lab);
    },
    600,
  );

  step(
    'a second lab beside it gets another network and other ports',
    async () => {
      const file = workshop.path('one.yaml');
      writeFileSync(
        file,
        'bootstrap: none\nruntime: { name: containerd, install: distribution }\ncni: bridge\nworkers: { count: 1, machines: [{ name: node1 }] }\n',
      );
      await create(file, second);
      await expectSound(workshop, lab);
      const networks = [lab, second].map((name) => workshop.plan(name).networking.hostOnly.cidr);
      expect(new Set(networks).size).toBe(2);
      expect(await workshop.hostOnly()).toHaveLength(2);
      await workshop.expect(0, second, 'destroy', '--yes');
      // Its interface is gone, that of the other lab is not.
      expect(await workshop.hostOnly()).toHaveLength(1);
      await expectSound(workshop, lab);
    },
    600,
  );

  step('destroy leaves nothing but what every lab of the box shares', async () => {
    await workshop.expect(0, lab, 'destroy', '--yes');
    const [master = '', ...others] = await workshop.machines();
    expect(master).toMatch(/^debian-12-amd64_/);
    expect(others).toEqual([]);
    expect(readdirSync(workshop.path('home', 'VirtualBox VMs'))).toEqual([master]);
    expect(await workshop.hostOnly()).toEqual([]);
    expect(processesWith(workshop.path('state', 'virtualbox'))).toEqual([]);
  });
});
