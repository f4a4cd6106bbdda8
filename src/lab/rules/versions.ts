import { foldersOf, type ChoiceKind } from '../choices.js';
import { isNewerThanKnown, kubernetesVersions, minorOf, resolveKubernetesVersion } from '../versions.js';
import type { Assets } from '../../assets/manifests.js';
import { shorten } from '../findings.js';
import type { Rule } from './rule.js';

const path = 'kubernetes.version';

const versionsOf = (assets: Assets) => assets.kubernetesVersions ?? kubernetesVersions;
const minorsOf = (assets: Assets): string[] => versionsOf(assets).map(({ minor }) => minor);

const kubernetesVersion: Rule = {
  reads: [path],
  check: ({ lab, assets }) => {
    const { version } = lab.kubernetes;
    const known = versionsOf(assets);
    const supportedMinors = minorsOf(assets);
    if (resolveKubernetesVersion(version, known) !== undefined && version !== '') return [];
    const plain = version.replace(/^v/, '');
    const newest = supportedMinors[0] ?? '';
    const meant = resolveKubernetesVersion(plain, known) === undefined ? [] : [`version: "${plain}"`];
    const why = minorOf(plain) === undefined ? 'is not a version such as 1.37 or 1.37.1' : 'is not supported';
    return [
      {
        code: 'LAB_KUBERNETES_VERSION',
        message: `Kubernetes \`${shorten(version)}\` ${meant.length > 0 ? 'is written without the v' : why}.`,
        path,
        fix: [
          ...meant,
          `Supported: ${supportedMinors.join(', ')}.`,
          ...(meant.length > 0 ? [] : [`version: "${newest}"`]),
        ],
      },
    ];
  },
};

const newerPatch: Rule = {
  reads: [path],
  check: ({ lab, assets }) => {
    const { version } = lab.kubernetes;
    const known = versionsOf(assets).find(({ minor }) => minor === minorOf(version));
    if (!known || !isNewerThanKnown(version, [known])) return [];
    return [
      {
        code: 'LAB_KUBERNETES_PATCH',
        message: `Kubernetes ${version} is newer than ${known.latest}, the newest this k8slab knows; it may not exist.`,
        path,
        warning: true,
      },
    ];
  },
};

/** What a folder's manifest says it was tested with upstream. */
function testedWith(
  kind: ChoiceKind,
  code: 'LAB_CNI_VERSION' | 'LAB_RUNTIME_VERSION' | 'LAB_BOOTSTRAP_VERSION',
): Rule {
  return {
    reads: [path, `${kind}.name`, 'bootstrap.name'],
    check: ({ lab, assets, isWritten }) => {
      const folder = foldersOf(kind, assets)[lab[kind].name];
      const minor = minorOf(resolveKubernetesVersion(lab.kubernetes.version, versionsOf(assets)) ?? '');
      const minors = folder?.kubernetes;
      if (lab.bootstrap.name === 'none' || minor === undefined || !minors || minors.includes(minor))
        return [];
      const common = minorsOf(assets).filter((supported) => minors.includes(supported));
      const others = Object.entries(foldersOf(kind, assets)).filter(
        ([, other]) => other.kubernetes?.includes(minor) ?? true,
      );
      return [
        {
          code,
          message: `${folder.title} was tested with Kubernetes ${minors.join(', ')}, not with ${minor}.`,
          path: isWritten(path) ? path : kind,
          fix: [
            ...(common[0] === undefined ? [] : [`kubernetes: {version: "${common[0]}"}`]),
            ...others.slice(0, 3).map(([name]) => `${kind}: ${name}`),
          ],
        },
      ];
    },
  };
}

/** A CNI that is applied through a control plane has nothing to be applied to without one. */
const cniNeedsCluster: Rule = {
  reads: ['bootstrap.name', 'cni.name'],
  check: ({ lab, assets }) => {
    const steps = assets.cnis[lab.cni.name]?.steps ?? [];
    if (lab.bootstrap.name !== 'none' || !steps.some(({ on }) => on.includes('control-plane'))) return [];
    const plain = Object.entries(assets.cnis).filter(
      ([, cni]) => !cni.steps.some(({ on }) => on.includes('control-plane')),
    );
    return [
      {
        code: 'LAB_CNI_NEEDS_CLUSTER',
        message: `\`cni: ${lab.cni.name}\` is installed through Kubernetes; with \`bootstrap: none\` there is none.`,
        path: 'cni',
        fix: [...plain.map(([name]) => `cni: ${name}`), 'bootstrap: kubeadm'],
      },
    ];
  },
};

/** A way of making clusters that calls the programs of one runtime does not work with another. */
const runtimeFits: Rule = {
  reads: ['bootstrap.name', 'runtime.name'],
  check: ({ lab, assets, isWritten }) => {
    const bootstrap = assets.bootstraps[lab.bootstrap.name];
    const fitting = bootstrap?.fits?.runtime;
    if (!fitting || fitting.includes(lab.runtime.name)) return [];
    return [
      {
        code: 'LAB_RUNTIME_UNFIT',
        message: `\`bootstrap: ${lab.bootstrap.name}\` works with ${fitting.join(', ')}, not with ${lab.runtime.name}.`,
        path: isWritten('runtime') ? 'runtime' : 'bootstrap',
        fix: [...fitting.map((name) => `runtime: ${name}`), 'bootstrap: kubeadm'],
      },
    ];
  },
};

const versionWithoutKubernetes: Rule = {
  reads: ['bootstrap.name', path],
  check: ({ lab, isWritten }) =>
    lab.bootstrap.name === 'none' && isWritten(path)
      ? [
          {
            code: 'LAB_NO_EFFECT',
            message: '`kubernetes.version` has no effect with `bootstrap: none`.',
            path,
            warning: true,
          },
        ]
      : [],
};

export const versionRules: readonly Rule[] = [
  kubernetesVersion,
  newerPatch,
  testedWith('cni', 'LAB_CNI_VERSION'),
  testedWith('runtime', 'LAB_RUNTIME_VERSION'),
  testedWith('bootstrap', 'LAB_BOOTSTRAP_VERSION'),
  cniNeedsCluster,
  runtimeFits,
  versionWithoutKubernetes,
];
