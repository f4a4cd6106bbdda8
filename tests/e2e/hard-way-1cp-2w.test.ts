import { requireStatus } from '../support/k8slab.js';
import { expectRoutes } from './support/bridge.js';
import { expectDemo } from './support/demo.js';
import {
  expectCertificates,
  expectEncryptedSecrets,
  expectOwnKeysOnly,
  expectSoundUnits,
} from './support/hardWay.js';
import { KubernetesLab, bundleStep } from './support/kubernetesLab.js';
import { expectDestroyed, haltAndUp } from './support/life.js';
import { scenario } from './support/scenario.js';
import { expectSound, Workshop } from './support/workshop.js';

/** Kubernetes from units and certificates alone, on three machines. */
const workshop = new Workshop({ fresh: false });
const name = `hard-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

scenario('hard-way-1cp-2w', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'create boots three machines, provisions and verifies them, and exits 0',
    async () => {
      const create = ['create', 'hard-way-1cp-2w', '--dir', name, '--set', `name=${name}`];
      const ran = await workshop.run([...create, '--provider', 'lxc', '--bundle', bundle]);
      requireStatus(ran, 0, create);
    },
    600,
  );

  step('certificates are for real names and addresses, and for their use only', async () => {
    await expectCertificates(lab);
    await expectOwnKeysOnly(lab);
  });

  step('systemd finds nothing wrong with the units, and all are active', async () => {
    await expectSoundUnits(lab);
  });

  step('a Secret lies in etcd encrypted', async () => {
    await expectEncryptedSecrets(lab);
  });

  step(
    'nginx answers through NodePorts, every pod reaches every pod and Services by name, logs and exec work',
    async () => {
      await expectDemo(lab);
      await expectRoutes(lab);
    },
    300,
  );

  step(
    'halt and up, without provisioning: sound again',
    async () => {
      await haltAndUp(lab);
      await expectSound(workshop, name);
      await expectDemo(lab);
    },
    480,
  );

  step('destroy leaves nothing of it on this host but the lab folder', async () => {
    await expectDestroyed(workshop, name);
  });
});
