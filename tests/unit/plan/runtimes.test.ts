import { beforeAll, describe, expect, test } from '@jest/globals';
import { wishesOf } from '../../../src/bundle/upstream/wishes.js';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import { parseLab } from '../../../src/lab/parse.js';
import type { BundleFacts } from '../../../src/plan/bundle.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import type { HostFacts } from '../../../src/plan/host.js';
import { planCluster } from '../../../src/plan/plan.js';
import { withBundle } from '../../../src/plan/withBundle.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { laptop } from './assets.js';

/** What the runtimes of this package make of a lab, without and with a bundle. */
let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

const host: HostFacts = { ...laptop, arch: 'x64', limits: { lxc: ['oom-score'] } };
const facts = { caCertHash: `sha256:${'0'.repeat(64)}` };
const sum = 'a'.repeat(64);

function plan(runtime: string, bundle?: BundleFacts, provider = 'virtualbox'): Cluster {
  const own = bundle ? withBundle(assets, bundle) : assets;
  const text = `name: small\nworkers: 1\ncni: flannel\nkubernetes: {version: "1.36"}\nruntime: ${runtime}\n`;
  const lab = parseLab(text, 'lab.yaml', own, { set: [`provider=${provider}`] });
  return planCluster(lab, host, own, undefined, bundle);
}

const file = (cluster: Cluster, path: string): string =>
  renderLab(cluster, facts, assets).get(`provision/${path}`)?.content ?? '';
const settingsOf = (cluster: Cluster): Record<string, string> =>
  Object.fromEntries((cluster.machines[0]?.settings ?? []).map(({ name, value }) => [name, value]));

describe('CRI-O', () => {
  test('comes from the repository of the lab’s minor, signed by its own project', () => {
    const settings = settingsOf(plan('crio'));
    expect(settings.CRI_O_URL).toBe(
      'https://download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.36/deb/',
    );
    expect(settings.CRI_O_KEY_FINGERPRINT).not.toBe(settings.KUBERNETES_KEY_FINGERPRINT);
    expect(settings).not.toHaveProperty('CONTAINERD_VERSION');
    // Its patches are not those of Kubernetes.
    expect(plan('crio').sources.find(({ id }) => id === 'cri-o')).not.toHaveProperty('version');
  });

  test('is one package of its repository in a bundle from upstream', () => {
    const { repositories } = wishesOf([plan('crio')], 'amd64');
    const own = repositories.find(({ url }) => url.includes('/isv:/cri-o:/'));
    expect(own?.packages).toEqual([{ name: 'cri-o' }]);
  });

  test('is where the kubelet is told to look, and so is containerd', () => {
    const socketOf = (runtime: string): string | undefined =>
      /criSocket: (\S+)/.exec(file(plan(runtime), 'worker1/kubeadm-join-worker.yaml'))?.[1];
    expect(socketOf('crio')).toBe('unix:///var/run/crio/crio.sock');
    expect(socketOf('containerd')).toBe('unix:///run/containerd/containerd.sock');
  });

  test('is given a runtime that works without CAP_SYS_RESOURCE, only where that is missing', () => {
    const limited = file(plan('crio', undefined, 'lxc'), 'cp1/crio.toml');
    expect(limited).toMatch(/^ {2}default_runtime = "limited"$/m);
    expect(limited).toMatch(
      /^\[crio\.runtime\.runtimes\.limited\]$[^[]*runtime_path = "\/usr\/local\/lib\/k8slab\/runc-limited"$/m,
    );
    expect(file(plan('crio'), 'cp1/crio.toml')).not.toContain('limited');
  });
});

const containerd = (version: string): string =>
  `files/github.com/containerd/containerd/releases/download/v${version}/containerd-static-${version}-linux-amd64.tar.gz`;
const others = [
  'files/github.com/opencontainers/runc/releases/download/v1.1.5/runc.amd64',
  'files/github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-amd64-v1.9.1.tgz',
  'files/raw.githubusercontent.com/flannel-io/flannel/v0.28.9/Documentation/kube-flannel.yml',
  'files/pkgs.k8s.io/core:/stable:/v1.36/deb/InRelease',
  'files/download.opensuse.org/repositories/isv:/cri-o:/stable:/v1.36/deb/InRelease',
];
const images = [
  ...['kube-apiserver:v1.36.3', 'kube-controller-manager:v1.36.3', 'kube-scheduler:v1.36.3'],
  ...['kube-proxy:v1.36.3', 'coredns/coredns:v1.14.2', 'etcd:3.6.8-0', 'pause:3.10.2'],
].map((name) => `registry.k8s.io/${name}`);

/** A bundle that has these versions of containerd. */
function bundleWith(...versions: string[]): BundleFacts {
  const flannel = ['ghcr.io/flannel-io/flannel:v0.28.9', 'ghcr.io/flannel-io/flannel-cni-plugin:v1.9.1'];
  return {
    location: '/media/bundle',
    imagesOf: { [others[2] ?? '']: flannel },
    document: {
      schema: 1,
      name: 'small',
      from: 'modules',
      platform: 'linux/amd64',
      versions: { kubernetes: '1.36.3' },
      keys: {},
      files: [...versions.map(containerd), ...others].map((path) => ({
        path,
        size: 1,
        sha256: sum,
        origin: 'test',
      })),
      images: [...images, ...flannel, 'docker.io/library/nginx:1'].map((name) => ({
        name,
        digest: `sha256:${sum}`,
        size: 1,
        origin: 'test',
      })),
    },
  };
}

describe('with a bundle', () => {
  test('each release of containerd is the newest of its own major', () => {
    const both = bundleWith('2.2.1', '1.7.30', '1.7.35');
    expect(plan('containerd', both).runtime.version).toBe('2.2.1');
    expect(plan('{name: containerd, release: v1.7}', both).runtime.version).toBe('1.7.35');
  });

  test('one major of containerd does not take the place of the other', () => {
    expect(() => plan('{name: containerd, release: v1.7}', bundleWith('2.2.1'))).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ code: 'PLAN_BUNDLE_LACKS' })] }),
    );
  });

  test('CRI-O asks the bundle in place of every registry that it has images of', () => {
    const mirrors = file(plan('crio', bundleWith('2.2.1')), 'worker1/mirrors.toml');
    const locations = [...mirrors.matchAll(/^location = "(.*)"$/gm)].map((match) => match[1]);
    expect(locations).toEqual(
      ['docker.io', 'ghcr.io', 'registry.k8s.io'].flatMap((name) => [
        name,
        expect.stringMatching(new RegExp(`^192\\.168\\.\\d+\\.1:8580/${name}$`)),
      ]),
    );
    expect(mirrors.match(/^insecure = true/gm)).toHaveLength(3);
    const served = { ...bundleWith('2.2.1'), location: 'https://bundles.example.org' };
    const safe = file(plan('crio', served), 'worker1/mirrors.toml');
    expect(safe).toMatch(/^location = "bundles\.example\.org\/docker\.io"\ninsecure = false$/m);
  });
});

describe('what a machine listens on', () => {
  test('is told to a firewall that runs: its role’s ports, each once', () => {
    const cluster = plan('containerd');
    const ports = cluster.machines.map(
      ({ settings }) => settings.find(({ name }) => name === 'PORTS')?.value.split('\n') ?? [],
    );
    expect(ports[0]).toEqual(expect.arrayContaining(['22/tcp', '6443/tcp', '2379-2380/tcp', '8472/udp']));
    expect(ports[1]).toEqual(['22/tcp', '10250/tcp', '10256/tcp', '30000-32767/tcp', '8472/udp']);
  });
});
