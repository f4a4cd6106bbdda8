import { expect } from '@jest/globals';
import { requireStatus } from '../../support/k8slab.js';
import { expectBgpEstablished, expectCalicoAddresses, expectPlannedAddresses } from '../support/addresses.js';
import { expectDemo } from '../support/demo.js';
import { KubernetesLab, type Pod, bundleStep } from '../support/kubernetesLab.js';
import { scenario } from '../support/scenario.js';
import { expectSound, Workshop } from '../support/workshop.js';

/** Two nodes that both work, a pod range for one of them made to do for both, and calicoctl in the hands of the ordinary user. */
const workshop = new Workshop({ fresh: false });
const name = `calico2-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);
let bundle = '';

/** Runs a command on cp1 as the user that people log in as, without sudo. */
async function asUser(script: string): Promise<string> {
  const args = ['ssh', 'cp1', '--', 'bash', '-ceu', script];
  const ran = await workshop.run(args, { lab: name });
  requireStatus(ran, 0, args);
  return ran.stdout;
}

scenario('calico-2n', workshop, (step) => {
  bundleStep(step, workshop, (made) => {
    bundle = made;
  });

  step(
    'create says what it makes of the pod range, boots, provisions and verifies, and exits 0',
    async () => {
      const create = ['create', 'calico-2n', '--dir', name, '--set', `name=${name}`];
      const ran = await workshop.run([...create, '--provider', 'lxc', '--bundle', bundle]);
      requireStatus(ran, 0, create);
      expect((ran.stdout + ran.stderr).replaceAll(/\s+/g, ' ')).toMatch(
        /`podSubnet` 10\.201\.0\.0\/24 holds only 1 \/24.* So each gets a \/25/,
      );
      expect(ran.stdout).toMatch(new RegExp(`${name} is sound`));
    },
    600,
  );

  step('both nodes have half of the range each', async () => {
    const ranges = await lab.kubectl('get', 'nodes', '--output', 'jsonpath={.items[*].spec.podCIDR}');
    expect(ranges.split(' ').sort()).toEqual(['10.201.0.0/25', '10.201.0.128/25']);
    await expectPlannedAddresses(lab);
    await expectCalicoAddresses(lab);
    await expectBgpEstablished(lab);
  });

  step(
    'CoreDNS runs, workloads run on both machines and reach each other',
    async () => {
      const dns = await lab.kubectl(
        '-n',
        'kube-system',
        'get',
        'pods',
        '-l',
        'k8s-app=kube-dns',
        '--no-headers',
      );
      expect(dns.trim().split('\n')).toEqual([
        expect.stringMatching(/1\/1 +Running/),
        expect.stringMatching(/1\/1 +Running/),
      ]);
      await expectDemo(lab);
      await lab.kubectl('scale', 'deployment', 'web', '--replicas', '8');
      await lab.kubectl('rollout', 'status', 'deployment/web', '--timeout', '120s');
      const web: Pod[] = await lab.pods('app=web', 'default');
      expect([...new Set(web.map(({ spec }) => spec.nodeName))].sort()).toEqual(['cp1', 'worker1']);
    },
    300,
  );

  step('the ordinary user has kubectl and calicoctl', async () => {
    expect(await asUser('id --user')).not.toBe('0\n');
    expect(await asUser('kubectl get nodes --output name')).toBe('node/cp1\nnode/worker1\n');
    const nodes = await asUser('calicoctl get nodes --output wide');
    for (const { name: machine, address } of lab.plan.machines)
      expect(nodes).toMatch(new RegExp(`^${machine} .*${address}/24`, 'm'));
    const check = await asUser('calicoctl ipam check');
    expect(check).toMatch(/found 0 problems/);
    expect(await asUser('calicoctl ipam show --show-blocks')).toContain('10.201.0.0/24');
  });

  step('calicoctl sees the BGP peer, as root on the machine', async () => {
    const status = await workshop.on(name, 'cp1', 'calicoctl node status');
    const worker = lab.plan.machines.find(({ role }) => role === 'worker')?.address ?? 'none';
    expect(status).toMatch(new RegExp(`${worker} .*Established`));
  });

  step('the join token never expires', async () => {
    const secrets = await lab.list<{ type: string; data: Record<string, string> }>(
      'secrets',
      '-n',
      'kube-system',
    );
    const tokens = secrets.filter(({ type }) => type === 'bootstrap.kubernetes.io/token');
    const joining = tokens.filter(({ data }) => data['auth-extra-groups'] !== undefined);
    expect(joining).toHaveLength(1);
    expect(Object.keys(joining[0]?.data ?? {})).not.toContain('expiration');
  });

  step(
    'provision again changes nothing and keeps it sound',
    async () => {
      await workshop.expect(0, name, 'provision');
      await expectSound(workshop, name);
    },
    300,
  );
});
