import { describe, expect, test } from '@jest/globals';
import { K8slabErrors } from '../../../src/errors/error.js';
import type { Cluster, Machine } from '../../../src/plan/cluster.js';
import { decisionsOf, planCluster } from '../../../src/plan/plan.js';
import { bareLab, codesOf, folder, lab, laptop, parsed, role, step, testAssets } from './assets.js';

function plan(value = lab(), assets = testAssets(), host = laptop): Cluster {
  return planCluster(parsed(value), host, assets);
}

function machine(cluster: Cluster, name: string): Machine {
  const found = cluster.machines.find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no machine ${name}`);
  return found;
}

function setting(cluster: Cluster, name: string, of: string): string | undefined {
  return machine(cluster, of).settings.find((candidate) => candidate.name === name)?.value;
}

function errorsOf(work: () => unknown): { code: string; message: string; line: number | undefined }[] {
  try {
    work();
  } catch (error) {
    if (!(error instanceof K8slabErrors)) throw error;
    return error.errors.map(({ code, message, where }) => ({ code, message, line: where?.line }));
  }
  return [];
}

describe('one control plane and two workers', () => {
  const cluster = plan();

  test('have the addresses, names and sizes people expect', () => {
    expect(
      cluster.machines.map(({ name, role: of, address, mac, cpus }) => [name, of, address, mac, cpus]),
    ).toEqual([
      ['cp1', 'control-plane', '192.168.56.10', '00:16:3e:38:a8:0a', 2],
      ['worker1', 'worker', '192.168.56.20', '00:16:3e:38:a8:14', 1],
      ['worker2', 'worker', '192.168.56.21', '00:16:3e:38:a8:15', 1],
    ]);
    expect(cluster.totals).toEqual({ machines: 3, cpus: 4, memoryMiB: 5120, diskGiB: 60 });
  });

  test('have one endpoint and one network', () => {
    expect(cluster.endpoint).toEqual({
      address: '192.168.56.10',
      port: 6443,
      hostPort: '192.168.56.10:6443',
      kind: 'control-plane',
      apiServerPort: 6443,
    });
    expect(cluster.networking).toEqual({
      hostOnly: {
        cidr: '192.168.56.0/24',
        prefix: 24,
        netmask: '255.255.255.0',
        hostAddress: '192.168.56.1',
        bridge: '',
      },
      nat: { cidr: '10.0.2.0/24', address: '10.0.2.15' },
      podSubnet: '10.244.0.0/16',
      serviceSubnet: '10.96.0.0/12',
      apiServiceAddress: '10.96.0.1',
      dnsServiceAddress: '10.96.0.10',
      dnsDomain: 'cluster.local',
    });
  });

  test('run the steps of their role, by phase', () => {
    const ids = (name: string): string[] =>
      machine(cluster, name).steps.map(({ number, id }) => `${number} ${id}`);
    expect(ids('cp1')).toEqual([
      '1 base/names',
      '2 base/tools',
      '3 runtime/containerd/upstream',
      '4 kubernetes/packages',
      '5 bootstrap/kubeadm/init',
      '6 cni/calico/apply',
    ]);
    expect(ids('worker2')).toEqual([
      '1 base/names',
      '2 base/tools',
      '3 runtime/containerd/upstream',
      '4 kubernetes/packages',
      '5 bootstrap/kubeadm/worker',
    ]);
  });

  test('take the script of their package family and the files of their steps', () => {
    const steps = machine(cluster, 'cp1').steps;
    expect(steps.map(({ script }) => script)).toContain('base/tools.apt.sh');
    expect(steps.find(({ id }) => id.endsWith('init'))?.files).toEqual([
      { name: 'init.yaml', template: 'bootstrap/kubeadm/init.yaml.hbs' },
    ]);
    const rocky = plan(lab({ box: { key: 'rocky-9' } }));
    expect(machine(rocky, 'cp1').steps.map(({ script }) => script)).toContain('base/tools.dnf.sh');
  });

  test('get exactly the constants their steps and library use, grouped', () => {
    expect(machine(cluster, 'worker1').settings).toEqual([
      { group: 'This machine', name: 'MACHINE', value: 'worker1' },
      {
        group: 'The lab',
        name: 'ALL_HOSTS',
        value: '192.168.56.10 cp1\n192.168.56.20 worker1\n192.168.56.21 worker2',
      },
      { group: 'Kubernetes', name: 'KUBERNETES_VERSION', value: '1.37.1' },
      { group: 'Where things come from', name: 'MIRROR', value: '' },
      {
        group: 'Where things come from',
        name: 'CONTAINERD_URL_AMD64',
        value: 'https://example.org/containerd-2.3.4-amd64.tar.gz',
      },
      { group: 'Where things come from', name: 'CONTAINERD_SHA256_AMD64', value: 'a'.repeat(64) },
      { group: 'Where things come from', name: 'CONTAINERD_VERSION', value: '2.3.4' },
      {
        group: 'Where things come from',
        name: 'KUBERNETES_REPOSITORY',
        value: 'https://example.org/v1.37/deb/',
      },
    ]);
    expect(setting(cluster, 'ENDPOINT', 'cp1')).toBe('192.168.56.10:6443');
    expect(setting(cluster, 'CNI_ENCAPSULATION', 'cp1')).toBe('ipip');
    expect(machine(cluster, 'cp1').library).toEqual(['files', 'packages', 'fetch']);
  });

  test('list every download and image once', () => {
    expect(cluster.sources.map(({ id, url, sha256 }) => [id, url, sha256?.[0]])).toEqual([
      ['containerd-amd64', 'https://example.org/containerd-2.3.4-amd64.tar.gz', 'a'],
      ['containerd-arm64', 'https://example.org/containerd-2.3.4-arm64.tar.gz', 'b'],
      ['kubernetes', 'https://example.org/v1.37/deb/', undefined],
      ['calico', 'https://example.org/v3.33.0/calico.yaml', 'd'],
    ]);
    expect(cluster.images).toEqual([
      'registry.k8s.io/kube-apiserver:v1.37.1',
      'registry.k8s.io/kube-controller-manager:v1.37.1',
      'registry.k8s.io/kube-scheduler:v1.37.1',
      'registry.k8s.io/kube-proxy:v1.37.1',
      'registry.k8s.io/coredns/coredns:v1.14.6',
      'registry.k8s.io/etcd:3.7.0-0',
      'registry.k8s.io/pause:3.10.2',
      'quay.io/calico/node:v3.33.0',
    ]);
    expect(cluster.cni).toEqual({
      name: 'calico',
      version: '3.33.0',
      options: { encapsulation: 'ipip', replicas: 1 },
    });
  });

  test('share secrets by role', () => {
    expect(cluster.secrets.map(({ path }) => path)).toEqual([
      'node/bootstrap-token',
      'control-plane/pki/ca.crt',
      'control-plane/pki/ca.key',
      'control-plane/pki/etcd/ca.crt',
      'control-plane/pki/etcd/ca.key',
      'control-plane/pki/front-proxy-ca.crt',
      'control-plane/pki/front-proxy-ca.key',
      'control-plane/pki/sa.key',
      'control-plane/pki/sa.pub',
    ]);
    expect(machine(cluster, 'cp1').secretGroups).toEqual(['node', 'control-plane']);
    expect(machine(cluster, 'worker1').secretGroups).toEqual(['node']);
  });

  test('list the ports of the chosen options only', () => {
    const ports = (options: Record<string, string>): string[] =>
      plan(lab({ cni: { name: 'calico', options } })).ports.map(({ on, port }) => `${on} ${port}`);
    expect(ports({})).toEqual(expect.arrayContaining(['control-plane 6443', 'worker 179', 'worker 10250']));
    expect(ports({ encapsulation: 'vxlan' })).toContain('worker 4789');
    expect(ports({ encapsulation: 'vxlan' })).not.toContain('worker 179');
    expect(ports({})).not.toContain('load-balancer 6443');
  });

  test('are the same plan each time, and plain JSON', () => {
    expect(plan()).toEqual(cluster);
    expect(JSON.stringify(plan())).toBe(JSON.stringify(cluster));
    expect(JSON.parse(JSON.stringify(cluster))).toEqual(cluster);
  });
});

describe('two machines with a bridge each', () => {
  const cluster = plan(bareLab());

  test('have pod ranges, and routes to each other', () => {
    expect(
      cluster.machines.map(({ name, podCidr, podGateway, routes }) => ({
        name,
        podCidr,
        podGateway,
        routes,
      })),
    ).toEqual([
      {
        name: 'node1',
        podCidr: '10.12.1.0/24',
        podGateway: '10.12.1.1',
        routes: [{ destination: '10.12.2.0/24', via: '192.168.56.21', machine: 'node2' }],
      },
      {
        name: 'node2',
        podCidr: '10.12.2.0/24',
        podGateway: '10.12.2.1',
        routes: [{ destination: '10.12.1.0/24', via: '192.168.56.20', machine: 'node1' }],
      },
    ]);
    expect(setting(cluster, 'PEER_ROUTES', 'node1')).toBe('10.12.2.0/24 192.168.56.21');
    expect(setting(cluster, 'POD_MTU', 'node1')).toBe('1500');
  });

  test('need no Kubernetes, no secrets and no downloads', () => {
    expect(cluster.kubernetes).toBeUndefined();
    expect(cluster.endpoint).toBeUndefined();
    expect([cluster.secrets, cluster.sources, cluster.images]).toEqual([[], [], []]);
    expect(cluster.machines.flatMap(({ secretGroups }) => secretGroups)).toEqual([]);
    expect(cluster.runtime).toEqual({ name: 'containerd', options: { install: 'distribution' } });
  });

  test('keep the MTU that was written', () => {
    const networking = { ...bareLab().networking, mtu: 1450 };
    expect(plan(bareLab({ networking })).networking.mtu).toBe(1450);
  });

  test('say when the pod range does not hold one range each', () => {
    const networking = { ...bareLab().networking, podSubnet: '10.12.0.0/24' };
    expect(errorsOf(() => plan(bareLab({ networking })))).toEqual([
      {
        code: 'PLAN_POD_RANGES',
        message: 'podSubnet 10.12.0.0/24 holds 1 ranges of /24; 2 machines need one each.',
        line: undefined,
      },
    ]);
  });
});

describe('the endpoint', () => {
  test('is the first of several control planes, with a note', () => {
    const cluster = plan(lab({ controlPlanes: role(3) }));
    expect(cluster.endpoint?.hostPort).toBe('192.168.56.10:6443');
    expect(codesOf(cluster)).toEqual(['PLAN_ENDPOINT_SINGLE']);
    expect(machine(cluster, 'cp2').steps.map(({ id }) => id)).toContain('bootstrap/kubeadm/join');
  });

  test('is the one load balancer', () => {
    const cluster = plan(lab({ loadBalancers: role(1) }));
    expect(cluster.endpoint).toMatchObject({ address: '192.168.56.90', kind: 'load-balancer' });
    expect(cluster.machines[0]).toMatchObject({ name: 'lb1', schedulable: false, secretGroups: [] });
    expect(machine(cluster, 'lb1').steps.map(({ id }) => id)).toEqual([
      'base/names',
      'base/tools',
      'load-balancer/packages/haproxy',
    ]);
    expect(setting(cluster, 'CONTROL_PLANES', 'lb1')).toBe('192.168.56.10 cp1');
  });

  test('is a virtual address of several load balancers', () => {
    const cluster = plan(lab({ controlPlanes: role(3), loadBalancers: role(2) }));
    expect(cluster.endpoint).toMatchObject({ address: '192.168.56.99', kind: 'vip' });
    expect(codesOf(cluster)).toEqual([]);
    expect(cluster.secrets.at(-1)).toEqual({
      path: 'load-balancer/vrrp-password',
      group: 'load-balancer',
      kind: 'password',
    });
    expect(machine(cluster, 'lb2')).toMatchObject({
      address: '192.168.56.91',
      secretGroups: ['load-balancer'],
    });
    expect(machine(cluster, 'lb2').steps.map(({ id }) => id)).toContain('load-balancer/packages/keepalived');
    expect(cluster.ports).toContainEqual({ on: 'load-balancer', port: '112', protocol: 'ip', what: 'VRRP' });
    expect(cluster.loadBalancer).toMatchObject({ on: 'load-balancer', machines: ['lb1', 'lb2'], port: 6443 });
  });

  test('is a virtual address of control planes, with another port than theirs', () => {
    const cluster = plan(lab({ controlPlanes: role(3), loadBalancer: { name: 'packages', options: {} } }));
    expect(cluster.endpoint).toEqual({
      address: '192.168.56.99',
      port: 8443,
      hostPort: '192.168.56.99:8443',
      kind: 'vip',
      apiServerPort: 6443,
    });
    expect(cluster.loadBalancer).toEqual({
      name: 'packages',
      options: {},
      on: 'control-plane',
      machines: ['cp1', 'cp2', 'cp3'],
      port: 8443,
      virtualRouterId: 56,
      images: [],
    });
    const balancers = cluster.machines.map(({ name, balancer }) => [name, balancer?.vrrp]);
    expect(balancers).toEqual([
      ['cp1', { state: 'MASTER', priority: 101 }],
      ['cp2', { state: 'BACKUP', priority: 100 }],
      ['cp3', { state: 'BACKUP', priority: 100 }],
      ['worker1', undefined],
      ['worker2', undefined],
    ]);
    expect(machine(cluster, 'cp2').secretGroups).toEqual(['node', 'control-plane', 'load-balancer']);
    expect(machine(cluster, 'worker1').secretGroups).toEqual(['node']);
    expect(machine(cluster, 'cp3').steps.map(({ id }) => id)).toContain('load-balancer/packages/keepalived');
    const api = cluster.ports.filter(({ what }) => what.startsWith('Kubernetes API'));
    expect(api.map(({ on, port }) => [on, port])).toEqual([
      ['control-plane', '8443'],
      ['control-plane', '6443'],
    ]);
    expect(codesOf(cluster)).toEqual([]);
  });

  test('has the ports and the address that the lab says', () => {
    const networking = {
      ...lab().networking,
      virtualAddress: '.9',
      endpointPort: 6443,
      apiServerPort: 6444,
    };
    const loadBalancer = { name: 'packages', options: {} };
    const { endpoint, machines } = plan(lab({ controlPlanes: role(3), loadBalancer, networking }));
    expect(endpoint).toMatchObject({ hostPort: '192.168.56.9:6443', apiServerPort: 6444 });
    const taken = { ...networking, virtualAddress: '.10' };
    const moved = plan(lab({ controlPlanes: role(3), loadBalancer, networking: taken }));
    expect(machines[0]?.address).toBe('192.168.56.10');
    expect(moved.machines.map(({ address }) => address)).not.toContain(moved.endpoint?.address);
  });

  test('moves without a port, a router or a password where nothing is handed on', () => {
    const cluster = plan(lab({ controlPlanes: role(3), loadBalancer: { name: 'mover', options: {} } }));
    expect(cluster.endpoint).toMatchObject({ hostPort: '192.168.56.99:6443', kind: 'vip' });
    expect(cluster.loadBalancer).toEqual({
      name: 'mover',
      options: {},
      on: 'control-plane',
      machines: ['cp1', 'cp2', 'cp3'],
      images: ['example.org/mover:v1'],
    });
    expect(cluster.secrets.map(({ kind }) => kind)).not.toContain('password');
    expect(cluster.ports.map(({ what }) => what)).not.toContain('VRRP');
  });
});

describe('overrides', () => {
  test('of single machines count', () => {
    const workers = role(2, {
      machines: [{ name: 'big', address: '.50', cpus: 8, memoryMiB: 4096 }, { schedulable: true }],
    });
    const cluster = plan(lab({ workers }));
    expect(machine(cluster, 'big')).toMatchObject({
      address: '192.168.56.50',
      cpus: 8,
      memoryMiB: 4096,
      diskGiB: 20,
      schedulable: false,
    });
    expect(machine(cluster, 'worker2')).toMatchObject({
      address: '192.168.56.20',
      cpus: 2,
      schedulable: true,
    });
  });

  test('keep their address out of the way of others', () => {
    const workers = role(1, { machines: [{ address: '192.168.60.10' }] });
    const cluster = plan(lab({ workers }));
    expect(cluster.machines.map(({ address }) => address)).toEqual(['192.168.60.11', '192.168.60.10']);
  });
});

describe('mistakes', () => {
  test('are reported together, each where it stands', () => {
    const text = 'provider: parallels\nruntime: containerd\ncni:\n  name: calico\n  encapsulation: gre\n';
    const value = lab({
      provider: 'parallels',
      cni: { name: 'calico', options: { encapsulation: 'gre' } },
      kubernetes: { version: '1.20' },
    });
    const positions: Record<string, [number, number]> = {
      provider: [1, 11],
      cni: [3, 1],
      'cni.encapsulation': [5, 18],
    };
    expect(errorsOf(() => planCluster(parsed(value, text, positions), laptop, testAssets()))).toEqual([
      {
        code: 'PLAN_PROVIDER_UNKNOWN',
        message: 'There is no provider parallels; there is virtualbox and lxc.',
        line: 1,
      },
      {
        code: 'PLAN_OPTION_VALUE',
        message: 'encapsulation of cni calico is ipip or vxlan, not "gre".',
        line: 5,
      },
      {
        code: 'PLAN_KUBERNETES_VERSION',
        message: 'Kubernetes 1.20 is not supported; there is 1.37, 1.36 and 1.35.',
        line: undefined,
      },
    ]);
  });

  test('in options are named, with what was meant', () => {
    const wrong = (options: Record<string, string | number>): string[] =>
      errorsOf(() => plan(lab({ cni: { name: 'calico', options } }))).map(
        ({ code, message }) => `${code} ${message}`,
      );
    expect(wrong({ encapsulaton: 'ipip' })).toEqual([
      'PLAN_OPTION_UNKNOWN cni calico has no option encapsulaton; did you mean encapsulation?',
    ]);
    expect(wrong({ replicas: 'two' })).toEqual([
      'PLAN_OPTION_VALUE replicas of cni calico is an integer, not "two".',
    ]);
    expect(wrong({ constructor: 'x' })[0]).toContain('has no option constructor');
    expect(wrong({ encapsulation: 'vxlan', replicas: 3 })).toEqual([]);
  });

  test('versions that do not fit each other', () => {
    expect(errorsOf(() => plan(lab({ kubernetes: { version: '1.35' } })))).toEqual([
      {
        code: 'PLAN_VERSIONS_UNFIT',
        message: 'Calico is tested with Kubernetes 1.37 and 1.36, not with 1.35.',
        line: undefined,
      },
    ]);
    expect(plan(lab({ kubernetes: { version: '1.36.3' } })).kubernetes).toEqual({
      version: '1.36.3',
      minor: '1.36',
      nodeCidrMaskSize: 24,
    });
  });

  test('too many machines', () => {
    expect(errorsOf(() => plan(lab({ workers: role(89) })))[0]?.code).toBe('PLAN_TOO_MANY_MACHINES');
    expect(errorsOf(() => plan(lab({ controlPlanes: role(11) })))[0]?.code).toBe(
      'PLAN_TOO_MANY_CONTROL_PLANES',
    );
  });

  test('addresses outside, addresses and names taken twice', () => {
    const machines = [{ address: '.9' }, { address: '.30', name: 'cp1' }, { address: '.30' }];
    expect(errorsOf(() => plan(lab({ workers: role(3, { machines }) }))).map(({ code }) => code)).toEqual([
      'PLAN_ADDRESS_OUTSIDE',
      'PLAN_ADDRESS_TAKEN',
    ]);
    expect(errorsOf(() => plan(lab({ workers: role(1, { machines: [{ name: 'cp1' }] }) })))[0]?.message).toBe(
      'Two machines are called cp1.',
    );
  });
});

describe('a faulty manifest', () => {
  const withStep = (more: Parameters<typeof step>[1]): (() => unknown) => {
    const base = folder({ steps: [step('names', more)] });
    return () => plan(lab(), testAssets({ base }));
  };
  const fault = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (error) {
      return error instanceof Error ? error.message : error;
    }
  };

  test('names its folder and step', () => {
    expect(fault(withStep({ settings: ['NO_SUCH'] }))).toBe(
      'provision-scripts/base/manifest.yaml: step names uses the setting NO_SUCH, which this lab does not have.',
    );
    expect(fault(withStep({ settings: ['POD_CIDR'] }))).toContain('step names uses the setting POD_CIDR');
    expect(fault(withStep({ id: 'gone' }))).toBe(
      'provision-scripts/base/manifest.yaml: step gone has neither gone.sh nor gone.apt.sh.',
    );
    expect(fault(withStep({ when: { shape: 'round' } }))).toContain('asks for the option shape');
  });
});

describe('decisions', () => {
  const free = planCluster(parsed(lab({ provider: 'auto' })), laptop, testAssets());

  test('of an earlier plan stay', () => {
    const decisions = { provider: 'lxc', hostOnlySubnet: '192.168.60.0/24' };
    const cluster = planCluster(parsed(lab({ provider: 'auto' })), laptop, testAssets(), decisions);
    expect(decisionsOf(cluster)).toEqual(decisions);
    expect(cluster.networking.hostOnly.bridge).toBe('k8slab60');
    expect(decisionsOf(free)).toEqual({ provider: 'virtualbox', hostOnlySubnet: '192.168.56.0/24' });
  });

  test('give way to what the lab says', () => {
    const decisions = { provider: 'lxc', hostOnlySubnet: '192.168.60.0/24' };
    const networking = { ...lab().networking, hostOnlySubnet: '192.168.61.0/24' };
    const cluster = planCluster(parsed(lab({ networking })), laptop, testAssets(), decisions);
    expect(decisionsOf(cluster)).toEqual({ provider: 'virtualbox', hostOnlySubnet: '192.168.61.0/24' });
  });
});
