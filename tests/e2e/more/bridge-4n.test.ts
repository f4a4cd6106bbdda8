import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { expectMtu, expectPodRanges, expectRoutes, expectThreeHops } from '../support/bridge.js';
import { bundleTime, requireBundle } from '../support/bundle.js';
import { expectDemo } from '../support/demo.js';
import { KubernetesLab, useKubectlOf } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/**
 * bridge-2n with four machines and the MTU of a cloud's network: n−1 routes on each machine. The workers join in the reverse of the
 * planned order, one being late, and have the planned ranges nevertheless.
 */
const workshop = new Workshop({ fresh: false });
const name = `bridge4-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
const mtu = 1450;

scenario('bridge-4n', workshop, (step) => {
  step(
    'the lab is written from a bundle',
    async () => {
      const bundle = await requireBundle('calico');
      await useKubectlOf(bundle, workshop);
      const sets = [`name=${name}`, 'workers=3', `networking.mtu=${mtu}`].flatMap((set) => ['--set', set]);
      const create = ['create', 'bridge-2n', '--dir', name, ...sets, '--provider', 'lxc', '--no-up'];
      requireStatus(await workshop.run([...create, '--bundle', bundle]), 0, create);
    },
    bundleTime,
  );

  for (const machine of ['cp1', 'worker3', 'worker2']) {
    step(
      `${machine} comes up`,
      async () => {
        await workshop.run(['up', machine], { lab: name });
        const joined = await lab.kubectl('get', 'nodes', '--output', 'name');
        expect(joined).toContain(`node/${machine}`);
      },
      480,
    );
  }

  step('a node that nobody planned gets no range: the controller manager hands out none', async () => {
    await lab.apply('apiVersion: v1\nkind: Node\nmetadata: { name: stranger }\n');
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const range = ['get', 'node', 'stranger', '--output', 'jsonpath=range:{.spec.podCIDR}'];
    expect(await lab.kubectl(...range)).toBe('range:');
    await lab.kubectl('delete', 'node', 'stranger');
  });

  step(
    'the first worker joins last, and the lab is sound',
    async () => {
      await workshop.expect(0, name, 'up');
      await expectSound(workshop, name);
    },
    480,
  );

  step(
    'every node has the range of the plan, every machine a route to each of the three others',
    async () => {
      await expectPodRanges(lab);
      await expectRoutes(lab);
    },
  );

  step(
    'pods of all machines reach each other, over three hops, with packets up to the MTU',
    async () => {
      await expectDemo(lab);
      await expectThreeHops(lab);
      await expectMtu(lab, mtu);
    },
    300,
  );
});
