import { expect } from '@jest/globals';
import { expectBare } from '../support/bare.js';
import { expectDemo } from '../support/demo.js';
import { expectCauses, mend } from '../support/fault.js';
import { bundleStep, createSound, KubernetesLab } from '../support/kubernetesLab.js';
import { expectDestroyed, haltAndUp } from '../support/life.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/** A cluster on CRI-O, from a bundle that has it: nodes, images, logs and exec, the runtime stopped and restarted, reset, halt and up. */
const workshop = new Workshop({ fresh: false });
const name = `crio-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

const runningContainers = (): Promise<string> =>
  workshop.on(name, 'worker1', 'crictl ps --quiet --no-trunc | sort');

scenario('crio', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'create with runtime=crio comes up sound',
    async () => {
      await createSound(lab, '1cp-1w', bundle, 'runtime=crio');
    },
    600,
  );

  step('every node reports CRI-O, and the minor of Kubernetes is its own', async () => {
    const nodes = await lab.list<{ status: { nodeInfo: { containerRuntimeVersion: string } } }>('nodes');
    const versions = nodes.map(({ status }) => status.nodeInfo.containerRuntimeVersion);
    expect(versions).toHaveLength(2);
    const minor = lab.plan.kubernetes?.minor ?? 'none';
    for (const version of versions) expect(version).toMatch(new RegExp(`^cri-o://${minor}\\.`));
    expect(await workshop.on(name, 'worker1', 'crio status config')).toMatch(/cgroup_manager = "systemd"/);
    const others = '(systemctl is-active containerd; ls /run/containerd/containerd.sock)';
    expect(await workshop.on(name, 'worker1', `${others} 2>&1 || true`)).toMatch(/inactive[^]*No such file/);
  });

  step('images came from the bundle, every registry of it has a mirror', async () => {
    const mirrors = await workshop.on(
      name,
      'worker1',
      'cat /etc/containers/registries.conf.d/30-k8slab-mirrors.conf',
    );
    for (const registry of ['docker.io', 'registry.k8s.io', 'ghcr.io'])
      expect(mirrors).toContain(`location = "${registry}"`);
    expect(await workshop.on(name, 'worker1', 'crictl images')).toMatch(/registry\.k8s\.io\/pause/);
  });

  step(
    'nginx answers through NodePorts, pods reach pods and Services by name, logs and exec work',
    async () => {
      await expectDemo(lab);
    },
    300,
  );

  step('verify finds it sound, every check answered', async () => {
    await expectSound(workshop, name);
  });

  step('CRI-O restarted: every container of the machine runs on', async () => {
    const before = await runningContainers();
    await workshop.on(name, 'worker1', 'systemctl restart crio');
    expect(await runningContainers()).toBe(before);
    await workshop.expect(0, name, 'verify', '--wait', '2m');
  });

  step('CRI-O stopped: verify names it, and its advice mends it', async () => {
    await workshop.on(name, 'worker1', 'systemctl stop crio');
    const report = await expectCauses(lab, 'crio-stopped', ['GUEST_RUNTIME_STOPPED worker1']);
    await mend(lab, report);
  });

  step(
    'reset leaves bare machines, provision builds the cluster again',
    async () => {
      await workshop.expect(0, name, 'reset', '--yes');
      await expectBare(lab);
      await workshop.expect(0, name, 'provision');
      await workshop.expect(0, name, 'verify', '--wait', '5m');
      await expectSound(workshop, name);
      await expectDemo(lab);
    },
    600,
  );

  step(
    'halt, and up without provisioning: sound again',
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
