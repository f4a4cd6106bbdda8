import { expect } from '@jest/globals';
import { expectCauses } from './support/fault.js';
import { faultSteps, mendAndNote, soundLabStep, stopwatch } from './support/faultSteps.js';
import { KubernetesLab, type Node } from './support/kubernetesLab.js';
import { scenario } from './support/scenario.js';
import { Workshop, type Report } from './support/workshop.js';

/**
 * The faults that everybody meets first, made for real on a cluster that works: verify names each with its machine, what follows
 * from it is marked, and the commands that it prints mend it.
 */
const workshop = new Workshop({ fresh: false });
const name = `faults-${workshop.id}`;
const lab = new KubernetesLab(workshop, name);

const systemctl = (machine: string, verb: string, unit: string): Promise<string> =>
  workshop.on(name, machine, `systemctl ${verb} ${unit}`);
const addressOf = (machine: string): string =>
  lab.plan.machines.find((entry) => entry.name === machine)?.address ?? 'none';
const codesOf = (report: Report): string[] =>
  report.results.flatMap(({ findings }) => findings.map(({ code }) => code));

scenario('faults-first', workshop, (step) => {
  soundLabStep(step, lab);

  faultSteps(step, lab, [
    {
      name: 'CoreDNS scaled to zero',
      inject: () => lab.kubectl('-n', 'kube-system', 'scale', 'deployment', 'coredns', '--replicas', '0'),
      found: ['K8S_DNS_SCALED_TO_ZERO -'],
    },
    {
      name: 'the kubelet of the control plane stopped',
      inject: () => systemctl('cp1', 'stop', 'kubelet'),
      found: ['GUEST_KUBELET_STOPPED cp1'],
    },
  ]);

  step(
    'no node-ip: named before it does harm, and when the node has registered 10.0.2.15',
    async () => {
      const withoutNodeIp = "sed -i 's/--node-ip=[0-9.]*//' /var/lib/kubelet/kubeadm-flags.env";
      const clock = stopwatch();
      await workshop.on(name, 'worker2', `${withoutNodeIp}; systemctl restart kubelet`);
      await expectCauses(lab, 'no-node-ip', ['K8S_NODE_IP_UNSET worker2']);
      // As boxes come: then the kubelet takes the address of the default route.
      const asBoxesCome = `sed -i 's/^${addressOf('worker2')} .*/127.0.1.1 worker2/' /etc/hosts`;
      await workshop.on(name, 'worker2', `${asBoxesCome}; systemctl restart kubelet`);
      const found = ['GUEST_HOSTNAME_RESOLVES worker2', 'K8S_NODE_ADDRESS_NAT worker2'];
      const report = await expectCauses(lab, 'node-ip-nat', found);
      const fault = { name: 'no node-ip, and a name that means 127.0.1.1', found, named: clock() };
      await mendAndNote(lab, report, fault);
      expect(await workshop.on(name, 'worker2', 'tr "\\0" "\\n" </proc/$(pidof kubelet)/cmdline')).toContain(
        `--node-ip=${addressOf('worker2')}\n`,
      );
    },
    240,
  );

  step(
    'a kubelet stopped on one worker and containerd on the other: two causes, and what follows from each',
    async () => {
      const clock = stopwatch();
      await systemctl('worker1', 'stop', 'kubelet');
      await systemctl('worker2', 'stop', 'containerd');
      const wanted = ['GUEST_KUBELET_STOPPED worker1', 'GUEST_RUNTIME_STOPPED worker2'];
      await expectCauses(lab, 'workers-stopped', wanted);
      const named = clock();
      const settled = (report: Report): boolean =>
        codesOf(report).filter((code) => code === 'K8S_NODE_NOT_READY').length === 2;
      const report = await expectCauses(lab, 'workers-not-ready', wanted, { settled });
      const ready = report.results.find(({ id }) => id === 'nodes-ready')?.findings ?? [];
      expect(ready.map(({ machine, consequenceOf }) => [machine, consequenceOf])).toEqual([
        ['worker1', ['GUEST_KUBELET_STOPPED']],
        ['worker2', ['GUEST_RUNTIME_STOPPED']],
      ]);
      const fault = { name: 'a kubelet and a container runtime stopped', found: wanted, named };
      await mendAndNote(lab, report, fault);
    },
    400,
  );

  step(
    'Calico on first-found: one node claims 10.0.2.15, the others crash for want of an address',
    async () => {
      const clock = stopwatch();
      const method = 'IP_AUTODETECTION_METHOD=first-found';
      await lab.kubectl('-n', 'kube-system', 'set', 'env', 'daemonset/calico-node', method);
      const claims = await claimant();
      const others = [
        'delete',
        'pods',
        '-l',
        'k8s-app=calico-node',
        '--field-selector',
        `spec.nodeName!=${claims}`,
      ];
      await lab.kubectl('-n', 'kube-system', ...others);
      const found = [`K8S_CALICO_ADDRESS_NAT ${claims}`];
      const report = await expectCauses(lab, 'calico-first-found', found, {
        settled: (seen) => codesOf(seen).includes('K8S_POD_CRASHING'),
      });
      expect(codesOf(report).filter((code) => code === 'K8S_CALICO_ADDRESS_MISSING')).toHaveLength(2);
      await mendAndNote(lab, report, { name: 'Calico on first-found', found, named: clock() });
    },
    400,
  );

  step(
    'the API advertised on 10.0.2.15',
    async () => {
      const clock = stopwatch();
      const manifest = '/etc/kubernetes/manifests/kube-apiserver.yaml';
      await workshop.on(
        name,
        'cp1',
        `sed -i 's/--advertise-address=.*/--advertise-address=10.0.2.15/' ${manifest}`,
      );
      const wanted = ['K8S_API_ADVERTISES_NAT cp1'];
      // The API server is started anew meanwhile: that it does not answer follows from the change.
      await expectCauses(lab, 'api-restarting', wanted);
      const named = clock();
      const settled = (report: Report): boolean =>
        report.results.every(({ status }) => status !== 'unknown') &&
        !codesOf(report).includes('K8S_API_UNREACHABLE');
      const report = await expectCauses(lab, 'api-nat', wanted, { settled });
      const endpoint = '{.items[*].endpoints[*].addresses[*]}';
      const slices = ['endpointslices', '-l', 'kubernetes.io/service-name=kubernetes'];
      expect(await lab.kubectl('get', ...slices, '-o', `jsonpath=${endpoint}`)).toBe('10.0.2.15');
      await mendAndNote(lab, report, { name: 'the API advertised on 10.0.2.15', found: wanted, named });
      expect(await lab.kubectl('get', ...slices, '-o', `jsonpath=${endpoint}`)).toBe(addressOf('cp1'));
    },
    600,
  );
});

/**
 * The node that has got 10.0.2.15. The DaemonSet replaces one pod at a time, so it is one node; which one is a matter of
 * chance. Pods that start in the same instant would each find the address free, and all of them would keep it.
 */
async function claimant(): Promise<string> {
  for (let attempt = 0; attempt < 120; attempt += 1) {
    const nodes = await lab.list<Node>('nodes');
    const claiming = nodes.find(
      ({ metadata }) => metadata.annotations['projectcalico.org/IPv4Address'] === '10.0.2.15/24',
    );
    if (claiming !== undefined) return claiming.metadata.name;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error('No node has taken 10.0.2.15.');
}
