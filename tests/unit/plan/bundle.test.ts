import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../../src/assets/load.js';
import type { Assets } from '../../../src/assets/manifests.js';
import type { Bundle } from '../../../src/bundle/bundle.js';
import { K8slabErrors } from '../../../src/errors/error.js';
import { parseLab } from '../../../src/lab/parse.js';
import { bundleTable, fullImageName, type BundleFacts } from '../../../src/plan/bundle.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import type { HostFacts } from '../../../src/plan/host.js';
import { decisionsOf, planCluster } from '../../../src/plan/plan.js';
import { planText } from '../../../src/plan/text.js';
import { withBundle } from '../../../src/plan/withBundle.js';
import { renderLab } from '../../../src/render/renderLab.js';
import { facts as secretFacts } from '../../golden/support/cases.js';
import { laptop } from './assets.js';

let assets: Assets;
beforeAll(async () => {
  assets = await loadAssets();
});

const sum = (digit: string): string => digit.repeat(64);
const repository = 'files/pkgs.k8s.io/core:/stable:/v1.36/deb';
const calicoManifest = 'files/raw.githubusercontent.com/projectcalico/calico/v3.28.5/manifests/calico.yaml';
const flannelManifest =
  'files/raw.githubusercontent.com/flannel-io/flannel/v0.28.4/Documentation/kube-flannel.yml';
const containerd =
  'files/github.com/containerd/containerd/releases/download/v2.2.1/containerd-static-2.2.1-linux-amd64.tar.gz';

const files: Record<string, string> = {
  [containerd]: sum('a'),
  'files/github.com/opencontainers/runc/releases/download/v1.1.5/runc.amd64': sum('b'),
  'files/github.com/containernetworking/plugins/releases/download/v1.9.1/cni-plugins-linux-amd64-v1.9.1.tgz':
    sum('c'),
  [`${repository}/Packages`]: sum('d'),
  [calicoManifest]: sum('e'),
  [flannelManifest]: sum('f'),
};

const images = [
  ...['apiserver', 'controller-manager', 'scheduler', 'proxy'].map(
    (name) => `registry.k8s.io/kube-${name}:v1.36.3`,
  ),
  'registry.k8s.io/coredns/coredns:v1.14.2',
  'registry.k8s.io/etcd:3.6.8-0',
  'registry.k8s.io/pause:3.10.2',
  ...['node', 'cni', 'kube-controllers'].map((name) => `docker.io/calico/${name}:v3.28.5`),
  'docker.io/library/nginx:1',
  'docker.io/library/other:1',
];

const document: Bundle = {
  schema: 1,
  name: 'small',
  from: 'modules',
  platform: 'linux/amd64',
  versions: { kubernetes: '1.36.3', calico: '3.28.5', containerd: '2.2.1' },
  keys: { 'https://pkgs.k8s.io/core:/stable:/v1.36/deb/': 'A'.repeat(40) },
  files: Object.entries(files).map(([path, sha256]) => ({ path, sha256, size: 1, origin: 'test' })),
  images: images.map((name) => ({ name, digest: `sha256:${sum('0')}`, size: 1, origin: 'test' })),
};
const facts: BundleFacts = {
  location: '/media/bundle',
  document,
  imagesOf: {
    [calicoManifest]: ['node', 'cni', 'kube-controllers'].map((name) => `docker.io/calico/${name}:v3.28.5`),
  },
};

const without = (part: string): BundleFacts => ({
  ...facts,
  document: {
    ...document,
    files: document.files.filter(({ path }) => !path.includes(part)),
    images: document.images.filter(({ name }) => !name.includes(part)),
  },
});

interface Given {
  bundle?: BundleFacts;
  host?: HostFacts;
  set?: string[];
}

function plan(text: string, { bundle = facts, host = laptop, set = [] }: Given = {}): Cluster {
  const offered = withBundle(assets, bundle);
  return planCluster(parseLab(text, 'lab.yaml', offered, { set }), host, offered, undefined, bundle);
}

/** Codes and messages, and the fixes of the first. */
function refusals(text: string, given: Given = {}): { messages: string[]; fix: string[] } {
  try {
    plan(text, given);
  } catch (error) {
    if (!(error instanceof K8slabErrors)) throw error;
    const messages = error.errors.map(({ code, message }) => `${code}: ${message}`);
    return { messages, fix: [...(error.errors[0]?.fix ?? [])] };
  }
  throw new Error('it was planned');
}

const setting = (cluster: Cluster, machine: string, name: string): string | undefined =>
  cluster.machines.find((one) => one.name === machine)?.settings.find((one) => one.name === name)?.value;

const simple = 'name: simple\nworkers: 1\n';

describe('a lab with a bundle', () => {
  test('takes versions that it does not name from the bundle', () => {
    const cluster = plan(simple);
    expect(cluster.kubernetes).toMatchObject({ version: '1.36.3', minor: '1.36' });
    expect(cluster.cni).toMatchObject({ name: 'calico', version: '3.28.5' });
    expect(cluster.runtime.version).toBe('2.2.1');
    expect(plan(`${simple}kubernetes: {version: "1.36"}\n`).kubernetes?.version).toBe('1.36.3');
  });

  test('has sums, fingerprints and images of the bundle, for its processor', () => {
    const cluster = plan(simple);
    const source = Object.fromEntries(cluster.sources.map((one) => [one.id, one]));
    expect(source['containerd-amd64']).toMatchObject({ version: '2.2.1', sha256: sum('a'), arch: 'amd64' });
    expect(source['calico-manifest']).toMatchObject({ sha256: sum('e') });
    expect(source.kubernetes?.keyFingerprint).toBe('A'.repeat(40));
    expect(Object.keys(source).filter((id) => id.endsWith('arm64'))).toEqual([]);
    expect(setting(cluster, 'cp1', 'CONTAINERD_SHA256_AMD64')).toBe(sum('a'));
    expect(setting(cluster, 'cp1', 'CONTAINERD_SHA256_ARM64')).toBe('');
    expect(cluster.images).toEqual(images.slice(0, 10));
  });

  test.each(['kubeadm', 'hard-way'])(
    'set up by %s: kubelets ask no registry whether a pod may use an image',
    (bootstrap) => {
      const text = `${simple}bootstrap: {name: ${bootstrap}}\ncni: ${bootstrap === 'kubeadm' ? 'calico' : 'bridge'}\n`;
      const bare = planCluster(parseLab(text, 'lab.yaml', assets, { set: [] }), laptop, assets);
      const kubelets = (cluster: Cluster): string[] =>
        [...renderLab(cluster, secretFacts, assets).values()]
          .map(({ content }) => content)
          .filter((content) => content.includes('kind: KubeletConfiguration'));
      const { bundle } = plan(simple);
      if (bundle === undefined) throw new Error('The lab has no bundle.');
      const having = kubelets({ ...bare, bundle });
      expect(having.length).toBeGreaterThan(0);
      const policy = 'imagePullCredentialsVerificationPolicy: NeverVerify\n';
      for (const content of having) expect(content).toContain(policy);
      for (const content of kubelets(bare)) expect(content).not.toContain(policy);
    },
  );

  test('fetches from the host’s own address of its network, and every image beforehand', () => {
    const cluster = plan(simple, { set: ['networking.hostOnlySubnet=192.168.60.0/24'] });
    expect(cluster.bundle).toMatchObject({
      name: 'small',
      location: '/media/bundle',
      mirror: 'http://192.168.60.1:8580',
      port: 8580,
    });
    expect(setting(cluster, 'worker1', 'MIRROR')).toBe('http://192.168.60.1:8580');
    const onWorker = setting(cluster, 'worker1', 'IMAGES')?.split('\n') ?? [];
    const onControlPlane = setting(cluster, 'cp1', 'IMAGES')?.split('\n') ?? [];
    expect(onControlPlane).toEqual(images.slice(0, 11));
    expect(onControlPlane.filter((image) => !onWorker.includes(image))).toEqual([
      images[0],
      images[1],
      images[2],
      'registry.k8s.io/etcd:3.6.8-0',
    ]);
    expect(decisionsOf(cluster).bundle).toBe('/media/bundle');
  });

  test('fetches from a URL where the bundle is served elsewhere', () => {
    const cluster = plan(simple, { bundle: { ...facts, location: 'http://192.168.1.7:8580' } });
    expect(cluster.bundle).toMatchObject({ mirror: 'http://192.168.1.7:8580' });
    expect(cluster.bundle?.port).toBeUndefined();
  });

  test('has two steps more than without, and says so in its plan', () => {
    const ids = (cluster: Cluster): string[] => (cluster.machines[0]?.steps ?? []).map(({ id }) => id);
    const plain = planCluster(parseLab(simple, 'lab.yaml', assets), laptop, assets);
    const added = ids(plan(simple)).filter((id) => !ids(plain).includes(id));
    expect(added).toEqual(['runtime/containerd/mirror', 'kubernetes/images', 'kubernetes/all-images']);
    expect(plain.bundle).toBeUndefined();
    expect(setting(plain, 'cp1', 'MIRROR')).toBe('');
    expect(setting(plain, 'cp1', 'IMAGES')).toBeUndefined();
    expect(planText(plan(simple))).toMatch(/^ {2}Bundle +small \(\/media\/bundle, served at http:/m);
    expect(planText(plain)).not.toContain('Bundle');
  });

  test('may ask for versions that only the bundle has', () => {
    const old = {
      ...facts,
      document: {
        ...document,
        versions: { ...document.versions, kubernetes: '1.34.4' },
        files: document.files.map((file) => ({ ...file, path: file.path.replace('v1.36', 'v1.34') })),
        images: document.images.map((image) => ({
          ...image,
          name: image.name.replace('v1.36.3', 'v1.34.4'),
        })),
      },
    };
    const set = ['kubernetes.version="1.34"', 'cni.version="3.28.5"'];
    expect(plan(simple, { bundle: old, set }).images).toContain('registry.k8s.io/kube-apiserver:v1.34.4');
    expect(plan(simple, { bundle: old, set }).kubernetes).toMatchObject({ version: '1.34.4', minor: '1.34' });
    expect(() => parseLab(simple, 'lab.yaml', assets, { set })).toThrow(K8slabErrors);
  });

  test('may still be without Kubernetes, or take its runtime from the distribution', () => {
    expect(plan('bootstrap: none\nworkers: 1\nruntime: {install: distribution}\n').images).toEqual([]);
    const cluster = plan(simple, { set: ['runtime.install=distribution'], bundle: without('containerd') });
    expect(cluster.runtime.options.install).toBe('distribution');
  });
});

describe('what a bundle lacks is named before anything boots', () => {
  test('another Kubernetes', () => {
    const { messages, fix } = refusals(`${simple}kubernetes: {version: "1.37"}\n`);
    expect(messages).toEqual([
      'PLAN_BUNDLE_LACKS: Kubernetes 1.37.1 is not in the bundle small, which has 1.36.3.',
    ]);
    expect(fix).toEqual(['version: "1.36.3"', 'k8slab bundle create --out DIR --kubernetes 1.37.1']);
  });

  test('another version of the CNI', () => {
    const { messages, fix } = refusals(`${simple}cni: {name: calico, version: "3.33.0"}\n`);
    expect(messages).toEqual([
      'PLAN_BUNDLE_LACKS: Calico 3.33.0 is not in the bundle small, which has 3.28.5.',
    ]);
    expect(fix[0]).toBe('version: "3.28.5"');
  });

  test('a CNI at all, with one that it has', () => {
    const { messages, fix } = refusals(simple, { bundle: without('alico') });
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatch(/^PLAN_BUNDLE_LACKS: Calico .* is not in the bundle small/);
    expect(fix).toContain('--set cni=flannel   # the bundle has it');
  });

  test('programs, a repository, images', () => {
    expect(refusals(simple, { bundle: without('runc') }).messages).toEqual([
      expect.stringMatching(/^PLAN_BUNDLE_LACKS: Runc .* is not in the bundle small\.$/),
    ]);
    expect(refusals(simple, { bundle: without('pkgs.k8s.io') }).messages).toEqual([
      'PLAN_BUNDLE_LACKS: The apt repository of Kubernetes packages is not in the bundle small.',
    ]);
    expect(refusals(simple, { bundle: without('coredns') }).messages).toEqual([
      'PLAN_BUNDLE_LACKS: The image registry.k8s.io/coredns/coredns:v1.14.2 is not in the bundle small.',
    ]);
  });

  test('packages of another family', () => {
    const { messages } = refusals(`${simple}box: rocky-9\nprovider: virtualbox\n`);
    expect(messages[0]).toContain('The dnf repository of Kubernetes packages is not in the bundle small');
  });

  test('programs for this processor', () => {
    const { messages } = refusals(simple, { host: { ...laptop, arch: 'arm64' } });
    expect(messages).toEqual([
      'PLAN_BUNDLE_PLATFORM: The bundle small is for linux/amd64; this host is arm64.',
    ]);
  });

  test.each(['http://127.0.0.1:8580', 'http://localhost:8580', 'http://[::1]:8580/'])(
    'a server that machines can reach (%s)',
    (location) => {
      expect(refusals(simple, { bundle: { ...facts, location } }).messages[0]).toMatch(
        /^BUNDLE_UNREACHABLE: /,
      );
    },
  );

  test('but not what the README only tries things with', () => {
    expect(plan(simple, { bundle: without('nginx') }).bundle?.images).not.toContain(
      'docker.io/library/nginx:1',
    );
  });
});

describe('a bundle as a table', () => {
  const table = bundleTable(facts);

  test('finds versions by the shape of a URL', () => {
    const url =
      'https://github.com/containerd/containerd/releases/download/v{version}/containerd-static-{version}';
    expect(table.versionFor(`${url}-linux-{arch}.tar.gz`)).toBe('2.2.1');
    expect(table.versionFor(`${url}-windows-{arch}.tar.gz`)).toBeUndefined();
    expect(table.versionFor('https://pkgs.k8s.io/core:/stable:/v{minor}/deb/')).toBeUndefined();
  });

  test('takes the newest of several', () => {
    const paths = ['v1.9.0', 'v1.10.2', 'v1.10.0'].map((version) => `files/x.org/a/${version}/a.tgz`);
    const several = bundleTable({
      ...facts,
      document: {
        ...document,
        files: paths.map((path) => ({ path, sha256: sum('a'), size: 1, origin: '' })),
      },
    });
    expect(several.versionFor('https://x.org/a/v{version}/a.tgz')).toBe('1.10.2');
  });

  test.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1', 'docker.io/library/nginx:1'],
    ['calico/node:v3', 'docker.io/calico/node:v3'],
    ['registry.k8s.io/pause:3', 'registry.k8s.io/pause:3'],
    ['localhost:5000/a', 'localhost:5000/a:latest'],
  ])('completes the image name %s', (name, full) => {
    expect(fullImageName(name)).toBe(full);
  });
});
