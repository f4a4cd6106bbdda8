import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { LibvirtWorkshop, libvirtTraces } from '../support/libvirt.js';
import { scenario } from '../support/scenario.js';
import { expectSound } from '../support/workshop.js';

/**
 * Two machines of libvirt's: with KVM where this host has it, else emulated, in six minutes and more. One CPU and 512 MiB each
 * are enough for a lab without Kubernetes.
 */
const workshop = new LibvirtWorkshop({ fresh: false });
const lab = `libvirt-${workshop.id}`;

scenario('libvirt', workshop, (step) => {
  step(
    'create builds the box, boots two machines side by side and sets them up',
    async () => {
      const size = ['--set', 'workers.cpus=1', '--set', 'workers.memory=512MiB'];
      const args = [
        'create',
        'cni-2n',
        '--dir',
        lab,
        '--set',
        `name=${lab}`,
        '--provider',
        'libvirt',
        ...size,
      ];
      requireStatus(await workshop.run(args, { timeout: 3000 }), 0, args);
    },
    3100,
  );

  step(
    'verify finds it sound',
    async () => {
      await expectSound(workshop, lab);
    },
    600,
  );

  step(
    'adapter 2 has the planned address, and the way out is adapter 1',
    async () => {
      for (const { name, address } of workshop.plan(lab).machines) {
        expect(await workshop.on(lab, name, 'ip -4 -brief address show dev eth1')).toContain(address);
        expect(await workshop.on(lab, name, 'ip -4 route show default')).toContain(
          'via 192.168.121.1 dev eth0',
        );
      }
    },
    600,
  );

  step(
    'halt, and up again: still sound',
    async () => {
      await workshop.expect(0, lab, 'halt');
      requireStatus(await workshop.run(['up'], { lab, timeout: 3000 }), 0, ['up']);
      await expectSound(workshop, lab);
    },
    3600,
  );

  step(
    'destroy leaves neither machine, disk, network, bridge nor dnsmasq',
    async () => {
      const { cidr } = workshop.plan(lab).networking.hostOnly;
      expect(libvirtTraces(lab, cidr)).not.toEqual([]);
      await workshop.expect(0, lab, 'destroy', '--yes');
      expect(libvirtTraces(lab, cidr)).toEqual([]);
    },
    600,
  );
});
