import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { expectCalicoAddresses, expectPlannedAddresses } from '../support/addresses.js';
import { bundleTime, requireBundle } from '../support/bundle.js';
import { expectDemo } from '../support/demo.js';
import { fingerprint } from '../support/fingerprint.js';
import { processesWith } from '../support/host.js';
import { KubernetesLab, useKubectlOf } from '../support/kubernetesLab.js';
import { replaceMachine, haltAndUp } from '../support/life.js';
import { scenario } from '../support/scenario.js';
import { VirtualBoxWorkshop } from '../support/virtualBox.js';
import { expectSound } from '../support/workshop.js';

/**
 * The lab of the README as most students run it: Vagrant's VirtualBox provider, machines booted one after the other, a real
 * Kubernetes with Calico. VirtualBox is the stand-in of tests/virtualbox, or with `npm run e2e:virtualbox-real` the real one, with
 * the default box and everything downloaded.
 */
const workshop = new VirtualBoxWorkshop();
const name = `vboxk8s-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let options: string[] = [];
let before: { machines: string[]; hostOnly: string[] } = { machines: [], hostOnly: [] };

/** What belongs to the lab, and not to everything made of the box. */
const own = (names: string[]): string[] => names.filter((machine) => machine.startsWith(`${name}-`));

/** When Vagrant began to boot a machine, when it had, and when the provisioner began, as the machine's log has it. */
function timesOf(machine: string): { boots: number; booted: number; provisions: number } {
  const log = readFileSync(workshop.path(name, '.k8slab', 'logs', `${machine}.log`), 'utf8');
  const at = (pattern: RegExp): number => Date.parse(pattern.exec(log)?.[1] ?? '');
  return {
    boots: at(/^=== (\S+) vagrant up/m),
    booted: at(/^--- (\S+) exit status 0/m),
    provisions: at(/^=== (\S+) provision/m),
  };
}

scenario('virtualboxKubernetes', workshop, (step) => {
  step(
    'a VirtualBox is there, and where it is the stand-in, a box and a bundle',
    async () => {
      options = await workshop.install();
      if (!workshop.real) {
        const bundle = await requireBundle('calico');
        await useKubectlOf(bundle, workshop);
        workshop.adapt();
        options.push('--bundle', bundle);
      }
      before = { machines: await workshop.machines(), hostOnly: await workshop.hostOnly() };
    },
    bundleTime,
  );

  step(
    'create boots one machine after the other, sets each up while the next boots, and exits 0',
    async () => {
      const args = ['create', '1cp-2w', '--dir', name, '--set', `name=${name}`, ...options];
      const ran = await workshop.run(args, { timeout: 3600 });
      requireStatus(ran, 0, args);
      expect(ran.stdout).toMatch(new RegExp(`${name} is sound`));
      const [cp1, worker1, worker2] = ['cp1', 'worker1', 'worker2'].map(timesOf);
      expect(cp1?.booted).toBeLessThanOrEqual(worker1?.boots ?? NaN);
      expect(worker1?.booted).toBeLessThanOrEqual(worker2?.boots ?? NaN);
      expect(cp1?.provisions).toBeLessThan(worker1?.booted ?? NaN);
      expect(worker1?.provisions).toBeLessThan(worker2?.booted ?? NaN);
    },
    3700,
  );

  step('every address is the planned one, although every default route is 10.0.2.15', async () => {
    if (!workshop.real) await expectPlannedAddresses(lab);
    await expectCalicoAddresses(lab);
    expect(own(await workshop.machines())).toHaveLength(3);
  });

  step(
    'nginx answers through NodePorts, every pod reaches every pod and Services by name, logs and exec work',
    async () => {
      await expectDemo(lab);
    },
    400,
  );

  step('verify finds it sound, every check answered', async () => {
    await expectSound(workshop, name);
  });

  step(
    'provision changes nothing: files, services, containers, certificates, objects',
    async () => {
      const found = await fingerprint(lab);
      await workshop.expect(0, name, 'provision');
      expect(await fingerprint(lab)).toEqual(found);
    },
    400,
  );

  step(
    'halt, and up without provisioning: sound again',
    async () => {
      await haltAndUp(lab);
      await expectSound(workshop, name);
      await expectDemo(lab);
    },
    1200,
  );

  step(
    'a worker destroyed, made and joined again: the cluster is whole again',
    async () => {
      await replaceMachine(lab, 'worker2');
      await expectSound(workshop, name);
      await expectCalicoAddresses(lab);
      await expectDemo(lab);
    },
    1200,
  );

  step(
    'destroy leaves no machine, interface or process of it',
    async () => {
      await workshop.expect(0, name, 'destroy', '--yes');
      expect(own(await workshop.machines())).toEqual([]);
      expect(await workshop.hostOnly()).toEqual(before.hostOnly);
      if (process.platform === 'linux') expect(processesWith(name)).toEqual([]);
      if (!workshop.real) expect(processesWith(workshop.path('state', 'virtualbox'))).toEqual([]);
    },
    300,
  );
});
