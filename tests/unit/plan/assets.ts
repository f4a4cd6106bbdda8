import type { Cluster } from '../../../src/plan/cluster.js';
import type {
  Assets,
  SourceManifest,
  StepFolderManifest,
  StepManifest,
} from '../../../src/assets/manifests.js';
import type { Lab, ParsedLab, RoleRequest } from '../../../src/lab/lab.js';
import type { HostFacts } from '../../../src/plan/host.js';

const link = 'https://example.org/why';

export function step(id: string, more: Partial<StepManifest> = {}): StepManifest {
  return {
    id,
    title: `Do ${id}`,
    why: 'Because.',
    link,
    phase: 'base',
    on: 'all',
    settings: [],
    library: [],
    files: [],
    ...more,
  };
}

export function folder(more: Partial<StepFolderManifest> = {}): StepFolderManifest {
  return { title: 'Folder', description: '', options: {}, sources: [], images: [], steps: [], ...more };
}

const sum = (digit: string): string => digit.repeat(64);

const containerd: SourceManifest = {
  id: 'containerd',
  kind: 'file',
  url: 'https://example.org/containerd-{version}-{arch}.tar.gz',
  version: '2.3.4',
  sha256: { amd64: sum('a'), arm64: sum('b') },
  when: { install: 'upstream' },
};

const provider = {
  description: '',
  platforms: ['linux' as const],
  root: false,
  bootAtOnce: 1,
  programs: [],
  install: [],
  hostFiles: [],
};

/**
 * A package with two providers, three boxes, and small step folders of every group: few names to choose between, as
 * ../lab/assets.ts has, but steps, sources and texts.
 */
export function testAssets(more: Partial<Assets> = {}): Assets {
  return {
    providers: {
      lxc: {
        ...provider,
        title: 'LXC',
        preference: 3,
        virtualization: false,
        root: true,
        defaultBox: 'debian-12',
        bridge: true,
      },
      virtualbox: {
        ...provider,
        title: 'VirtualBox',
        preference: 1,
        platforms: ['linux', 'darwin', 'win32'],
        virtualization: true,
        defaultBox: 'ubuntu-24.04',
        bridge: false,
      },
    },
    boxes: {
      'ubuntu-24.04': {
        title: 'Ubuntu 24.04',
        family: 'apt',
        providers: {
          virtualbox: { name: 'bento/ubuntu-24.04', version: '1.2.3', checksum: `sha256:${sum('c')}` },
        },
      },
      'debian-12': {
        title: 'Debian 12',
        family: 'apt',
        providers: {
          virtualbox: { name: 'bento/debian-12' },
          lxc: { name: 'k8slab/debian-12', build: 'box' },
        },
      },
      'rocky-9': { title: 'Rocky 9', family: 'dnf', providers: { virtualbox: { name: 'rocky' } } },
    },
    base: folder({
      steps: [
        step('names', { settings: ['ALL_HOSTS', 'MACHINE'], library: ['files'] }),
        step('tools', { library: ['packages'] }),
      ],
    }),
    kubernetes: folder({
      sources: [
        {
          id: 'kubernetes',
          kind: 'apt-repository',
          family: 'apt',
          url: 'https://example.org/v{minor}/deb/',
          keyUrl: 'https://example.org/v{minor}/key',
        },
        { id: 'kubernetes', kind: 'dnf-repository', family: 'dnf', url: 'https://example.org/v{minor}/rpm/' },
      ],
      steps: [
        step('packages', {
          phase: 'packages',
          on: 'cluster',
          settings: ['KUBERNETES_VERSION', 'KUBERNETES_REPOSITORY'],
        }),
      ],
    }),
    runtimes: {
      containerd: folder({
        title: 'containerd',
        options: {
          install: {
            description: '',
            type: 'string',
            values: ['upstream', 'distribution'],
            default: 'upstream',
          },
        },
        sources: [containerd],
        steps: [
          step('upstream', {
            phase: 'runtime',
            on: 'cluster',
            when: { install: 'upstream' },
            settings: ['CONTAINERD_URL_AMD64', 'CONTAINERD_SHA256_AMD64', 'CONTAINERD_VERSION'],
            library: ['fetch'],
          }),
          step('distribution', { phase: 'runtime', on: 'cluster', when: { install: 'distribution' } }),
        ],
      }),
    },
    cnis: {
      calico: folder({
        title: 'Calico',
        kubernetes: ['1.37', '1.36'],
        options: {
          encapsulation: { description: '', type: 'string', values: ['ipip', 'vxlan'], default: 'ipip' },
          replicas: { description: '', type: 'integer', default: 1 },
        },
        sources: [
          {
            id: 'calico',
            kind: 'file',
            url: 'https://example.org/v{version}/calico.yaml',
            version: '3.33.0',
            sha256: { any: sum('d') },
          },
        ],
        images: ['quay.io/calico/node:v{version}'],
        ports: [
          { on: 'cluster', port: '179', protocol: 'tcp', what: 'BGP', when: { encapsulation: 'ipip' } },
          { on: 'cluster', port: '4789', protocol: 'udp', what: 'VXLAN', when: { encapsulation: 'vxlan' } },
        ],
        steps: [
          step('apply', {
            phase: 'network',
            on: 'first-control-plane',
            settings: ['CNI_ENCAPSULATION', 'FIRST_CONTROL_PLANE_ADDRESS'],
          }),
        ],
      }),
      bridge: folder({
        title: 'Bridge',
        steps: [
          step('routes', {
            phase: 'network',
            on: 'cluster',
            settings: ['PEER_ROUTES', 'POD_MTU'],
            files: ['net.conflist.hbs'],
          }),
        ],
      }),
    },
    bootstraps: {
      kubeadm: folder({
        title: 'kubeadm',
        steps: [
          step('init', {
            phase: 'bootstrap',
            on: 'first-control-plane',
            settings: ['ENDPOINT'],
            files: ['init.yaml.hbs'],
          }),
          step('join', { phase: 'bootstrap', on: 'other-control-planes' }),
          step('worker', { phase: 'bootstrap', on: 'workers' }),
        ],
      }),
    },
    loadBalancers: {
      none: folder({ steps: [] }),
      packages: folder({
        balancer: { on: ['load-balancer', 'control-plane'], portBesideApi: 8443, vrrp: true },
        steps: [
          step('haproxy', { phase: 'balance', on: 'balancers', settings: ['CONTROL_PLANES'] }),
          step('keepalived', { phase: 'balance', on: 'balancers', when: { vip: true } }),
        ],
      }),
      mover: folder({
        balancer: { on: ['control-plane'], vrrp: false },
        images: ['example.org/mover:v1'],
        steps: [step('mover', { phase: 'balance', on: 'balancers' })],
      }),
    },
    presets: {},
    texts: Object.fromEntries(
      [
        'base/names.sh',
        'base/tools.apt.sh',
        'base/tools.dnf.sh',
        'kubernetes/packages.sh',
        'runtime/containerd/upstream.sh',
        'runtime/containerd/distribution.sh',
        'cni/calico/apply.sh',
        'cni/bridge/routes.sh',
        'bootstrap/kubeadm/init.sh',
        'bootstrap/kubeadm/join.sh',
        'bootstrap/kubeadm/worker.sh',
        'load-balancer/mover/mover.sh',
        'load-balancer/packages/haproxy.sh',
        'load-balancer/packages/keepalived.sh',
      ]
        .map((file): [string, string] => [`provision-scripts/${file}`, 'true\n'])
        .concat([['provision-scripts/lib/fetch.sh', 'fetch() { local PART=x; echo "$MIRROR" "$PART"; }\n']]),
    ),
    ...more,
  };
}

export const laptop: HostFacts = {
  platform: 'linux',
  arch: 'x64',
  installedProviders: ['virtualbox'],
  virtualization: true,
  root: false,
  networks: [],
  otherLabs: [],
  vboxAllowedRanges: ['192.168.56.0/21'],
};

export function role(count: number, more: Partial<RoleRequest> = {}): RoleRequest {
  return { count, cpus: 2, memoryMiB: 2048, diskGiB: 20, schedulable: false, machines: [], ...more };
}

export function lab(more: Partial<Lab> = {}): Lab {
  return {
    name: 'demo',
    description: 'A lab.',
    provider: 'virtualbox',
    box: 'auto',
    kubernetes: { version: 'default' },
    bootstrap: { name: 'kubeadm', options: {} },
    runtime: { name: 'containerd', options: {} },
    cni: { name: 'calico', options: {} },
    loadBalancer: { name: (more.loadBalancers?.count ?? 0) > 0 ? 'packages' : 'none', options: {} },
    networking: {
      hostOnlySubnet: 'auto',
      podSubnet: '10.244.0.0/16',
      serviceSubnet: '10.96.0.0/12',
      dnsDomain: 'cluster.local',
      nodeCidrMaskSize: 24,
      mtu: 'auto',
      virtualAddress: 'auto',
      endpointPort: 'auto',
      apiServerPort: 6443,
    },
    controlPlanes: role(1),
    workers: role(2, { cpus: 1, memoryMiB: 1536, schedulable: true }),
    loadBalancers: role(0),
    ...more,
  };
}

/** Two bare machines with bridge and routes, as the preset cni-2n. */
export function bareLab(more: Partial<Lab> = {}): Lab {
  const machines = [{ name: 'node1' }, { name: 'node2' }];
  return lab({
    bootstrap: { name: 'none', options: {} },
    cni: { name: 'bridge', options: {} },
    runtime: { name: 'containerd', options: { install: 'distribution' } },
    networking: { ...lab().networking, podSubnet: '10.12.0.0/16' },
    controlPlanes: role(0),
    workers: role(2, { schedulable: true, machines }),
    ...more,
  });
}

/** `positions` by value path: [line, column] of `text`. */
export function parsed(value: Lab, text = '', positions: Record<string, [number, number]> = {}): ParsedLab {
  const places = Object.entries(positions).map(
    ([path, [line, column]]) => [path, { line, column, length: 3 }] as const,
  );
  return {
    lab: value,
    source: { file: 'lab.yaml', text, positions: Object.fromEntries(places) },
    warnings: [],
  };
}

/** The notes of a plan, but for the one about where the default box comes from. */
export const ownNotes = ({ warnings }: Cluster): Cluster['warnings'] =>
  warnings.filter(({ code }) => code !== 'PLAN_BOX_REGISTRY');

export const codesOf = (cluster: Cluster): string[] => ownNotes(cluster).map(({ code }) => code);
