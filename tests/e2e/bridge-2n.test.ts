import { expect } from '@jest/globals';
import { requireStatus } from '../support/k8slab.js';
import { expectPlannedAddresses } from './support/addresses.js';
import { expectMtu, expectPodRanges, expectRoutes, expectThreeHops } from './support/bridge.js';
import { expectDemo } from './support/demo.js';
import { KubernetesLab, bundleStep } from './support/kubernetesLab.js';
import { expectDestroyed, replaceMachine, haltAndUp } from './support/life.js';
import { scenario } from './support/scenario.js';
import { expectSound, Workshop } from './support/workshop.js';

/**
 * The simplest pod network that Kubernetes runs on, on two machines: ranges and routes from the plan, no daemon. Every packet
 * between machines is followed on its way.
 */
const workshop = new Workshop({ fresh: false });
const name = `bridge-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
const ethernet = 1500;
let bundle = '';

scenario('bridge-2n', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'create boots two machines, provisions and verifies them, and exits 0',
    async () => {
      const create = ['create', 'bridge-2n', '--dir', name, '--set', `name=${name}`];
      const ran = await workshop.run([...create, '--provider', 'lxc', '--bundle', bundle]);
      requireStatus(ran, 0, create);
      expect(ran.stdout).toMatch(new RegExp(`${name} is sound`));
    },
    600,
  );

  step('nodes have the planned addresses and pod ranges', async () => {
    await expectPlannedAddresses(lab);
    await expectPodRanges(lab);
    await expectRoutes(lab);
  });

  step(
    'pods run on both machines, reach each other and Services by name; NodePorts, logs and exec work',
    async () => {
      await expectDemo(lab);
    },
    300,
  );

  step('from pod to pod there are three hops: the own bridge, the other machine, the pod', async () => {
    await expectThreeHops(lab);
  });

  step('a packet that fills the MTU passes; one byte more fails, or passes in two pieces', async () => {
    await expectMtu(lab, ethernet);
  });

  step(
    'halt and up, without provisioning: routes and bridges are there, and it is sound',
    async () => {
      await haltAndUp(lab);
      await expectRoutes(lab);
      await expectDemo(lab);
      await expectThreeHops(lab);
      await expectSound(workshop, name);
    },
    480,
  );

  step(
    'a worker destroyed, made and joined again has its range again',
    async () => {
      await replaceMachine(lab, 'worker1');
      await expectPodRanges(lab);
      await expectDemo(lab);
      await expectThreeHops(lab);
      await expectSound(workshop, name);
    },
    480,
  );

  step('destroy leaves nothing of it on this host but the lab folder', async () => {
    await expectDestroyed(workshop, name);
  });
});
