import { describe, expect, test } from '@jest/globals';
import type { BoxRequest } from '../../../src/lab/lab.js';
import type { HostFacts } from '../../../src/plan/host.js';
import { planCluster } from '../../../src/plan/plan.js';
import { parseVboxNetworks } from '../../../src/plan/vboxNetworks.js';
import { K8slabErrors } from '../../../src/errors/error.js';
import { codesOf, lab, laptop, ownNotes, parsed, testAssets } from './assets.js';

function withSubnet(hostOnlySubnet: string, podSubnet = '10.244.0.0/16') {
  return lab({ networking: { ...lab().networking, hostOnlySubnet, podSubnet } });
}

function on(host: Partial<HostFacts>, value = lab()) {
  return planCluster(parsed(value), { ...laptop, ...host }, testAssets());
}

function messages(work: () => unknown): string[] {
  try {
    work();
  } catch (error) {
    if (error instanceof K8slabErrors) return error.errors.map(({ code, message }) => `${code} ${message}`);
    throw error;
  }
  return [];
}

describe('the provider', () => {
  const auto = lab({ provider: 'auto', box: 'auto' });
  const chosen = (host: Partial<HostFacts>) => on(host, auto).provider;

  test('is the first by preference of those installed', () => {
    expect(chosen({ installedProviders: ['lxc', 'virtualbox'] })).toBe('virtualbox');
    expect(chosen({ installedProviders: ['lxc'] })).toBe('lxc');
  });

  test('is one this host could run when none is installed', () => {
    expect(chosen({ installedProviders: [] })).toBe('virtualbox');
    expect(chosen({ installedProviders: [], virtualization: false })).toBe('lxc');
    expect(chosen({ installedProviders: ['virtualbox'], virtualization: false })).toBe('lxc');
    expect(chosen({ installedProviders: [], platform: 'darwin' })).toBe('virtualbox');
  });

  test('is explained', () => {
    expect(
      on({ installedProviders: ['virtualbox', 'lxc'] }, auto).warnings.map(({ message }) => message),
    ).toContain('Provider virtualbox: it is installed.');
    expect(
      on({ installedProviders: ['lxc'], root: true }, auto).warnings.map(({ message }) => message),
    ).toEqual(['Provider lxc: it is installed; virtualbox is not installed.']);
    expect(on({ installedProviders: [], virtualization: false }, auto).warnings).toEqual([
      {
        code: 'PLAN_PROVIDER_CHOSEN',
        message:
          'Provider lxc: it can run here, though it is not installed yet;' +
          ' virtualbox needs hardware virtualisation, which this host lacks. It needs root or sudo on this host.',
      },
    ]);
  });

  test('must exist for the platform', () => {
    expect(messages(() => on({ platform: 'darwin' }, lab({ provider: 'lxc' })))).toEqual([
      'PLAN_PROVIDER_PLATFORM LXC runs on Linux only; this is macOS.',
    ]);
    expect(messages(() => on({ platform: 'win32', virtualization: false }, auto))[0]).toContain(
      'PLAN_PROVIDER_NONE',
    );
  });
});

describe('the box', () => {
  const boxOf = (box: 'auto' | BoxRequest, provider = 'virtualbox') => on({}, lab({ box, provider })).box;

  test("is the provider's default, or one of the catalogue in the provider's form", () => {
    expect(boxOf('auto')).toEqual({
      key: 'ubuntu-24.04',
      name: 'bento/ubuntu-24.04',
      family: 'apt',
      version: '1.2.3',
      checksum: { type: 'sha256', value: 'c'.repeat(64) },
      user: 'vagrant',
    });
    expect(boxOf('auto', 'lxc')).toMatchObject({ name: 'k8slab/debian-12', build: { recipe: 'box' } });
    expect(boxOf({ key: 'rocky-9' }).family).toBe('dnf');
  });

  test('may be described in full', () => {
    const box = {
      name: 'my/box',
      family: 'dnf',
      url: 'https://x/y.box',
      checksum: `sha512:${'A'.repeat(128)}`,
    } as const;
    expect(boxOf(box)).toEqual({
      key: 'custom',
      name: 'my/box',
      family: 'dnf',
      url: 'https://x/y.box',
      checksum: { type: 'sha512', value: 'a'.repeat(128) },
      user: 'vagrant',
    });
    expect(messages(() => boxOf({ name: 'b', family: 'apt', checksum: 'sha256:abc' }))[0]).toContain(
      'PLAN_BOX_CHECKSUM',
    );
  });

  test('without a form for the provider is refused, naming those that have one', () => {
    expect(messages(() => boxOf({ key: 'ubuntu-24.04' }, 'lxc'))).toEqual([
      'PLAN_BOX_PROVIDER Ubuntu 24.04 (ubuntu-24.04) has no form for LXC; it exists for virtualbox. Boxes for LXC: debian-12.',
    ]);
    expect(messages(() => boxOf({ key: 'ubunto-24.04' }))).toEqual([
      'PLAN_BOX_UNKNOWN The catalogue has no box ubunto-24.04; did you mean ubuntu-24.04?',
    ]);
  });
});

describe('the host-only range', () => {
  const cidr = (host: Partial<HostFacts>, value = lab()) => on(host, value).networking.hostOnly.cidr;
  const otherLab = { name: 'other', folder: '/home/me/other', hostOnlySubnet: '192.168.57.0/24' };

  test('is the first /24 that nothing else has', () => {
    expect(cidr({})).toBe('192.168.56.0/24');
    expect(cidr({ networks: [{ cidr: '192.168.56.0/24', name: 'eth0' }], otherLabs: [otherLab] })).toBe(
      '192.168.58.0/24',
    );
    expect(cidr({ networks: [{ cidr: '192.168.56.128/25', name: 'eth0' }] })).toBe('192.168.57.0/24');
    expect(cidr({}, withSubnet('auto', '192.168.56.0/23'))).toBe('192.168.58.0/24');
  });

  test('says who holds all of them', () => {
    const networks = [{ cidr: '192.168.0.0/16', name: 'wlan0' }];
    expect(messages(() => on({ networks }))).toEqual([
      "PLAN_NO_FREE_SUBNET No /24 of 192.168.56.0/21 is free: it is taken by the host's network 192.168.0.0/16 (wlan0).",
    ]);
  });

  test("uses VirtualBox's own adapter again, when nothing else is free or when it is asked for", () => {
    const networks = [56, 57, 58, 59, 60, 61, 62, 63].map((third) => ({
      cidr: `192.168.${third}.0/24`,
      name: `vboxnet${third}`,
    }));
    expect(cidr({ networks: networks.slice(0, 2) })).toBe('192.168.58.0/24');
    expect(cidr({ networks })).toBe('192.168.56.0/24');
    expect(cidr({ networks, otherLabs: [otherLab] }, withSubnet('192.168.58.0/24'))).toBe('192.168.58.0/24');
    expect(
      messages(() => on({ networks, otherLabs: [otherLab] }, withSubnet('192.168.57.0/24')))[0],
    ).toContain('lab other');
  });

  test('may not overlap the networks of the host or of another lab', () => {
    const networks = [{ cidr: '10.1.0.0/16', name: 'tun0' }];
    const host = { networks, otherLabs: [otherLab], platform: 'win32' as const };
    expect(messages(() => on(host, withSubnet('10.1.2.0/24')))).toEqual([
      "PLAN_HOST_OVERLAP hostOnlySubnet 10.1.2.0/24 overlaps the host's network 10.1.0.0/16 (tun0).",
    ]);
    expect(messages(() => on(host, withSubnet('192.168.57.0/24')))).toEqual([
      'PLAN_HOST_OVERLAP hostOnlySubnet 192.168.57.0/24 overlaps 192.168.57.0/24 of the lab other (/home/me/other).',
    ]);
  });

  test('that was decided stays, with a note, but may not overlap the lab', () => {
    const decisions = { provider: 'virtualbox', hostOnlySubnet: '192.168.56.0/24' };
    const host = { ...laptop, networks: [{ cidr: '192.168.56.0/24', name: 'tun0' }] };
    const cluster = planCluster(parsed(lab()), host, testAssets(), decisions);
    expect(cluster.networking.hostOnly.cidr).toBe('192.168.56.0/24');
    expect(codesOf(cluster)).toEqual(['PLAN_HOST_OVERLAP']);
    expect(
      messages(() =>
        planCluster(parsed(withSubnet('auto', '192.168.0.0/16')), laptop, testAssets(), decisions),
      ),
    ).toEqual(['PLAN_RANGE_OVERLAP The host-only range 192.168.56.0/24 overlaps podSubnet 192.168.0.0/16.']);
  });

  test('must be one that VirtualBox allows, except on Windows and for other providers', () => {
    const [message] = messages(() => on({}, withSubnet('10.56.0.0/24')));
    expect(message).toContain('PLAN_VBOX_RANGE');
    expect(message).toContain('* 192.168.56.0/21 10.56.0.0/24');
    expect(cidr({ platform: 'win32' }, withSubnet('10.56.0.0/24'))).toBe('10.56.0.0/24');
    expect(cidr({ vboxAllowedRanges: ['10.0.0.0/8'] }, withSubnet('10.56.0.0/24'))).toBe('10.56.0.0/24');
    expect(cidr({}, { ...withSubnet('10.56.0.0/24'), provider: 'lxc' })).toBe('10.56.0.0/24');
    expect(messages(() => on({ vboxAllowedRanges: ['10.0.0.0/8'] }))[0]).toContain(
      '* 10.0.0.0/8 192.168.56.0/24',
    );
  });

  test('gives bridges distinct names of at most 15 characters', () => {
    const bridge = (subnet: string) =>
      on({}, { ...withSubnet(subnet), provider: 'lxc' }).networking.hostOnly.bridge;
    expect([bridge('auto'), bridge('192.168.63.0/24'), bridge('10.20.30.0/24')]).toEqual([
      'k8slab56',
      'k8slab63',
      'k8slab-0a141e00',
    ]);
  });

  test('leaves pods and Services over the host’s networks with a note', () => {
    const networks = [{ cidr: '10.244.7.0/24', name: 'eth0' }];
    expect(ownNotes(on({ networks }))).toEqual([
      {
        code: 'PLAN_HOST_HIDDEN',
        message:
          "podSubnet 10.244.0.0/16 overlaps the host's network 10.244.7.0/24 (eth0): pods cannot reach it.",
      },
    ]);
  });
});

describe('/etc/vbox/networks.conf', () => {
  test('replaces the default, ranges and comments as in the manual', () => {
    expect(parseVboxNetworks(undefined)).toEqual(['192.168.56.0/21']);
    expect(parseVboxNetworks('')).toEqual([]);
    expect(
      parseVboxNetworks(
        '# ours\n* 10.0.0.0/8 192.168.0.0/16 # both\r\n  * 2001::/64\n*172.16.0.0/12\nnonsense 1.0.0.0/8\n',
      ),
    ).toEqual(['10.0.0.0/8', '192.168.0.0/16', '172.16.0.0/12']);
  });
});

describe('a box that only the closing registry has', () => {
  const notesOf = (key: string, provider: string): string[] =>
    planCluster(parsed(lab({ provider, box: { key } })), laptop, testAssets()).warnings.map(
      ({ code }) => code,
    );

  test('is noted; one that is built on the host is not', () => {
    expect(notesOf('debian-12', 'virtualbox')).toContain('PLAN_BOX_REGISTRY');
    expect(notesOf('debian-12', 'lxc')).not.toContain('PLAN_BOX_REGISTRY');
  });
});
