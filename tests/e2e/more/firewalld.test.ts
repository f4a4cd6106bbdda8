import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { expectBgpEstablished } from '../support/addresses.js';
import { expectDemo } from '../support/demo.js';
import { bundleStep, KubernetesLab } from '../support/kubernetesLab.js';
import { haltAndUp } from '../support/life.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/**
 * Machines on which firewalld runs before anything is set up, as some boxes have it: it goes on running, lets the lab through, and
 * keeps out what the lab does not need.
 */
const workshop = new Workshop({ fresh: false });
const name = `firewalld-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

const onEach = (script: string): Promise<string[]> =>
  Promise.all(lab.plan.machines.map(({ name: machine }) => workshop.on(name, machine, script)));

/** What a worker's knocking at a port of the control plane comes to. */
async function knock(port: number): Promise<string> {
  const { address } = lab.plan.machines[0] ?? { address: '' };
  await workshop.on(
    name,
    'cp1',
    `systemd-run --quiet --unit listener-${port} perl -MIO::Socket::INET -e '
      my $s = IO::Socket::INET->new(Listen => 5, LocalPort => ${port}, ReuseAddr => 1) or die; while ($s->accept) {}'
     for n in $(seq 50); do ss -ltn | grep -q ':${port} ' && break; sleep 0.1; done`,
  );
  const said = await workshop.on(
    name,
    'worker1',
    `if timeout 3 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null; then echo open; else echo closed; fi`,
  );
  await workshop.on(name, 'cp1', `systemctl stop listener-${port}`);
  return said.trim();
}

scenario('firewalld', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'two machines, and firewalld runs on both',
    async () => {
      const create = ['create', '1cp-1w', '--dir', name, '--set', `name=${name}`, '--provider', 'lxc'];
      const args = [...create, '--bundle', bundle, '--stop-after', 'machines'];
      requireStatus(await workshop.run(args), 0, args);
      await onEach(
        `export DEBIAN_FRONTEND=noninteractive
         apt-get -qq update && apt-get -qq install --yes --no-install-recommends firewalld >/dev/null
         systemctl enable --quiet --now firewalld && firewall-cmd --state 2>&1`,
      );
      expect(await knock(30123)).toBe('closed');
    },
    400,
  );

  step(
    'up makes a sound cluster of them, with firewalld running',
    async () => {
      await workshop.expect(0, name, 'up');
      await workshop.expect(0, name, 'verify', '--wait', '5m');
      for (const said of await onEach('firewall-cmd --state; firewall-cmd --get-active-zones'))
        expect(said).toMatch(/running[^]*k8slab-pods[^]*10\.244\.0\.0\/16/);
      await expectSound(workshop, name);
    },
    600,
  );

  step('ports of the plan are open, others are not', async () => {
    expect(await knock(30123)).toBe('open');
    expect(await knock(12345)).toBe('closed');
  });

  step(
    'BGP is established; nginx answers through NodePorts, pods reach pods and Services by name, logs and exec work',
    async () => {
      await expectBgpEstablished(lab);
      await expectDemo(lab);
    },
    300,
  );

  step('provision again changes nothing of it', async () => {
    const files = 'sha256sum /etc/firewalld/zones/* /etc/firewalld/policies/*';
    const before = await onEach(files);
    await workshop.expect(0, name, 'provision');
    expect(await onEach(files)).toEqual(before);
    await expectSound(workshop, name);
  });

  step(
    'halt, and up: the same',
    async () => {
      await haltAndUp(lab);
      await onEach('firewall-cmd --state');
      await expectSound(workshop, name);
      await expectDemo(lab);
    },
    480,
  );
});
