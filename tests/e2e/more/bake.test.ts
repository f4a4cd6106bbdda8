import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { installed, requireStatus, runProgram, type Ran } from '../../support/k8slab.js';
import { bundleTime, requireBundle } from '../support/bundle.js';
import { expectDemo } from '../support/demo.js';
import { processesWith } from '../support/host.js';
import { KubernetesLab, useKubectlOf } from '../support/kubernetesLab.js';
import { expectDestroyed } from '../support/life.js';
import { scenario } from '../support/scenario.js';
import { expectSound, hostCache, Workshop } from '../support/workshop.js';

/**
 * A baked box: made by two at once after one that was interrupted and one that was killed, it holds nothing of the machine that it
 * was made of. A lab starts from it by itself, also when the bundle is gone; what its machines write reaches neither the box nor
 * one another.
 */
const workshop = new Workshop({ fresh: false });
const name = `baked-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';
/** The box's root, unpacked once more for these tests alone, and where its machines share it. */
const own = workshop.path('unpacked');
let root = '';
let before = '';

interface Box {
  name: string;
  folder: string;
  version: string;
  root?: string;
  labs: { name: string; made: boolean }[];
  baked?: { images: string[]; contents: Record<string, string> };
}

const machines = async (): Promise<string> =>
  (await runProgram('sh', ['-c', 'lxc-ls -1 | grep ^k8slab-bake- || true'], { cwd: '/' })).stdout;

const boxes = async (): Promise<Box[]> =>
  (JSON.parse((await workshop.run(['box', 'list', '--json'])).stdout) as Box[]).filter((box) => box.baked);

const bake = (options: Parameters<Workshop['run']>[1] = {}): Promise<Ran> =>
  workshop.run(['box', 'bake', '1cp-2w', '--provider', 'lxc', '--bundle', bundle], {
    timeout: 900,
    ...options,
  });

/** Sends a signal as soon as something was printed. */
const strike = (says: RegExp, signal: NodeJS.Signals): Promise<Ran> => {
  let struck = false;
  return bake({
    onOutput: (text, child) => {
      if (struck || !says.test(text)) return;
      struck = true;
      child.kill(signal);
    },
  });
};

/** Everything below a folder that a write could change: names, kinds, modes, owners, times and contents. */
async function printOf(folder: string): Promise<string> {
  const script = `cd "$1" && find . -printf '%p %y %m %U %G %Ts %l\\n' | sort && find . -type f -print0 | sort -z | xargs -0 sha256sum`;
  const ran = await runProgram('sh', ['-c', script, 'sh', folder], { cwd: '/', timeout: 300 });
  requireStatus(ran, 0, ['fingerprint of', folder]);
  return createHash('sha256').update(ran.stdout).digest('hex');
}

scenario('bake', workshop, (step) => {
  step(
    'the bundle is there and every digest in it is right',
    async () => {
      const whole = await requireBundle('calico');
      await useKubectlOf(whole, workshop);
      bundle = workshop.path('bundle');
      cpSync(whole, bundle, { recursive: true });
    },
    bundleTime,
  );

  step(
    'Ctrl-C in the middle of baking leaves no machine, no box and no lock',
    async () => {
      const ran = await strike(/provision: step \d+\/\d+ Install containerd/, 'SIGINT');
      requireStatus(ran, 130, ['box bake, interrupted']);
      expect(await machines()).toBe('');
      expect(await boxes()).toEqual([]);
      expect(readdirSync(path.join(hostCache(), 'k8slab', 'boxes', 'bake'))).toEqual([]);
      expect(existsSync(path.join(hostCache(), 'k8slab', 'boxes', 'bake.lock'))).toBe(false);
      expect(processesWith('k8slab-bake-')).toEqual([]);
    },
    600,
  );

  step(
    'one that was killed is cleared away by the next; of two at once one bakes, and the other finds its box',
    async () => {
      requireStatus(await strike(/provision: step \d+\/\d+ Install containerd/, 'SIGKILL'), 137, ['killed']);
      const both = await Promise.all([bake(), bake()]);
      for (const ran of both) requireStatus(ran, 0, ['box bake']);
      const said = both.map(({ stdout }) => stdout).sort((one, other) => one.length - other.length);
      expect(said[0]).toMatch(/Another k8slab bakes a box: waiting for it.[^]*is there already/);
      expect(said[1]).toMatch(/is ready: /);
      const found = await boxes();
      expect(found).toHaveLength(1);
      expect(found[0]?.baked?.images.length).toBeGreaterThan(8);
      root = path.join('/var/lib/k8slab/roots', found[0]?.root ?? 'none');
      expect(await machines()).toBe('');
      expect(readdirSync('/var/lib/k8slab').filter((entry) => entry.startsWith('bake.'))).toEqual([]);
    },
    1200,
  );

  step(
    'it has nothing of the machine that it was made of: no identity, key, address, log',
    async () => {
      const [box] = await boxes();
      mkdirSync(own);
      const unpack = ['-xpzf', path.join(box?.folder ?? '', 'rootfs.tar.gz'), '-C', own, '--numeric-owner'];
      const all = [...unpack, '--xattrs', '--xattrs-include=*'];
      requireStatus(await runProgram('tar', all, { cwd: '/', timeout: 300 }), 0, ['tar', ...all]);
      expect(readFileSync(path.join(own, 'etc/machine-id'), 'utf8')).toBe('');
      expect(readFileSync(path.join(own, 'etc/hosts'), 'utf8')).not.toMatch(/192\.168/);
      const gone = [
        'etc/hostname',
        'etc/kubernetes/pki',
        'etc/kubernetes/admin.conf',
        'root/.kube',
        'var/lib/etcd',
        'var/lib/k8slab',
        'etc/containerd/certs.d/_default',
      ];
      expect(gone.filter((file) => existsSync(path.join(own, file)))).toEqual([]);
      // The key that every box starts with, and no other.
      const keys = readFileSync(path.join(own, 'home/vagrant/.ssh/authorized_keys'), 'utf8');
      const wellKnown = installed('node_modules', 'k8slab', 'box-templates', 'lxc', 'box', 'vagrant.pub');
      expect(keys).toBe(readFileSync(wellKnown, 'utf8'));
      const found = await runProgram(
        'sh',
        [
          '-c',
          `cd "$1" && find etc/ssh -name 'ssh_host_*'; find var/log tmp var/tmp var/lib/kubelet var/lib/apt/lists -type f
           find . -xdev \\( -name '.bash_history' -o -name known_hosts -o -name random-seed \\)
           grep -rlsE 'k8slab-bake|:8580' etc root home var/lib/dpkg || true`,
          'sh',
          own,
        ],
        { cwd: '/' },
      );
      expect(found.stdout).toBe('');
      before = await printOf(own);
    },
    300,
  );

  step(
    'a new lab starts from it by itself, and comes up although the bundle is gone meanwhile',
    async () => {
      const settings = ['--set', `name=${name}`, '--provider', 'lxc', '--bundle', bundle];
      const created = await workshop.run(['create', '1cp-2w', '--dir', name, ...settings, '--no-up']);
      requireStatus(created, 0, ['create', ...settings]);
      expect(created.stdout).toMatch(/Box +debian-12 \(k8slab\/debian-12-kubernetes-[\d.]+, baked/);
      rmSync(bundle, { recursive: true });
      const up = await workshop.expect(0, name, 'up');
      expect(up.stdout).toMatch(/what was baked into the box serves/);
      expect(up.stdout).toMatch(/is sound/);
    },
    600,
  );

  step('each machine is someone of its own', async () => {
    const script = 'cat /etc/machine-id /etc/ssh/ssh_host_ed25519_key.pub; hostname';
    const each = await Promise.all(
      lab.plan.machines.map((machine) => workshop.on(name, machine.name, script)),
    );
    const lines = each.flatMap((text) => text.trim().split('\n'));
    expect(lines).toHaveLength(9);
    expect(new Set(lines).size).toBe(9);
  });

  step(
    'nginx answers, pods reach pods and Services',
    async () => {
      await expectDemo(lab);
      await expectSound(workshop, name);
    },
    300,
  );

  step(
    'what machines and pods write reaches neither the box nor other machines',
    async () => {
      const pod = (await lab.pods('app=web', 'default')).find(({ spec }) => spec.nodeName === 'worker1');
      if (pod === undefined) throw new Error('no nginx on worker1');
      await lab.inPod(
        pod,
        'echo changed >>/etc/nginx/nginx.conf; chmod 0600 /etc/nginx/nginx.conf; rm -rf /usr/share/doc',
      );
      await workshop.on(
        name,
        'worker1',
        `echo changed >>/etc/services; rm /usr/bin/kubeadm; chmod 0700 /usr/local/bin/ctr
         ctr --namespace k8s.io images ls -q | grep coredns | xargs ctr --namespace k8s.io images rm >/dev/null
         ctr --namespace k8s.io content prune references >/dev/null
         echo changed >/var/lib/containerd/changed`,
      );
      expect(await printOf(root)).toBe(before);
      const other =
        'tail -n 1 /etc/services; ls /usr/bin/kubeadm; ls /var/lib/containerd; crictl images | grep -c coredns';
      const seen = await workshop.on(name, 'worker2', other);
      expect(seen).not.toMatch(/changed/);
      expect(seen).toMatch(/kubeadm[^]*\n1\n$/);
    },
    300,
  );

  step(
    'a machine that is made again is as the box says, and the lab is sound',
    async () => {
      await workshop.expect(0, name, 'destroy', 'worker1', '--yes');
      await workshop.expect(0, name, 'up');
      await expectSound(workshop, name);
      expect(await workshop.on(name, 'worker1', 'tail -n 1 /etc/services')).not.toMatch(/changed/);
      expect(await printOf(root)).toBe(before);
    },
    400,
  );

  step('the list names the lab, and the box is not removed while it is needed', async () => {
    const [box] = await boxes();
    expect(box?.labs).toMatchObject([{ name, made: true }]);
    const refused = await workshop.run(['box', 'remove', box?.name ?? '', '--json']);
    requireStatus(refused, 2, ['box remove']);
    expect(refused.stdout).toMatch(/BOX_IN_USE/);
  });

  step(
    'when the lab is destroyed nothing is left of it, and then the box goes, with its root',
    async () => {
      await expectDestroyed(workshop, name);
      const [box] = await boxes();
      requireStatus(await workshop.run(['box', 'remove', box?.name ?? '']), 0, ['box remove']);
      expect(await boxes()).toEqual([]);
      expect(existsSync(root)).toBe(false);
    },
    240,
  );
});
