import { readFileSync } from 'node:fs';
import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { expectBare, machineIds, tracesOn } from '../support/bare.js';
import { bundleTime, requireBundle } from '../support/bundle.js';
import { KubernetesLab, useKubectlOf, type Node } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/** A cluster taken down to bare machines: built again by hand with the lab's own files, taken down again, and built by k8slab. */
const workshop = new Workshop({ fresh: false });
const name = `reset-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';
let ids: string[] = [];

scenario('reset', workshop, (step) => {
  step(
    'a cluster is there, with pods on its workers',
    async () => {
      bundle = await requireBundle('calico');
      await useKubectlOf(bundle, workshop);
      const create = [
        'create',
        '1cp-2w',
        '--dir',
        name,
        '--set',
        `name=${name}`,
        '--provider',
        'lxc',
        '--bundle',
        bundle,
      ];
      requireStatus(await workshop.run(create), 0, create);
      await lab.kubectl('create', 'deployment', 'nginx', '--image=nginx:1', '--replicas=3');
      await lab.kubectl('rollout', 'status', 'deployment/nginx', '--timeout=120s');
      ids = await machineIds(lab);
      for (const found of Object.values(await tracesOn(lab))) expect(found).toMatch(/cali/);
    },
    bundleTime,
  );

  step('a dry run prints what would run, and touches nothing', async () => {
    const { stdout } = await workshop.expect(0, name, 'reset', '--dry-run');
    expect(stdout).toMatch(/kubectl drain/);
    expect(stdout).toMatch(/kubeadm reset/);
    await expectSound(workshop, name);
  });

  step('reset leaves nothing of the cluster on any machine, and the machines', async () => {
    await workshop.expect(0, name, 'reset', '--yes');
    await expectBare(lab);
    expect(await machineIds(lab)).toEqual(ids);
  });

  step('a second reset changes nothing', async () => {
    await workshop.expect(0, name, 'reset', '--yes');
    await expectBare(lab);
  });

  step(
    'by hand: kubeadm init and join with the files of the lab',
    async () => {
      const token = readFileSync(
        workshop.path(name, '.k8slab', 'secrets', 'node', 'bootstrap-token'),
        'utf8',
      ).trim();
      const filled = (file: string): string =>
        `sed s/@BOOTSTRAP_TOKEN@/${token}/ /tmp/k8slab/files/${file} >${file}`;
      // With the authority of the lab, the hash in the workers' files and the host's kubeconfig stay right.
      const placed = await workshop.shell(
        name,
        'tar --create --directory .k8slab/secrets/control-plane pki | k8slab ssh cp1 -- sudo tar --extract --directory /etc/kubernetes',
      );
      requireStatus(placed, 0, ['tar']);
      await workshop.on(
        name,
        'cp1',
        `${filled('kubeadm-init.yaml')}; kubeadm init --config kubeadm-init.yaml`,
      );
      const join = `${filled('kubeadm-join-worker.yaml')}; kubeadm join --config kubeadm-join-worker.yaml`;
      await Promise.all(['worker1', 'worker2'].map((worker) => workshop.on(name, worker, join)));
      const nodes = (await lab.list<Node>('nodes')).map(({ metadata }) => metadata.name);
      expect(nodes.sort()).toEqual(['cp1', 'worker1', 'worker2']);
    },
    240,
  );

  step(
    'reset takes that down as well, and provision builds the cluster as planned: sound',
    async () => {
      await workshop.expect(0, name, 'reset', '--yes');
      await expectBare(lab);
      await workshop.expect(0, name, 'provision');
      await workshop.expect(0, name, 'verify', '--wait', '5m');
      await expectSound(workshop, name);
      expect(await machineIds(lab)).toEqual(ids);
    },
    480,
  );
});
