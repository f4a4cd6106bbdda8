import { expect } from '@jest/globals';
import { expectBare, machineIds, tracesOn } from '../support/bare.js';
import { expectDemo } from '../support/demo.js';
import { expectEndpointEverywhere, holderOf } from '../support/failover.js';
import { bundleStep, createSound, KubernetesLab, type Node } from '../support/kubernetesLab.js';
import { replaceMachine } from '../support/life.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/** Three control planes that share an address: the first is taken out and comes back, then all are taken down and built again. */
const workshop = new Workshop({ fresh: false });
const lab = new KubernetesLab(workshop, `reset-${workshop.id}`);
let bundle = '';
let ids: string[] = [];

const nodes = async (): Promise<string[]> =>
  (await lab.list<Node>('nodes')).map(({ metadata }) => metadata.name).sort();

scenario('reset-3cp-2w', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'a cluster is there',
    async () => {
      await createSound(lab, '3cp-2w', bundle);
      ids = await machineIds(lab);
      for (const found of Object.values(await tracesOn(lab))) expect(found).toMatch(/cali/);
    },
    900,
  );

  step(
    'the first control plane alone: the others go on without it, and it joins them again',
    async () => {
      await workshop.expect(0, lab.lab, 'reset', 'cp1', '--yes');
      expect(await nodes()).toEqual(['cp2', 'cp3', 'worker1', 'worker2']);
      expect(['cp2', 'cp3']).toContain(await holderOf(lab));
      await workshop.expect(0, lab.lab, 'provision', 'cp1');
      await workshop.expect(0, lab.lab, 'verify', '--wait', '5m');
      expect(await nodes()).toEqual(['cp1', 'cp2', 'cp3', 'worker1', 'worker2']);
    },
    480,
  );

  step(
    'the first control plane destroyed: up makes it anew, and it joins the others',
    async () => {
      await replaceMachine(lab, 'cp1');
      expect(await nodes()).toEqual(['cp1', 'cp2', 'cp3', 'worker1', 'worker2']);
      await expectSound(workshop, lab.lab);
      ids = await machineIds(lab);
    },
    600,
  );

  step(
    'reset leaves nothing of the cluster on any machine, and the machines',
    async () => {
      await workshop.expect(0, lab.lab, 'reset', '--yes');
      await expectBare(lab);
      expect(await machineIds(lab)).toEqual(ids);
    },
    300,
  );

  step(
    'provision builds it again: sound, with one holder of the address, and nginx answers',
    async () => {
      await workshop.expect(0, lab.lab, 'provision');
      await workshop.expect(0, lab.lab, 'verify', '--wait', '5m');
      await holderOf(lab);
      await expectEndpointEverywhere(lab);
      await expectDemo(lab);
      await expectSound(workshop, lab.lab);
      expect(await machineIds(lab)).toEqual(ids);
    },
    900,
  );
});
