import { describe, expect, test } from '@jest/globals';
import { parseCalico } from '../../../src/collect/parse/calico.js';
import { parseCondition } from '../../../src/collect/parse/condition.js';
import type { Section } from '../../../src/collect/parse/sections.js';
import { parseKubelet, parseRuntime } from '../../../src/collect/parse/services.js';

const sections = (outputs: Record<string, string | [number, string]>): Map<string, Section> =>
  new Map(
    Object.entries(outputs).map(([name, said]) => {
      const [status, output] = typeof said === 'string' ? [0, said] : said;
      return [name, { status, output, errors: '' }];
    }),
  );

describe('the condition of a machine, as one really told it', () => {
  test('is read in full', () => {
    const said = sections({
      identity: 'machine-id a91af0d177e545ca\n',
      'root-mount': 'shared\n',
      room: 'disk 258020 37137 16777216 15786523\nmemory 24105 19974\n',
      firewall: '-A INPUT -p tcp -m tcp --dport 179 -j DROP\n',
      'firewall-units': '',
      'package-lock': '/var/lib/dpkg/lock-frontend 4711 apt-get\n',
      'name-servers': '10.0.2.3\n',
      'outside-names': 'pkgs.k8s.io 151.101.2.132\nregistry.k8s.io 34.96.108.209\n',
    });
    expect(parseCondition(said)).toEqual({
      identity: { machineId: 'a91af0d177e545ca', productUuid: null },
      sharedRoot: true,
      disk: { size: 258020, free: 37137, inodes: 16777216, freeInodes: 15786523 },
      memory: { size: 24105, free: 19974 },
      firewallRules: ['-A INPUT -p tcp -m tcp --dport 179 -j DROP'],
      firewallUnits: [],
      packageLocks: [{ file: '/var/lib/dpkg/lock-frontend', process: 'apt-get', pid: 4711 }],
      nameServers: ['10.0.2.3'],
      outsideNames: ['pkgs.k8s.io', 'registry.k8s.io'],
    });
  });

  test('what could not be read is null, never a guess', () => {
    const none = { identity: null, sharedRoot: null, disk: null, memory: null, packageLocks: null };
    expect(parseCondition(new Map())).toMatchObject({ ...none, firewallRules: null, nameServers: null });
    const garbage = sections({
      'root-mount': 'perhaps',
      room: 'disk much - - -\nmemory',
      firewall: [127, ''],
      'outside-names': [124, 'pkgs.k8s.io 151'],
    });
    const nothing = { sharedRoot: null, disk: null, firewallRules: null, outsideNames: null };
    expect(parseCondition(garbage)).toMatchObject(nothing);
    // Nobody found anything: that was read.
    expect(parseCondition(sections({ 'outside-names': '' }))).toMatchObject({ outsideNames: [] });
  });
});

describe('Calico on a node', () => {
  test('sessions, and peers that do not answer', () => {
    const said = sections({
      'calico-bird': '192.168.56.10\tActive\tSocket: Connection closed\n192.168.56.20\tEstablished\t\n',
      'calico-unanswered': '192.168.56.10\n',
      'calico-felix': 'liveness 204\nreadiness 503\n',
      'calico-node-name': 'worker2',
    });
    expect(parseCalico(said)).toEqual({
      birdRuns: true,
      sessions: [
        { peer: '192.168.56.10', state: 'Active', error: 'Socket: Connection closed' },
        { peer: '192.168.56.20', state: 'Established', error: '' },
      ],
      unanswered: ['192.168.56.10'],
      felix: { live: true, ready: false },
      nodeName: 'worker2',
    });
  });

  test('no BIRD, no Felix, and a name that is missing are three things', () => {
    const said = sections({
      'calico-bird': [3, ''],
      'calico-felix': 'liveness 000\nreadiness 000\n',
      'calico-node-name': '\n',
    });
    expect(parseCalico(said)).toMatchObject({ birdRuns: false, sessions: null, felix: null, nodeName: '' });
    expect(parseCalico(new Map())).toMatchObject({ birdRuns: null, nodeName: null });
  });
});

describe('what the kubelet and the container runtime are set to', () => {
  test('server, cgroup driver and name', () => {
    const said = sections({
      'kubelet-settings': 'server https://10.0.2.15:6443\ncgroup-driver systemd\n',
      'kubelet-hostname-override': '--hostname-override=node7\n',
    });
    expect(parseKubelet(said)).toMatchObject({
      server: 'https://10.0.2.15:6443',
      cgroupDriver: 'systemd',
      hostnameOverride: 'node7',
    });
    expect(parseKubelet(new Map())).toMatchObject({
      server: null,
      cgroupDriver: null,
      hostnameOverride: null,
    });
  });

  test('an answer over CRI, a refusal, silence, and nobody who asked', () => {
    const cri = (said: string | [number, string]): unknown =>
      parseRuntime(sections({ 'runtime-cri': said, 'runtime-cgroups': 'CGROUPFS\n' }), 'containerd').cri;
    expect(cri('Version:  0.1.0\nRuntimeName:  containerd\n')).toMatchObject({ ok: true });
    const refusal = 'level=fatal msg="unknown service runtime.v1.RuntimeService"';
    expect(cri([1, refusal])).toEqual({ ok: false, said: refusal });
    expect(cri([124, ''])).toEqual({ ok: false, said: 'no answer in time' });
    expect(cri([127, ''])).toBeNull();
  });
});
