import { expect } from '@jest/globals';
import { expectDemo } from '../support/demo.js';
import { bundleStep, createSound, KubernetesLab } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/** A cluster on containerd 1.7, which reads another form of configuration than containerd 2. */
const workshop = new Workshop({ fresh: false });
const name = `containerd17-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

scenario('containerd-1.7', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'create with release v1.7 comes up sound',
    async () => {
      await createSound(lab, '1cp-1w', bundle, 'runtime.release=v1.7');
    },
    600,
  );

  step('every node reports containerd 1.7, with the form of configuration that it reads', async () => {
    expect(lab.plan.runtime.version).toMatch(/^1\.7\./);
    const nodes = await lab.list<{ status: { nodeInfo: { containerRuntimeVersion: string } } }>('nodes');
    for (const { status } of nodes)
      expect(status.nodeInfo.containerRuntimeVersion).toBe(`containerd://${lab.plan.runtime.version ?? ''}`);
    expect(await workshop.on(name, 'worker1', 'cat /etc/containerd/config.toml')).toMatch(/^version = 2$/m);
    const read = await workshop.on(name, 'worker1', 'containerd config dump');
    expect(read).toContain(`sandbox_image = "${String(lab.plan.runtime.options.sandbox)}"`);
    expect(read).toMatch(/SystemdCgroup = true/);
  });

  step(
    'nginx answers through NodePorts, pods reach pods and Services by name, logs and exec work',
    async () => {
      await expectDemo(lab);
      await expectSound(workshop, name);
    },
    300,
  );
});
