import { expect } from '@jest/globals';
import {
  expectBgpEstablished,
  expectCalicoAddresses,
  expectPlannedAddresses,
  expectPodRoutes,
} from './support/addresses.js';
import { expectDemo } from './support/demo.js';
import { fingerprint } from './support/fingerprint.js';
import { createSound, KubernetesLab, bundleStep } from './support/kubernetesLab.js';
import {
  containersOf,
  expectDestroyed,
  expectKubeconfig,
  replaceMachine,
  haltAndUp,
} from './support/life.js';
import { expectFoundByProbes, expectProbes, expectTidyAfterKill } from './support/probes.js';
import { scenario } from './support/scenario.js';
import { expectSound, Workshop } from './support/workshop.js';

/**
 * The lab of the README, with the real kubeadm, kubelet, containerd and Calico on three machines, from a bundle: what it is when it
 * has come up, and its whole life. Calico speaks BGP without encapsulation, as lxc has no ipip module.
 */
const workshop = new Workshop({ fresh: false });
const name = `calico-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

scenario('calico-1cp-2w', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'create boots three machines, provisions and verifies them, and exits 0',
    async () => {
      await createSound(lab, '1cp-2w', bundle);
    },
    600,
  );

  step('every address is the planned one, although every default route is 10.0.2.15', async () => {
    await expectPlannedAddresses(lab);
    await expectCalicoAddresses(lab);
  });

  step('every BGP peer is Established', async () => {
    await expectBgpEstablished(lab);
  });

  step(
    'nginx answers through NodePorts, every pod reaches every pod and Services by name, logs and exec work',
    async () => {
      await expectDemo(lab);
      // Hosts whose kernel has no ipip module route without a tunnel.
      await expectPodRoutes(lab, lab.plan.cni.options.encapsulation === 'ipip' ? 'tunl0' : 'eth1');
    },
    300,
  );

  step('kubectl of this host works with the kubeconfig', async () => {
    await expectKubeconfig(lab);
  });

  step('verify finds it sound, every check answered', async () => {
    await expectSound(workshop, name);
  });

  step(
    'its own pods reach each other, Services, names and the outside, and are gone afterwards, also when it is killed',
    async () => {
      await expectProbes(lab);
      await expectTidyAfterKill(lab);
    },
    180,
  );

  step(
    'what only pods notice is one finding, on the right machine: a closed NodePort, lost large packets',
    async () => {
      const ports = 'PREROUTING -i eth1 -p tcp --dport 30000:32767';
      await expectFoundByProbes(lab, 'worker1', ports, 'K8S_NODE_PORT_CLOSED worker1');
      const large = 'FORWARD -m length --length 1400:65535';
      await expectFoundByProbes(lab, 'worker2', large, 'K8S_POD_PATH_LARGE_LOST worker2');
    },
    180,
  );

  step(
    'provision twice changes nothing: files, services, containers, certificates, objects',
    async () => {
      const before = await fingerprint(lab);
      for (const time of ['first', 'second']) {
        await workshop.expect(0, name, 'provision');
        expect({ time, ...(await fingerprint(lab)) }).toEqual({ time, ...before });
      }
    },
    300,
  );

  step(
    'halt, and up without provisioning: sound again, without a repair',
    async () => {
      await haltAndUp(lab);
      await expectSound(workshop, name);
      await expectPlannedAddresses(lab);
      await expectDemo(lab);
    },
    480,
  );

  step(
    'a worker destroyed, made and joined again: the cluster is whole again',
    async () => {
      await replaceMachine(lab, 'worker2');
      await expectSound(workshop, name);
      await expectCalicoAddresses(lab);
      await expectBgpEstablished(lab);
      await expectDemo(lab);
    },
    480,
  );

  step('destroy leaves nothing of it on this host but the lab folder', async () => {
    expect(containersOf(name)).toHaveLength(3);
    await expectDestroyed(workshop, name);
  });
});
