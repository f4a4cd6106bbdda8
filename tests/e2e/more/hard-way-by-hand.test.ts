import { expect } from '@jest/globals';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { requireStatus } from '../../support/k8slab.js';
import { doByHand } from '../support/byHand.js';
import { expectDemo } from '../support/demo.js';
import { KubernetesLab, bundleStep } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/** Bare machines, and then exactly what the lab's README says, block by block. */
const workshop = new Workshop({ fresh: false });
const name = `hand-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

scenario('hard-way-by-hand', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'create --stop-after machines leaves machines with files and secrets, and nothing set up',
    async () => {
      const create = ['create', 'hard-way-1cp-2w', '--dir', name, '--set', `name=${name}`];
      const more = ['--provider', 'lxc', '--bundle', bundle, '--stop-after', 'machines'];
      requireStatus(await workshop.run([...create, ...more]), 0, create);
      for (const machine of ['cp1', 'worker1', 'worker2']) {
        await workshop.on(
          name,
          machine,
          `test -s /tmp/k8slab/files/kubelet.service && test -s /tmp/k8slab/secrets/machine-${machine}/kubelet.conf && ` +
            '! test -e /etc/systemd/system/containerd.service && ! test -e /etc/kubernetes',
        );
      }
    },
    300,
  );

  step(
    'every block of the README works, in order',
    async () => {
      const readme = readFileSync(workshop.path(name, 'README.md'), 'utf8');
      const [, serve] = /in another terminal: `([^`]+)`/.exec(readme) ?? [];
      if (serve === undefined) throw new Error('The README does not say how to serve the downloads.');
      const server = spawn('sh', ['-c', `exec ${serve}`], {
        cwd: workshop.root,
        env: workshop.env,
        stdio: 'ignore',
      });
      try {
        expect(await doByHand(workshop, name)).toBeGreaterThan(20);
        expect(server.exitCode).toBeNull();
      } finally {
        server.kill();
      }
    },
    900,
  );

  step(
    'the cluster is sound, and nginx answers',
    async () => {
      await expectDemo(lab);
      await expectSound(workshop, name);
    },
    400,
  );
});
