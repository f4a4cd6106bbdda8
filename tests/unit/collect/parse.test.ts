import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { endpointTarget, parseApi } from '../../../src/collect/parse/api.js';
import { parseBridge } from '../../../src/collect/parse/bridge.js';
import { parseCluster } from '../../../src/collect/parse/cluster.js';
import { linesOf, splitSections } from '../../../src/collect/parse/sections.js';
import { parseKubelet, parseRuntime } from '../../../src/collect/parse/services.js';
import { parseSystem } from '../../../src/collect/parse/system.js';

const boundary = '=b0undary=';
const recorded = (name: string): string =>
  readFileSync(new URL(`../../fixtures/collector/${name}.txt`, import.meta.url), 'utf8');
const section = (name: string, output: string, status = 0, errors = ''): string =>
  `\n${boundary} output ${name} ${status}\n${output}\n${boundary} errors ${name} ${status}\n${errors}`;
const sections = (...parts: string[]) => splitSections(parts.join(''), boundary).sections;

describe('a machine as it really answered', () => {
  const output = splitSections(recorded('cni-2n-node1'), boundary);
  const system = parseSystem(output.sections);

  test('is read in full', () => {
    expect(output.complete).toBe(true);
    expect(Object.entries(system).filter(([, value]) => value === null)).toEqual([]);
  });

  test('names, addresses, routes', () => {
    expect(system.hostname).toBe('node1');
    expect(system.hostnameResolvesTo).toEqual(['192.168.60.20']);
    expect(system.os).toBe('Debian GNU/Linux 12 (bookworm)');
    const eth1 = system.interfaces?.find((link) => link.name === 'eth1');
    expect(eth1).toMatchObject({ up: true, mtu: 1500 });
    expect(eth1?.addresses).toContain('192.168.60.20/24');
    expect(system.routes).toContainEqual({
      destination: '10.12.2.0/24',
      via: '192.168.60.21',
      device: 'eth1',
    });
    expect(system.swap).toEqual([]);
    expect(system.modules).toEqual({ overlay: true, br_netfilter: true });
    expect(system.sysctls).toEqual({ 'net.ipv4.ip_forward': '1', 'net.bridge.bridge-nf-call-iptables': '1' });
  });

  test('the runtime', () => {
    expect(parseRuntime(output.sections, 'containerd')).toMatchObject({
      name: 'containerd',
      active: 'active',
      version: 'containerd github.com/containerd/containerd 1.6.20~ds1 1.6.20~ds1-1+deb12u3',
      socket: true,
      log: [],
      cniFiles: ['10-k8slab.conflist'],
    });
  });

  test('the bridge and its pings', () => {
    const bridge = parseBridge(output.sections, 'cni0', system.interfaces);
    expect(bridge).toMatchObject({
      exists: true,
      addresses: expect.arrayContaining(['10.12.1.1/24']),
      mtu: 1500,
    });
    expect(bridge.leases).toEqual(['10.12.1.3']);
    expect(bridge.pings?.map(({ from, bytes, ok }) => [from, bytes, ok])).toEqual([
      ['10.12.1.1', 84, true],
      ['10.12.1.1', 1500, true],
      ['10.12.1.3', 84, true],
      ['10.12.1.3', 1500, true],
    ]);
  });
});

describe('a control plane as a real API server and kubectl answered', () => {
  const output = splitSections(recorded('control-plane'), boundary);
  const cluster = parseCluster(output.sections, 'cp1');

  test('nodes', () => {
    expect(cluster?.version).toBe('v1.36.3');
    expect(cluster?.nodes?.map((node) => [node.name, node.ready, node.internalIPs])).toEqual([
      ['cp1', true, ['192.168.57.10']],
      ['worker1', false, ['10.0.2.15']],
    ]);
    expect(cluster?.nodes?.[0]).toMatchObject({
      podCIDR: '10.244.0.0/24',
      runtimeVersion: 'containerd://2.2.1',
      annotations: { 'projectcalico.org/IPv4Address': '192.168.57.10/24' },
    });
    expect(cluster?.nodes?.[0]?.taints).toContain('node-role.kubernetes.io/control-plane:NoSchedule');
    expect(cluster?.nodes?.[1]).toMatchObject({ unschedulable: true, readyReason: 'KubeletNotReady' });
    expect(cluster?.nodes?.[1]?.readyMessage).toContain('cni plugin not initialized');
  });

  test('pods and why they do not run', () => {
    const pod = (name: string) => cluster?.pods?.find((entry) => entry.name.startsWith(name));
    expect(pod('coredns')).toMatchObject({ phase: 'Pending', node: null, reason: 'Unschedulable' });
    expect(pod('calico-node')).toMatchObject({
      owner: 'DaemonSet/calico-node',
      node: 'worker1',
      ready: false,
      restarts: 7,
      reason: 'CrashLoopBackOff',
      hostNetwork: true,
    });
    expect(pod('calico-node')?.message).toContain('last ended with Error (exit status 1)');
    expect(pod('kube-proxy')).toMatchObject({ owner: 'Pod/kube-proxy-4kq7x', ready: true, reason: null });
  });

  test('endpoints, deployments, pools', () => {
    expect(cluster?.apiEndpoints).toEqual(['192.168.57.10']);
    expect(cluster?.deployments).toEqual([
      { namespace: 'kube-system', name: 'coredns', desired: 2, available: 0 },
    ]);
    expect(cluster?.ipPools).toEqual([
      {
        name: 'default-ipv4-ippool',
        cidr: '10.244.0.0/16',
        ipipMode: 'Always',
        vxlanMode: 'Never',
        disabled: false,
      },
    ]);
  });

  test('the API as this machine reaches it', () => {
    const api = parseApi(output.sections, true);
    expect(api.endpoint).toEqual({ url: 'https://192.168.57.10:6443/readyz', ok: true, answer: 'ok 200' });
    expect(api.controlPlanes?.map(({ machine, ok }) => [machine, ok])).toEqual([
      ['cp1', true],
      ['cp2', false],
    ]);
    expect(api.controlPlanes?.[1]?.answer).toMatch(/^curl: \(7\) Failed to connect .* to server$/);
    expect(api.advertiseAddress).toBe('192.168.57.10');
    expect(api.certificates?.find(({ path }) => path.endsWith('/apiserver.crt'))).toEqual({
      path: '/etc/kubernetes/pki/apiserver.crt',
      notAfter: '2027-11-21T10:45:05.000Z',
      sans: expect.arrayContaining(['kubernetes', 'cp1', '10.96.0.1', '192.168.57.10']),
    });
    expect(api.kubectlError).toBeUndefined();
  });
});

describe('what is not there becomes null, not a guess', () => {
  test('missing programs and commands out of time', () => {
    const facts = parseSystem(
      sections(section('hostname', '', 127), section('swap', '', 124), section('interfaces', '[', 124)),
    );
    expect([...new Set(Object.values(facts))]).toEqual([null]);
    expect(parseKubelet(sections(section('kubelet-version', '', 127))).version).toBeNull();
  });

  test('swap areas are named, whatever comes after', () => {
    const text =
      'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/sda2   partition\t2097148\t0\t-2\n/swap.img file 1 0 -3\n';
    expect(parseSystem(sections(section('swap', text))).swap).toEqual([
      '/dev/sda2 partition',
      '/swap.img file',
    ]);
  });

  test('missing modules and settings without a value', () => {
    const facts = parseSystem(
      sections(
        section('modules', 'overlay loaded\nbr_netfilter missing\n'),
        section('sysctls', 'net.a.b 1\nnet.c.d \n'),
      ),
    );
    expect(facts.modules).toEqual({ overlay: true, br_netfilter: false });
    expect(facts.sysctls).toEqual({ 'net.a.b': '1', 'net.c.d': null });
  });

  test('a kubelet without --node-ip, and one with', () => {
    expect(parseKubelet(sections(section('kubelet-node-ip', ''))).nodeIpFlag).toBe('');
    expect(parseKubelet(sections(section('kubelet-node-ip', '', 124))).nodeIpFlag).toBeNull();
    expect(parseKubelet(sections()).nodeIpFlag).toBeNull();
    expect(parseKubelet(sections(section('kubelet-node-ip', '--node-ip=192.168.56.20\n'))).nodeIpFlag).toBe(
      '192.168.56.20',
    );
  });

  test.each([
    ['there is no /etc/kubernetes/admin.conf', sections()],
    ['kubectl is not installed', sections(section('cluster-objects', '', 127))],
    ['kubectl got no answer in time', sections(section('cluster-objects', '', 124))],
    [
      'The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?',
      sections(
        section(
          'cluster-objects',
          '',
          1,
          'E1121 memcache.go:265] "x"\nThe connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?\n',
        ),
      ),
    ],
  ])('kubectl: %s', (words, given) => {
    expect(parseApi(given, true).kubectlError).toBe(words);
    expect(parseCluster(given, 'cp1')).toBeUndefined();
  });

  test('no Calico yet: no pools; pools that could not be read: null', () => {
    const objects = section('cluster-objects', '{"items":[]}');
    const notFound = section(
      'cluster-ip-pools',
      '',
      1,
      'Error from server (NotFound): the server could not find the requested resource',
    );
    expect(parseCluster(sections(objects, notFound), 'cp1')?.ipPools).toEqual([]);
    expect(parseCluster(sections(objects, section('cluster-ip-pools', '', 124)), 'cp1')?.ipPools).toBeNull();
    expect(parseCluster(sections(objects), 'cp1')).not.toHaveProperty('ipPools');
  });

  test('lost pings, and no ping at all', () => {
    const line =
      '10.12.1.1\t10.12.2.1\tnode2\t84\t1\t2 packets transmitted, 0 received, 100% packet loss; \n';
    const [ping] = parseBridge(sections(section('bridge-pings', line)), 'cni0', []).pings ?? [];
    expect(ping).toEqual({
      from: '10.12.1.1',
      to: '10.12.2.1',
      machine: 'node2',
      bytes: 84,
      ok: false,
      detail: '2 packets transmitted, 0 received, 100% packet loss',
    });
    const none = '10.12.1.1\t10.12.2.1\tnode2\t84\t127\tping: command not found\n';
    expect(parseBridge(sections(section('bridge-pings', none)), 'cni0', []).pings).toEqual([]);
  });
});

describe('the frame', () => {
  test('greetings of login shells before the first boundary are left out', () => {
    const { sections: found, complete } = splitSections(
      `Welcome!\n${section('hostname', 'cp1\n')}\n${boundary} end\n`,
      boundary,
    );
    expect(linesOf(found, 'hostname')).toEqual(['cp1']);
    expect(complete).toBe(true);
  });

  test('without the last line it is not complete', () => {
    expect(splitSections(section('hostname', 'cp1'), boundary).complete).toBe(false);
  });

  test('another boundary in the output is only text', () => {
    const found = sections(section('hostname', '=other= output swap 0\ncp1\n'));
    expect([...found.keys()]).toEqual(['hostname']);
  });

  test('the endpoint cannot be mistaken for a machine', () => {
    expect(endpointTarget).not.toMatch(/^[a-z0-9]/);
  });
});
