import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { planCluster } from '../../../src/plan/plan.js';
import { programOf, programsOn } from '../../../src/plan/programs.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { laptop } from './assets.js';

/** What the hard way of this package makes of a lab. */
let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

const facts = { caCertHash: `sha256:${'0'.repeat(64)}` };

function plan(text: string): Cluster {
  const lab = parseLab(`name: hard\n${text}`, 'lab.yaml', assets, { set: ['provider=virtualbox'] });
  return planCluster(lab, { ...laptop, arch: 'x64' }, assets);
}

const hardWay = 'bootstrap: hard-way\ncni: bridge\n';
const allocated = 'bootstrap: {name: hard-way, nodeRanges: allocated}\ncni: bridge\nworkers: 2\n';
const file = (cluster: Cluster, path: string): string =>
  renderLab(cluster, facts, assets).get(path)?.content ?? '';
const idsOf = (cluster: Cluster): string[] => cluster.machines[0]?.steps.map(({ id }) => id) ?? [];

describe('three control planes', () => {
  const text = `${hardWay}controlPlanes: 3\nworkers: 3\nloadBalancer: packages\n`;

  test('have certificates for all of them, the shared address and the first one of Services', () => {
    const cluster = plan(text);
    const certificate = cluster.secrets.find(({ path }) => path === 'control-plane/pki/apiserver.crt');
    expect(certificate).toMatchObject({ kind: 'certificate' });
    const names = certificate?.kind === 'certificate' ? certificate.names : [];
    const addresses = cluster.machines.slice(0, 3).map(({ address }) => address);
    expect(names).toEqual(
      expect.arrayContaining(['cp1', 'cp2', 'cp3', ...addresses, '192.168.56.99', '10.96.0.1']),
    );
    expect(cluster.endpoint).toMatchObject({ kind: 'vip', port: 8443, apiServerPort: 6443 });
  });

  test('are one etcd of three members, and every API server asks all of them', () => {
    const cluster = plan(text);
    const members = [10, 11, 12].map((octet, at) => `cp${at + 1}=https://192.168.56.${octet}:2380`);
    expect(file(cluster, 'provision/cp2/etcd.service')).toContain(`--initial-cluster=${members.join(',')} `);
    expect(file(cluster, 'provision/cp3/kube-apiserver.service')).toContain(
      '--etcd-servers=https://192.168.56.10:2379,https://192.168.56.11:2379,https://192.168.56.12:2379 ',
    );
  });

  test('are balanced by hand in the README, where the balancer runs beside them', () => {
    expect(file(plan(text), 'README.md')).toContain('install -m 0644 /root/lab/files/haproxy.cfg');
    const apart = plan(`${hardWay}controlPlanes: 3\nworkers: 1\nloadBalancers: 2\n`);
    expect(file(apart, 'README.md')).not.toContain('/root/lab/files/haproxy.cfg');
  });

  test.each(['static-pods', 'kube-vip'])('are not balanced by %s, which needs a kubelet first', (name) => {
    expect(() => plan(text.replace('packages', name))).toThrow(`not with \`loadBalancer: ${name}\``);
  });
});

describe('programs', () => {
  test('are units the hard way, static pods with kubeadm, and none without Kubernetes', () => {
    const units = plan(`${hardWay}workers: 1\n`);
    const [controlPlane, worker] = units.machines;
    if (!controlPlane || !worker) throw new Error('machines are missing');
    const named = programsOn(units, controlPlane).map(({ name }) => name);
    expect(named.sort()).toEqual(
      ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-proxy', 'kube-scheduler'].sort(),
    );
    expect(programsOn(units, worker)).toEqual([
      expect.objectContaining({ name: 'kube-proxy', file: '/etc/systemd/system/kube-proxy.service' }),
    ]);
    expect(programOf(plan('workers: 1\ncni: bridge\n'), 'etcd')).toMatchObject({
      runs: 'static-pod',
      file: '/etc/kubernetes/manifests/etcd.yaml',
    });
    expect(plan('bootstrap: none\nworkers: 2\n').bootstrap).not.toHaveProperty('programs');
  });

  test('are set up by the steps of their bootstrapper under these very paths', () => {
    const cluster = plan(`${hardWay}workers: 1\n`);
    const script = file(cluster, 'provision/cp1.sh');
    for (const { name } of cluster.bootstrap.programs ?? []) {
      expect(script).toMatch(new RegExp(`/etc/systemd/system/(${name}|\\$name)\\.service`));
      expect(file(cluster, `provision/cp1/${name}.service`)).toContain(`ExecStart=/usr/local/bin/${name} `);
    }
  });
});

describe('ranges that the controller manager allocates', () => {
  test('are planned for no machine, and neither are routes', () => {
    for (const machine of plan(allocated).machines) {
      expect(machine).not.toHaveProperty('podCidr');
      expect(machine.routes).toEqual([]);
    }
  });

  test('are asked for by the steps, which else take those of the plan', () => {
    const [given, planned] = [plan(allocated), plan(`${hardWay}workers: 2\n`)].map(idsOf);
    expect(given).toEqual(expect.arrayContaining(['cni/bridge/given-range', 'cni/bridge/found-routes']));
    expect(given).not.toContain('cni/bridge/pod-range');
    expect(planned).toEqual(
      expect.arrayContaining(['cni/bridge/bridge', 'cni/bridge/pod-range', 'cni/bridge/routes']),
    );
    expect(planned).not.toContain('cni/bridge/found-routes');
  });

  test('are of the plan’s size, from its range', () => {
    const unit = file(plan(allocated), 'provision/cp1/kube-controller-manager.service');
    expect(unit).toContain('--allocate-node-cidrs=true ');
    expect(unit).toContain('--cluster-cidr=10.244.0.0/16 ');
    expect(unit).toContain('--node-cidr-mask-size=24 ');
    expect(file(plan(`${hardWay}workers: 2\n`), 'provision/cp1/kube-controller-manager.service')).toMatch(
      /--allocate-node-cidrs=false(?![^]*--cluster-cidr)/,
    );
    expect(file(plan(allocated), 'provision/worker1/10-k8slab.conflist')).toContain('"@POD_CIDR@"');
  });
});
