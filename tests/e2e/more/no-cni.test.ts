import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { expectDemo } from '../support/demo.js';
import { KubernetesLab, bundleStep } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop, type Report } from '../support/workshop.js';

/**
 * A cluster deliberately without a CNI: what is missing is told and expected, anything else is not; and a CNI added by hand, with the
 * commands of the lab's own README, makes it whole.
 */
const workshop = new Workshop({ fresh: false });
const name = `nocni-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

const codes = (report: Report): string[] =>
  report.results.flatMap(({ findings }) => findings.map(({ code }) => code)).sort();
const expected = ['K8S_DNS_NO_CNI_PLANNED', 'K8S_NODE_NO_CNI_PLANNED'];

/** The block of the lab's README that adds flannel, with its address in the bundle, and without what never ends. */
async function commandsOfReadme(mirror: string): Promise<string> {
  const { stdout } = await workshop.shell(name, 'cat README.md');
  const block = stdout.split('```').find((text) => text.includes('kubectl apply -f kube-flannel.yml'));
  const files = path.join(bundle, 'files');
  const [manifest = ''] = readdirSync(files, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('kube-flannel.yml'),
  );
  return (block ?? '')
    .replace(/https:\S+kube-flannel\.yml/, `${mirror}/files/${manifest}`)
    .replace(/^.*--watch$/m, '');
}

scenario('no-cni', workshop, (step) => {
  bundleStep(
    step,
    workshop,
    (made) => {
      bundle = made;
    },
    'flannel',
  );

  step(
    'create waits for nothing that cannot come, says what is missing, and exits 0',
    async () => {
      const create = ['create', 'no-cni-1cp-1w', '--dir', name, '--set', `name=${name}`];
      const ran = await workshop.run([...create, '--provider', 'lxc', '--bundle', bundle]);
      requireStatus(ran, 0, create);
      expect(ran.stdout).toMatch(/cp1 and worker1 are NotReady, as expected/);
      expect(ran.stdout).toMatch(/CoreDNS is Pending, as expected/);
      expect(ran.stdout).toMatch(new RegExp(`${name} is sound: .* the plan leaves out`));
      expect(ran.stdout).not.toContain('Wait until the node is Ready');
    },
    600,
  );

  step('nodes are NotReady for want of a CNI, CoreDNS is Pending, all else of kube-system runs', async () => {
    const nodes = await lab.kubectl('describe', 'nodes');
    expect(nodes.match(/cni plugin not initialized/g)).toHaveLength(2);
    const pods = await lab.kubectl('get', 'pods', '--namespace', 'kube-system', '--no-headers');
    for (const line of pods.trim().split('\n'))
      expect(line).toMatch(line.startsWith('coredns-') ? / Pending / : / Running /);
  });

  step('verify reports the expected as expected, with what to do next, and ends with 0', async () => {
    const report = await workshop.json<Report>(0, name, 'verify');
    expect(report.sound).toBe(true);
    expect(codes(report)).toEqual(expected);
    const said = await workshop.expect(0, name, 'verify');
    expect(said.stdout).toMatch(/next +k8slab kubectl -- apply -f FILE/);
  });

  step('another fault is a fault here, too', async () => {
    await workshop.on(name, 'worker1', 'systemctl stop kubelet');
    const report = await workshop.json<Report>(1, name, 'verify');
    expect(codes(report)).toEqual([...expected, 'GUEST_KUBELET_STOPPED'].sort());
    await workshop.on(name, 'worker1', 'systemctl start kubelet');
    await workshop.expect(0, name, 'verify', '--wait', '2m');
  });

  step(
    'with flannel added by hand, as the README says, it is sound without a word, and pods reach pods',
    async () => {
      const mirror = `http://${lab.plan.networking.hostOnly.cidr.replace('0/24', '1')}:8580`;
      let serving: (() => void) | undefined;
      const ready = new Promise<void>((resolve, reject) => {
        const args = ['bundle', 'serve', bundle, '--listen', mirror.replace('http://', '')];
        workshop
          .run(args, {
            onOutput: (text, child) => {
              serving = () => child.kill('SIGINT');
              if (text.includes('is served at')) resolve();
            },
          })
          .then(({ stderr }) => {
            reject(new Error(`the bundle is not served: ${stderr}`));
          }, reject);
      });
      try {
        await ready;
        const script = await commandsOfReadme(mirror);
        expect(script).toContain('--iface-can-reach=');
        const args = ['ssh', 'cp1', '--', 'bash', '-ceu', script];
        requireStatus(await workshop.run(args, { lab: name }), 0, args);
        await workshop.expect(0, name, 'verify', '--wait', '5m');
        await expectDemo(lab);
      } finally {
        serving?.();
      }
      const report = await workshop.json<Report>(0, name, 'verify');
      expect(codes(report)).toEqual([]);
      await expectSound(workshop, name);
    },
    600,
  );
});
