import type { Assets } from '../../../src/assets/manifests.js';
import { parseLab } from '../../../src/lab/parse.js';
import { shorthandText } from '../../../src/lab/shorthand.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import type { HostFacts } from '../../../src/plan/host.js';
import { planCluster } from '../../../src/plan/plan.js';
import type { SecretFacts } from '../../../src/render/fileTree.js';

/** One lab whose files are kept on disk. */
export interface GoldenCase {
  /** Folder below tests/golden/labs. */
  name: string;
  text: string;
  set: string[];
}

/** A host on which everything is possible. */
export const host: HostFacts = {
  platform: 'linux',
  arch: 'x64',
  installedProviders: ['virtualbox', 'lxc'],
  virtualization: true,
  root: true,
  networks: [],
  otherLabs: [],
  vboxAllowedRanges: ['192.168.56.0/21'],
};

export const facts: SecretFacts = {
  caCertHash: 'sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
};

/** Every preset on every provider, and what no preset shows. */
export function goldenCases(assets: Assets): GoldenCase[] {
  const presets = Object.values(assets.presets).flatMap(({ name, text }) =>
    Object.keys(assets.providers).map((provider) => ({
      name: `${name}-${provider}`,
      text,
      set: [`provider=${provider}`],
    })),
  );
  const more = (name: string, text: string, ...set: string[]): GoldenCase => ({
    name: `${name}-virtualbox`,
    text,
    set: ['provider=virtualbox', ...set],
  });
  return [
    ...presets,
    more('3cp-2w-1lb', shorthandText('3cp-2w-1lb')),
    more('2cp-1w', shorthandText('2cp-1w'), 'networking.endpointPort=6443', 'networking.apiServerPort=6444'),
    more('3cp-1w-unbalanced', 'name: unbalanced\ncontrolPlanes: 3\nworkers: 1\n'),
    more('1cp-1w-vxlan', 'name: vxlan\nworkers: 1\ncni:\n  name: calico\n  encapsulation: vxlan\n'),
    more(
      '1cp-1w-host-gw',
      'name: host-gw\nworkers: 1\ncni:\n  name: flannel\n  backend: host-gw\nnetworking:\n  mtu: 1400\n',
    ),
    more(
      '1cp-1w-operator',
      'name: operator\nworkers: 1\nkubernetes: {version: "1.36"}\ncni:\n  name: calico\n  install: operator\n  encapsulation: vxlan\n',
    ),
    more(
      '1cp-1w-interface',
      'name: interface\nworkers: 1\ncni:\n  name: calico\n  autodetection: interface\n  encapsulation: none\n',
    ),
    more(
      '1cp-1w-hard-way-allocated',
      'name: allocated\nworkers: 1\ncni: bridge\nbootstrap:\n  name: hard-way\n  nodeRanges: allocated\n',
    ),
    more('1cp-1w-rocky-9', 'name: rocky\nworkers: 1\nbox: rocky-9\n'),
    more(
      '1cp-1w-rocky-9-crio',
      'name: rocky-crio\nworkers: 1\nbox: rocky-9\nruntime: crio\nkubernetes: {version: "1.36"}\n',
    ),
    more('1cp-1w-containerd-1.7', 'name: older\nworkers: 1\nruntime:\n  name: containerd\n  release: v1.7\n'),
  ];
}

/** The plan of a case. */
export function planOf({ text, set }: GoldenCase, assets: Assets): Cluster {
  return planCluster(parseLab(text, 'lab.yaml', assets, { set }), host, assets);
}
