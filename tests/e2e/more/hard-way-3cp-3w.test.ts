import { expect } from '@jest/globals';
import { expectRoutes } from '../support/bridge.js';
import { expectDemo, expectPodsReachPods, startDemo } from '../support/demo.js';
import { haScenario } from '../support/haScenario.js';
import {
  expectCertificates,
  expectEncryptedSecrets,
  expectFaultsNamed,
  expectOwnKeysOnly,
  expectSoundUnits,
} from '../support/hardWay.js';
import { replaceMachine } from '../support/life.js';
import { expectSound } from '../support/workshop.js';

/** The hard way, highly available: units and certificates of three control planes, etcd of three members. */
haScenario('hard-way-3cp-3w', 'hard-way-3cp-3w', ['haproxy', 'keepalived'], (step, lab) => {
  step(
    'certificates are for every control plane and the shared address, and for their use only',
    async () => {
      await expectCertificates(lab);
      await expectOwnKeysOnly(lab);
      await expectSoundUnits(lab);
      await expectEncryptedSecrets(lab);
    },
  );

  step(
    'one controller manager and one scheduler work, and every pod reaches every pod over the planned routes',
    async () => {
      for (const lease of ['kube-controller-manager', 'kube-scheduler']) {
        const holder = ['-o', 'jsonpath={.spec.holderIdentity}'];
        expect(await lab.kubectl('-n', 'kube-system', 'get', 'lease', lease, ...holder)).toMatch(/^cp[123]_/);
      }
      await startDemo(lab);
      await expectRoutes(lab);
      await expectPodsReachPods(lab);
    },
    300,
  );

  step(
    'a scheduler stopped, a kube-proxy taken away, an etcd that does not start: verify names each, and its advice mends it',
    async () => {
      await expectFaultsNamed(lab);
    },
    600,
  );

  step(
    'a control plane destroyed and made anew: etcd takes the old member out and the new one in',
    async () => {
      await replaceMachine(lab, 'cp2');
      await expectSound(lab.workshop, lab.lab);
      await expectDemo(lab);
    },
    600,
  );
});
