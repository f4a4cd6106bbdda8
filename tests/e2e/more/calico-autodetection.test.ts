import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { expectCalicoAddresses, expectPlannedAddresses } from '../support/addresses.js';
import { createSound, KubernetesLab, bundleStep } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/**
 * Calico's ways of finding a machine's address, one after the other on one cluster: four of them give the planned one, and its own
 * default gives 10.0.2.15, which verify names together with the method that chose it.
 */
const workshop = new Workshop({ fresh: false });
const name = `autodetection-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

/** As a person does it: another word in lab.yaml, and the first control plane set up again. */
async function choose(method: string, inCluster: string): Promise<void> {
  const file = workshop.path(name, 'lab.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/autodetection: \S+/);
  writeFileSync(file, text.replace(/autodetection: \S+/, `autodetection: ${method}`));
  await workshop.expect(0, name, 'render');
  await workshop.expect(0, name, 'provision', 'cp1');
  expect(await methodInCluster()).toBe(inCluster);
}

const methodInCluster = (): Promise<string> =>
  lab.kubectl(
    ...['-n', 'kube-system', 'get', 'daemonset', 'calico-node', '--output'],
    'jsonpath={.spec.template.spec.containers[?(@.name=="calico-node")].env[?(@.name=="IP_AUTODETECTION_METHOD")].value}',
  );

const rollout = (timeout: string): Promise<unknown> =>
  lab.kubectl('-n', 'kube-system', 'rollout', 'status', 'daemonset/calico-node', '--timeout', timeout);

scenario('calico-autodetection', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'cidr: create boots two machines, and they are sound',
    async () => {
      await createSound(lab, '1cp-1w', bundle, 'cni.name=calico', 'cni.autodetection=cidr');
      expect(await methodInCluster()).toBe(`cidr=${lab.plan.networking.hostOnly.cidr}`);
      await expectPlannedAddresses(lab);
      await expectCalicoAddresses(lab);
    },
    600,
  );

  for (const [method, inCluster] of [
    ['interface', 'interface=^eth1$'],
    ['kubernetes-internal-ip', 'kubernetes-internal-ip'],
  ] as const) {
    step(
      `${method}: in place of it, by lab.yaml and provision`,
      async () => {
        await choose(method, inCluster);
        await rollout('180s');
        await workshop.expect(0, name, 'verify', '--wait', '2m');
        await expectCalicoAddresses(lab);
      },
      480,
    );
  }

  step(
    'first-found: fails as it must, and verify says by which method, and what mends it',
    async () => {
      await choose('first-found', 'first-found');
      await rollout('60s').catch(() => undefined);
      const said = await workshop.expect(1, name, 'verify');
      expect(said.stdout).toContain('10.0.2.15');
      expect(said.stdout.replaceAll(/\s+/g, ' ')).toContain(
        'cni.autodetection of this lab: first-found: it takes the first adapter, which is NAT on',
      );
      expect(said.stdout).toContain(
        `IP_AUTODETECTION_METHOD=can-reach=${lab.plan.machines[0]?.address ?? ''}`,
      );
    },
    480,
  );

  step(
    'what verify advises mends it',
    async () => {
      const address = lab.plan.machines[0]?.address ?? '';
      await lab.kubectl(
        ...['-n', 'kube-system', 'set', 'env', 'daemonset/calico-node', '-c', 'calico-node'],
        `IP_AUTODETECTION_METHOD=can-reach=${address}`,
      );
      await rollout('240s');
      await workshop.expect(0, name, 'verify', '--wait', '2m');
      await expectCalicoAddresses(lab);
      await expectSound(workshop, name);
    },
    480,
  );
});
