import { stepFolderManifest, type Assets, type StepFolderManifest } from '../../../src/assets/manifests.js';
import {
  boxManifest,
  providerManifest,
  type ProviderManifest,
} from '../../../src/assets/providerManifest.js';

/**
 * Assets for tests of lab files: many names and options to choose between, and neither steps nor texts, which the
 * planner's (../plan/assets.ts) are about.
 */
export function testAssets(): Assets {
  const onlyStep = (id: string, on: string) => ({
    id,
    title: `Step ${id}`,
    why: 'A test needs it.',
    link: 'https://example.org/',
    phase: 'network',
    on,
  });
  const folder = (title: string, rest: Record<string, unknown> = {}): StepFolderManifest =>
    stepFolderManifest.parse({ title, description: `${title}.`, steps: [], ...rest });
  const provider = (title: string, preference: number, defaultBox: string): ProviderManifest =>
    providerManifest.parse({
      title,
      description: `${title}.`,
      preference,
      platforms: ['linux'],
      virtualization: preference === 1,
      root: preference !== 1,
      bootAtOnce: preference === 1 ? 1 : 8,
      programs: [title],
      defaultBox,
      bridge: preference !== 1,
    });
  return {
    providers: {
      virtualbox: provider('VirtualBox', 1, 'ubuntu-24.04'),
      lxc: provider('lxc', 3, 'debian-12'),
    },
    boxes: {
      'ubuntu-24.04': boxManifest.parse({
        title: 'Ubuntu 24.04',
        family: 'apt',
        providers: { virtualbox: { name: 'bento/ubuntu-24.04', version: '202510.26.0' } },
      }),
      'debian-12': boxManifest.parse({
        title: 'Debian 12',
        family: 'apt',
        providers: {
          virtualbox: { name: 'bento/debian-12', version: '202510.26.0' },
          lxc: { name: 'k8slab/debian-12', build: 'debian-12' },
        },
      }),
      'rocky-9': boxManifest.parse({
        title: 'Rocky 9',
        family: 'dnf',
        providers: { virtualbox: { name: 'rockylinux-9' } },
      }),
    },
    base: folder('Base'),
    kubernetes: folder('Kubernetes'),
    runtimes: {
      containerd: folder('containerd', {
        options: {
          install: {
            description: 'Where it comes from.',
            type: 'string',
            values: ['upstream', 'distribution'],
            default: 'upstream',
          },
        },
      }),
      'cri-o': folder('CRI-O', { kubernetes: ['1.35', '1.36'] }),
    },
    cnis: {
      calico: folder('Calico', {
        kubernetes: ['1.35', '1.36', '1.37'],
        options: {
          version: { description: 'Release.', type: 'string', default: '3.33.0' },
          encapsulation: {
            description: 'How packets cross machines.',
            type: 'string',
            values: ['ipip', 'vxlan', 'none'],
            default: 'ipip',
          },
          blockSize: { description: 'Prefix length.', type: 'integer', default: 26 },
          bgp: { description: 'Whether BIRD runs.', type: 'boolean', default: true },
        },
        steps: [onlyStep('apply', 'first-control-plane')],
      }),
      flannel: folder('Flannel', {
        kubernetes: ['1.35', '1.36'],
        steps: [onlyStep('apply', 'first-control-plane')],
      }),
      bridge: folder('Bridge and static routes', { steps: [onlyStep('bridge', 'cluster')] }),
    },
    bootstraps: {
      kubeadm: folder('kubeadm'),
      'hard-way': folder('By hand', { kubernetes: ['1.36'] }),
      none: folder('No Kubernetes', { fits: { runtime: ['containerd'] } }),
    },
    loadBalancers: {
      none: folder('No load balancing'),
      packages: folder('Packages', {
        balancer: { on: ['load-balancer', 'control-plane'], portBesideApi: 8443, vrrp: true },
      }),
      'static-pods': folder('Static pods', {
        balancer: { on: ['control-plane'], portBesideApi: 8443, vrrp: true },
      }),
      'kube-vip': folder('kube-vip', {
        balancer: { on: ['control-plane'], vrrp: false },
        options: { image: { description: 'Image.', type: 'string', default: 'example.org/kube-vip:v1' } },
      }),
    },
    presets: Object.fromEntries(
      ['1cp-2w', 'cni-2n', 'calico-2n'].map((name) => [
        name,
        { name, file: `/package/labs/${name}/lab.yaml`, text: `name: ${name}\nworkers: 2\n` },
      ]),
    ),
    texts: {},
  };
}
