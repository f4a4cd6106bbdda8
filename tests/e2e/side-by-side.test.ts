import { expect } from '@jest/globals';
import {
  expectCalicoAddresses,
  expectFlannelAddresses,
  expectPlannedAddresses,
  expectPodRoutes,
} from './support/addresses.js';
import { expectDemo } from './support/demo.js';
import { createSound, KubernetesLab, bundleStep } from './support/kubernetesLab.js';
import { expectDestroyed } from './support/life.js';
import { scenario } from './support/scenario.js';
import { expectSound, Workshop } from './support/workshop.js';

/**
 * Two clusters on one host, made at the same time: Calico with VXLAN, and flannel. Neither disturbs the other, and
 * pods' packets cross from machine to machine wrapped.
 */
const workshop = new Workshop({ fresh: false });
const vxlan = new KubernetesLab(workshop, `vxlan-${workshop.id}`);
const flannel = new KubernetesLab(workshop, `flannel-${workshop.id}`);
let bundle = '';

scenario('side-by-side', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'two labs are created at the same time, and both are sound',
    async () => {
      const created = await Promise.allSettled([
        createSound(vxlan, '1cp-2w', bundle, 'cni.name=calico', 'cni.encapsulation=vxlan'),
        createSound(flannel, 'flannel-1cp-2w', bundle),
      ]);
      for (const result of created) if (result.status === 'rejected') throw result.reason;
      const [one, two] = [vxlan.plan, flannel.plan].map(({ networking }) => networking.hostOnly);
      expect(one?.cidr).not.toBe(two?.cidr);
      expect(one?.bridge).not.toBe(two?.bridge);
    },
    720,
  );

  step('every address is the planned one, although every default route is 10.0.2.15', async () => {
    await expectPlannedAddresses(vxlan);
    await expectCalicoAddresses(vxlan);
    await expectPlannedAddresses(flannel);
    await expectFlannelAddresses(flannel);
  });

  step(
    'in both, nginx answers through NodePorts, pods reach pods and Services in VXLAN, logs and exec work',
    async () => {
      await expectDemo(vxlan);
      await expectPodRoutes(vxlan, 'vxlan.calico');
      await expectDemo(flannel);
      await expectPodRoutes(flannel, 'flannel.1');
    },
    300,
  );

  step('verify finds both sound, every check answered', async () => {
    await expectSound(workshop, vxlan.lab);
    await expectSound(workshop, flannel.lab);
  });

  step(
    'one destroyed, the other works on',
    async () => {
      await expectDestroyed(workshop, vxlan.lab);
      await expectDemo(flannel);
      await expectSound(workshop, flannel.lab);
    },
    240,
  );

  step('destroy leaves nothing of the other, either', async () => {
    await expectDestroyed(workshop, flannel.lab);
  });
});
