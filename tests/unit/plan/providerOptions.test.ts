import { describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import { K8slabErrors } from '../../../src/errors/error.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { describeCluster } from '../../../src/plan/describe.js';
import type { HostFacts } from '../../../src/plan/host.js';
import { planCluster } from '../../../src/plan/plan.js';
import { renderVagrantfile } from '../../../src/render/vagrantfile.js';

const assets = await loadAssets();
const host: HostFacts = {
  platform: 'linux',
  arch: 'x64',
  installedProviders: [],
  virtualization: true,
  root: true,
  networks: [],
  otherLabs: [],
  vboxAllowedRanges: ['192.168.56.0/21'],
};
const withoutKvm = { ...host, limits: { libvirt: ['no-kvm'] } };

const planned = (provider: string, on: HostFacts = host, more = ''): Cluster =>
  planCluster(parseLab(`workers: 1\nprovider: ${provider}\n${more}`, 'lab.yaml', assets), on, assets);
const mistakes = (provider: string, on: HostFacts = host, more = ''): string[] => {
  try {
    planned(provider, on, more);
  } catch (error) {
    if (error instanceof K8slabErrors)
      return error.errors.map(({ code, where, message }) => `${code} ${where?.line ?? ''}: ${message}`);
    throw error;
  }
  return [];
};

describe('options of a provider', () => {
  test('have defaults, and may be set beside its name', () => {
    expect(planned('libvirt').providerOptions).toEqual({ uri: '', driver: 'kvm', pool: 'default' });
    const far = planned('{name: libvirt, uri: "qemu+ssh://me@server/system", driver: qemu}');
    expect(far.providerOptions).toEqual({
      uri: 'qemu+ssh://me@server/system',
      driver: 'qemu',
      pool: 'default',
    });
    expect(describeCluster(far).facts[0]).toEqual([
      'Provider',
      'libvirt (uri qemu+ssh://me@server/system, driver qemu, pool default)',
    ]);
  });

  test('are not there for one that has none', () => {
    expect(planned('virtualbox')).not.toHaveProperty('providerOptions');
    expect(mistakes('{name: virtualbox, uri: "qemu:///system"}')).toEqual([
      expect.stringMatching(/^LAB_UNKNOWN_KEY 2: .*`uri`.*\(virtualbox\)/),
    ]);
  });

  test('need the provider’s name', () => {
    expect(mistakes('{driver: qemu}')).toEqual([
      expect.stringMatching(/^LAB_UNKNOWN_KEY 2: .*`driver`.*\(auto\)/),
    ]);
  });

  test('have the values that the manifest lists', () => {
    expect(mistakes('{name: libvirt, driver: xen}')).toEqual([
      expect.stringMatching(/^LAB_VALUE|^LAB_\w+ 2: .*xen/),
    ]);
  });

  test('reach the Vagrantfile as Ruby’s strings', () => {
    const text = renderVagrantfile(planned('{name: libvirt, pool: "a\'#{b}"}'), assets);
    expect(text).toContain("PROVIDER_DRIVER = 'kvm'\n");
    expect(text).toContain("PROVIDER_POOL = 'a\\'#{b}'\n");
  });
});

describe('a host without KVM', () => {
  test('emulates, and the plan says what that costs', () => {
    const cluster = planned('libvirt', withoutKvm);
    expect(cluster.providerOptions).toMatchObject({ driver: 'qemu' });
    expect(cluster.adaptations).toMatchObject([
      { id: 'no-kvm', why: expect.stringContaining('ten times slower') },
    ]);
  });

  test('refuses a lab that asks for kvm itself', () => {
    expect(mistakes('{name: libvirt, driver: kvm}', withoutKvm)).toEqual([
      expect.stringMatching(/^PLAN_HOST_LIMIT 2: provider libvirt cannot use driver kvm/),
    ]);
  });

  test('says nothing of a server', () => {
    const cluster = planned('{name: libvirt, uri: "qemu+ssh://server/system"}', withoutKvm);
    expect(cluster.providerOptions).toMatchObject({ driver: 'kvm' });
    expect(cluster).not.toHaveProperty('adaptations');
  });

  test('does not get libvirt by `auto`', () => {
    const auto = (on: HostFacts): string =>
      planned('auto', { ...on, installedProviders: ['libvirt', 'lxc'] }).provider;
    expect(auto(host)).toBe('libvirt');
    expect(auto(withoutKvm)).toBe('lxc');
    const [note] = planned('auto', { ...withoutKvm, installedProviders: ['lxc'] }).warnings.filter(
      ({ code }) => code === 'PLAN_PROVIDER_CHOSEN',
    );
    expect(note?.message).toContain('libvirt would be slow: this host has no KVM');
  });
});

describe('the first adapter of libvirt’s machines', () => {
  test('is in a range of its own, with another address on each machine', () => {
    const cluster = planned('libvirt');
    expect(cluster.networking.nat).toEqual({ cidr: '192.168.121.0/24', address: '' });
    expect(describeCluster(cluster).ranges.rows[1]).toEqual([
      'NAT adapters',
      '192.168.121.0/24',
      'another address on each machine: the way out, never the way in',
    ]);
  });

  test('keeps its range from the lab', () => {
    const range = 'networking: {hostOnlySubnet: 192.168.121.0/24}';
    expect(mistakes('libvirt', host, range)).toEqual([
      expect.stringMatching(/^PLAN_RANGE_OVERLAP 3: .*the NAT adapters' range 192\.168\.121\.0\/24/),
    ]);
    expect(mistakes('lxc', host, range)).toEqual([]);
  });
});
