import type { Assets } from '../assets/manifests.js';
import { isNewerThanKnown, kubernetesVersions, minorOf, resolveKubernetesVersion } from '../lab/versions.js';
import type { Lab } from '../lab/lab.js';
import type { BundleTable } from './bundle.js';
import type { ChosenFolder, ChosenFolders } from './choices.js';
import type { KubernetesPlan } from './cluster.js';
import type { Problems } from './problems.js';
import type { PlannedSources } from './sources.js';
import { list } from './words.js';

/**
 * The Kubernetes version of a lab, full, and whether its runtime and CNI were tested with it upstream
 * (`kubernetes` of their manifests). Undefined when the version is not supported.
 */
export function planKubernetes(
  lab: Lab,
  folders: ChosenFolders | undefined,
  assets: Assets,
  problems: Problems,
): KubernetesPlan | undefined {
  const paths = ['kubernetes.version'];
  const versions = assets.kubernetesVersions ?? kubernetesVersions;
  const supportedMinors = versions.map((known) => known.minor);
  const version = resolveKubernetesVersion(lab.kubernetes.version, versions);
  const minor = version === undefined ? undefined : minorOf(version);
  if (version === undefined || minor === undefined) {
    problems.add(
      'PLAN_KUBERNETES_VERSION',
      `Kubernetes ${lab.kubernetes.version} is not supported; there is ${list(supportedMinors)}.`,
      { paths, fix: supportedMinors.map((known) => `version: "${known}"`) },
    );
    return undefined;
  }
  if (isNewerThanKnown(version, versions)) {
    problems.note(
      'PLAN_KUBERNETES_PATCH',
      `Kubernetes ${version} is newer than this program knows; it is used as written.`,
    );
  }
  for (const group of ['runtime', 'cni', 'bootstrap'] as const) {
    const folder = folders?.[group];
    const tested = folder?.manifest.kubernetes;
    if (!folder || !tested || tested.includes(minor)) continue;
    problems.add(
      'PLAN_VERSIONS_UNFIT',
      `${folder.manifest.title} is tested with Kubernetes ${list(tested)}, not with ${minor}.`,
      { paths: [...paths, group], fix: tested.map((other) => `kubernetes: {version: "${other}"}`) },
    );
  }
  return { version, minor, nodeCidrMaskSize: lab.networking.nodeCidrMaskSize };
}

/**
 * Tags of the images that `kubeadm config images list` names besides the version's own.
 * Source: minikube's pkg/minikube/constants/constants_kubeadm_images.go, generated from kubeadm.
 */
const companions: Readonly<Record<string, { coredns: string; etcd: string; pause: string }>> = {
  '1.37': { coredns: 'v1.14.6', etcd: '3.7.0-0', pause: '3.10.2' },
  '1.36': { coredns: 'v1.14.2', etcd: '3.6.8-0', pause: '3.10.2' },
  '1.35': { coredns: 'v1.13.1', etcd: '3.6.6-0', pause: '3.10.1' },
};

/**
 * The images kubeadm runs for a version, by full name. For a minor whose companions are not known: those of the bundle, or
 * none without one.
 */
export function kubeadmImages({ version, minor }: KubernetesPlan, bundle?: BundleTable): string[] {
  const tags = companions[minor];
  if (!tags) return bundle?.imagesFrom('registry.k8s.io') ?? [];
  const own = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kube-proxy'];
  return [
    ...own.map((name) => `registry.k8s.io/${name}:v${version}`),
    `registry.k8s.io/coredns/coredns:${tags.coredns}`,
    `registry.k8s.io/etcd:${tags.etcd}`,
    pauseImage(minor) ?? '',
  ].filter((image) => image !== '');
}

/** Whether a bootstrapper runs none of an image's containers: `without.images` of its manifest names repositories. */
export function doesWithout({ manifest }: ChosenFolder, image: string): boolean {
  const repository = image.slice(0, image.lastIndexOf(':'));
  return manifest.without?.images.includes(repository) ?? false;
}

/** Programs are only downloaded when their checksums are known beforehand. */
export function reportUnsummed(
  { unsummed }: PlannedSources,
  kubernetes: KubernetesPlan | undefined,
  problems: Problems,
): void {
  for (const [folder, known] of unsummed) {
    problems.add(
      'PLAN_VERSIONS_UNFIT',
      `The checksums of the programs of Kubernetes ${kubernetes?.version ?? ''} are not known to ${folder.manifest.title}; ` +
        `those of ${list(known)} are.`,
      { paths: ['kubernetes.version', 'bootstrap'], fix: known.map((version) => `version: "${version}"`) },
    );
  }
}

/** The sandbox image that fits a minor; runtimes are told to use it. */
function pauseImage(minor: string): string | undefined {
  const tags = companions[minor];
  return tags && `registry.k8s.io/pause:${tags.pause}`;
}
