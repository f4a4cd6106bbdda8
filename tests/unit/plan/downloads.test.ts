import { describe, expect, test } from '@jest/globals';
import { decideDownloads, type DownloadFacts } from '../../../src/plan/downloads.js';
import { hostProbes, refusal } from '../../../src/plan/reach.js';

const facts: DownloadFacts = {
  unreachable: [{ host: 'pkgs.k8s.io', reason: 'no answer within 3 s' }],
  cni: { name: 'calico', title: 'Calico', written: false },
  runtime: { name: 'containerd', title: 'containerd', written: false },
  family: 'apt',
  modules: { kubernetes: '1.36.3', containerd: '2.2.1', flannel: '0.28.4' },
  obstacles: [],
  own: false,
  made: false,
  kept: false,
  setup: true,
  yes: true,
  canAsk: false,
};
const decide = (more: Partial<DownloadFacts> = {}): ReturnType<typeof decideDownloads> =>
  decideDownloads({ ...facts, ...more });
const calico = { ...facts.cni, written: true };

describe('where downloads come from', () => {
  test('their own hosts, when all can be reached, whatever else is the case', () => {
    const worst = { unreachable: [], made: true, obstacles: ['No Go.'], setup: false };
    expect(decide(worst)).toEqual({ from: 'hosts' });
  });

  test('modules, with --setup; flannel then takes the place of Calico', () => {
    expect(decide()).toEqual({ from: 'modules', ask: false, cni: 'flannel' });
  });

  test.each([
    ['--setup --yes', { setup: true, yes: true, canAsk: true }, 'build'],
    ['--setup on a terminal', { setup: true, yes: false, canAsk: true }, 'ask'],
    ['--setup in a script', { setup: true, yes: false, canAsk: false }, 'build'],
    ['a terminal', { setup: false, yes: false, canAsk: true }, 'ask'],
    ['a script', { setup: false, yes: false, canAsk: false }, 'refuse'],
    ['--yes alone', { setup: false, yes: true, canAsk: true }, 'refuse'],
  ] as const)('%s: %j → %s', (_, asked, expected) => {
    const decision = decide(asked);
    if (expected === 'refuse') expect(decision).toEqual({ from: 'nowhere', why: [], possible: true });
    else expect(decision).toMatchObject({ from: 'modules', ask: expected === 'ask' });
  });

  test('a bundle of an earlier time needs neither allowance nor Go', () => {
    const decision = decide({ kept: true, setup: false, yes: false, obstacles: ['No Go.'] });
    expect(decision).toEqual({ from: 'modules', ask: false, cni: 'flannel' });
    expect(decide({ kept: true, setup: false, yes: false, canAsk: true })).toMatchObject({ ask: false });
  });

  test('a network that the lab chose itself is not exchanged', () => {
    const why = ['Calico cannot be built from Go modules.'];
    expect(decide({ cni: calico })).toEqual({ from: 'nowhere', why, possible: false });
    const flannel = { name: 'flannel', title: 'flannel', written: true };
    expect(decide({ cni: flannel })).toEqual({ from: 'modules', ask: false });
  });

  test('a person’s own file is not changed: what to write into it is said', () => {
    const why = [
      'Calico cannot be built from Go modules.',
      'flannel can: write `cni: flannel` into lab.yaml.',
    ];
    expect(decide({ own: true })).toEqual({ from: 'nowhere', why, possible: false });
  });

  test('a version that cannot be built is said before anything is', () => {
    const runtime = { ...facts.runtime, written: true, version: '2.3.4' };
    const why = ['containerd 2.3.4 is asked for, and 2.2.1 is what can be built from Go modules.'];
    expect(decide({ runtime })).toEqual({ from: 'nowhere', why, possible: false });
    expect(decide({ runtime: { ...runtime, version: '2.2.1' } })).toMatchObject({ from: 'modules' });
  });

  test.each([
    ['machines that are there', { made: true, kept: true }, /^Machines of the lab were made/],
    ['packages of another kind', { family: 'dnf', kept: true }, /Debian’s/],
    ['no Go', { obstacles: ['Go is not on the PATH.'] }, /^Go is not/],
  ] as const)('%s forbid it', (_, more, why) => {
    expect(decide(more)).toEqual({ from: 'nowhere', why: [expect.stringMatching(why)], possible: false });
  });
});

describe('what an answer means', () => {
  test.each([200, 204, 206, 302, 304, 401, 404, 405, 429])('%i: the host is there', (status) => {
    expect(refusal(status)).toBeUndefined();
  });
  test.each([403, 407, 451, 500, 502, 503, 504, 511])('%i: machines get nothing', (status) => {
    expect(refusal(status)).toEqual(expect.any(String));
  });
});

test('each host is asked once, for something that the lab takes there', () => {
  const apt = { id: 'kubernetes', kind: 'apt-repository' } as const;
  const file = { id: 'containerd', kind: 'file' } as const;
  const probes = hostProbes({
    sources: [
      { ...apt, url: 'https://pkgs.k8s.io/v1.37/deb/', keyUrl: 'https://pkgs.k8s.io/v1.37/deb/Release.key' },
      { ...file, url: 'https://github.com/containerd/a.tar.gz' },
      { ...file, id: 'runc', url: 'https://github.com/runc/b' },
    ],
    images: [
      'registry.k8s.io/kube-apiserver:v1.37.1',
      'registry.k8s.io/coredns/coredns:v1.14.6',
      'docker.io/library/nginx:1',
    ],
  });
  expect(probes).toEqual([
    { host: 'pkgs.k8s.io', url: 'https://pkgs.k8s.io/v1.37/deb/Release.key' },
    { host: 'github.com', url: 'https://github.com/containerd/a.tar.gz' },
    { host: 'registry.k8s.io', url: 'https://registry.k8s.io/v2/kube-apiserver/manifests/v1.37.1' },
    { host: 'registry-1.docker.io', url: 'https://registry-1.docker.io/v2/library/nginx/manifests/1' },
  ]);
});
