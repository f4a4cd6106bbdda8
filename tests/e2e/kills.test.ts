import { expect } from '@jest/globals';
import { requireStatus } from '../support/k8slab.js';
import { expectPlannedAddresses } from './support/addresses.js';
import { bundleTime, requireBundle } from './support/bundle.js';
import { expectDemo } from './support/demo.js';
import { processesWith } from './support/host.js';
import { isOn, killMachine, strikeAt, type Moment } from './support/kill.js';
import { KubernetesLab, useKubectlOf } from './support/kubernetesLab.js';
import { expectDestroyed } from './support/life.js';
import { scenario } from './support/scenario.js';
import { expectSound, Workshop } from './support/workshop.js';

/**
 * k8slab is killed again and again while it brings a lab up, each time a phase further, and so is one of its machines. Nothing is
 * repaired by hand: `up` alone goes on each time, and in the end the lab is sound.
 */
const workshop = new Workshop({ fresh: false });
const name = `kills-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

const step = (title: RegExp): RegExp => new RegExp(`provision: step \\d+/\\d+ ${title.source}`);

/** In the order of a run; `not`: what must not be on the machine yet, or the kill came too late to prove anything. */
const phases: { phase: string; moment: Moment; not?: string }[] = [
  { phase: 'machines boot', moment: { machine: 'cp1', says: /boot/, after: 1500 } },
  {
    phase: 'the container runtime is installed',
    moment: {
      machine: 'cp1',
      says: step(/Install containerd/),
      file: '/usr/local/bin/.k8slab-unpack/containerd',
    },
    not: '/etc/containerd/certs.d/_default/hosts.toml',
  },
  {
    phase: 'packages are unpacked',
    moment: { machine: 'cp1', says: step(/Install kubelet/), file: '/usr/bin/kubelet' },
  },
  {
    phase: 'images are fetched',
    moment: { machine: 'cp1', says: step(/Begin to fetch the images/), after: 800 },
    not: '/etc/kubernetes/manifests/kube-apiserver.yaml',
  },
  {
    phase: 'kubeadm init makes certificates',
    moment: { machine: 'cp1', says: step(/Start the cluster/), file: '/etc/kubernetes/pki/apiserver.crt' },
    not: '/etc/kubernetes/k8slab/initialized',
  },
  {
    phase: 'kubeadm init waits for the control plane',
    moment: {
      machine: 'cp1',
      says: step(/Start the cluster/),
      file: '/etc/kubernetes/manifests/etcd.yaml',
      after: 1500,
    },
    not: '/etc/kubernetes/k8slab/initialized',
  },
  {
    phase: 'a worker joins',
    moment: {
      machine: 'worker1',
      says: step(/Join the cluster/),
      file: '/etc/kubernetes/bootstrap-kubelet.conf',
    },
  },
  {
    phase: 'the pod network is applied',
    moment: {
      machine: 'cp1',
      says: step(/Install Calico/),
      file: '/etc/k8slab/calico/calico.yaml',
      after: 400,
    },
  },
];

scenario('kills', workshop, (declare) => {
  declare(
    'the bundle is there and every digest in it is right',
    async () => {
      bundle = await requireBundle('calico');
      await useKubectlOf(bundle, workshop);
    },
    bundleTime,
  );

  for (const [index, { phase, moment, not }] of phases.entries()) {
    declare(
      `killed while ${phase}`,
      async () => {
        const create = ['create', '1cp-1w', '--dir', name, '--set', `name=${name}`];
        const args = index === 0 ? [...create, '--provider', 'lxc', '--bundle', bundle] : ['up'];
        const run = { workshop, lab: name, args, inLab: index > 0 };
        const killed = await strikeAt(moment, (child) => child.kill('SIGKILL'), run);
        requireStatus(killed, 137, args);
        expect(killed.struck).toBe(true);
        if (not !== undefined) expect({ [not]: isOn(name, moment.machine, not) }).toEqual({ [not]: false });
      },
      300,
    );
  }

  declare(
    'a machine killed in the middle: `up` names it, and the next `up` goes on',
    async () => {
      await workshop.expect(0, name, 'destroy', 'worker1', '--yes');
      const moment: Moment = {
        machine: 'worker1',
        says: step(/Install kubelet/),
        file: '/usr/bin/kubelet',
      };
      const run = { workshop, lab: name, args: ['up'], inLab: true };
      const ran = await strikeAt(
        moment,
        () => {
          killMachine(name, 'worker1');
        },
        run,
      );
      expect(ran.struck).toBe(true);
      expect(ran.status).not.toBe(0);
      expect(ran.stderr).toMatch(/worker1.*connection was lost/s);
    },
    400,
  );

  declare(
    'the last `up` ends with a sound lab, without a repair',
    async () => {
      await workshop.expect(0, name, 'up');
      expect(processesWith(`-F ${workshop.path(name)}`)).toEqual([]);
      await expectSound(workshop, name);
      await expectPlannedAddresses(lab);
      await expectDemo(lab);
    },
    480,
  );

  declare('destroy leaves nothing of it on this host but the lab folder', async () => {
    await expectDestroyed(workshop, name);
  });
});
