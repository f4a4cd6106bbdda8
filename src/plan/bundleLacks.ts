import type { Assets } from '../assets/manifests.js';
import type { BundleFacts, BundleTable } from './bundle.js';
import type { ChosenFolder, ChosenFolders } from './choices.js';
import type { KubernetesPlan } from './cluster.js';
import type { HostFacts } from './host.js';
import type { Problems } from './problems.js';
import type { PlannedSources } from './sources.js';
import { list } from './words.js';

interface Needs {
  folders: ChosenFolders;
  kubernetes: KubernetesPlan | undefined;
  sources: PlannedSources;
  images: readonly string[];
}

/** Names everything that a lab needs and its bundle does not have, before anything boots. */
export function reportLacks(
  bundle: BundleFacts,
  table: BundleTable,
  { folders, kubernetes, sources, images }: Needs,
  assets: Assets,
  problems: Problems,
): void {
  const { name } = bundle.document;
  const own = table.version('kubernetes');
  let complete = sources.lacking.length === 0;
  if (kubernetes && own !== kubernetes.version) {
    complete = false;
    problems.add(
      'PLAN_BUNDLE_LACKS',
      `Kubernetes ${kubernetes.version} is not in the bundle ${name}${own === undefined ? '' : `, which has ${own}`}.`,
      {
        paths: ['kubernetes.version', 'kubernetes'],
        fix: own === undefined ? [make(kubernetes)] : [`version: "${own}"`, make(kubernetes)],
      },
    );
  }
  for (const folder of new Set(sources.lacking.map((lack) => lack.folder))) {
    if (folder === folders.kubernetes && own !== kubernetes?.version) continue;
    reportFolder(folder, bundle, table, sources, assets, problems);
  }
  // Images follow from versions: with the wrong ones, theirs would only be said once more.
  const lacking = complete ? images.filter((image) => !table.hasImage(image)) : [];
  for (const image of lacking) {
    const other = table.sameImage(image);
    problems.add(
      'PLAN_BUNDLE_LACKS',
      `The image ${image} is not in the bundle ${name}${other === undefined ? '' : `, which has ${other}`}.`,
      { paths: ['runtime', 'cni', 'kubernetes'] },
    );
  }
}

/** A bundle is for one kind of processor, and machines have the host's; one that is served must be so for them, too. */
export function reportUnfit(bundle: BundleFacts, host: HostFacts, problems: Problems): void {
  const arch = host.arch === 'x64' ? 'amd64' : host.arch;
  const { name, platform } = bundle.document;
  const served = /^https?:\/\/(?:localhost|127\.[\d.]+|\[::1\])(?=[:/]|$)/i.exec(bundle.location);
  if (served) {
    problems.add(
      'BUNDLE_UNREACHABLE',
      `${bundle.location} means this host only here; to a machine it means itself.`,
      { fix: ['--bundle PATH   # the folder: it is served to the machines as needed'] },
    );
  }
  if (platform === `linux/${arch}`) return;
  problems.add('PLAN_BUNDLE_PLATFORM', `The bundle ${name} is for ${platform}; this host is ${arch}.`);
}

function reportFolder(
  folder: ChosenFolder,
  bundle: BundleFacts,
  table: BundleTable,
  sources: PlannedSources,
  assets: Assets,
  problems: Problems,
): void {
  const group = folder.path.split('/')[0] ?? '';
  const option = folder.options.version;
  const what = sources.lacking
    .filter((lack) => lack.folder === folder)
    .map(({ id, kind, version }) =>
      kind === 'file'
        ? [option === undefined ? id : folder.manifest.title, version].filter(Boolean).join(' ')
        : `the ${kind.replace('-', ' ')} of ${folder.manifest.title}`,
    );
  const own = folder.manifest.sources.flatMap(({ url }) => table.versionFor(url) ?? [])[0];
  const has = option === undefined || own === undefined ? '' : `, which has ${own}`;
  const others = group === 'cni' ? completeCnis(table, assets).filter((name) => name !== folder.name) : [];
  const fix = [
    ...(option === undefined || own === undefined ? [] : [`version: "${own}"`]),
    ...others.map((name) => `--set cni=${name}   # the bundle has it`),
  ];
  const are = what.length === 1 ? 'is' : 'are';
  problems.add(
    'PLAN_BUNDLE_LACKS',
    `${capital(list(what))} ${are} not in the bundle ${bundle.document.name}${has}.`,
    { paths: [`${group}.version`, group], ...(fix.length > 0 && { fix }) },
  );
}

/** CNIs whose downloads are all in the bundle; those that download nothing are no substitute. */
function completeCnis(table: BundleTable, assets: Assets): string[] {
  return Object.entries(assets.cnis)
    .filter(([, { sources }]) => {
      const files = sources.filter(({ kind }) => kind === 'file');
      return files.length > 0 && files.some(({ url }) => table.versionFor(url) !== undefined);
    })
    .map(([name]) => name);
}

function make({ version }: KubernetesPlan): string {
  return `k8slab bundle create --out DIR --kubernetes ${version}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
