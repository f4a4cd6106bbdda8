import type { Assets, StepFolderManifest } from '../assets/manifests.js';
import type { OptionManifest } from '../assets/manifestParts.js';
import type { Choice, Lab } from '../lab/lab.js';
import { sharesAddress } from './balancing.js';
import type { PlannedChoice } from './cluster.js';
import type { Problems } from './problems.js';
import { list, unknownName } from './words.js';

export type Options = PlannedChoice['options'];

/** A folder of provision-scripts that takes part in a lab, with every option literal. */
export interface ChosenFolder {
  /** Below provision-scripts: `base`, `runtime/containerd`. */
  path: string;
  /** The folder's own name: `containerd`. */
  name: string;
  manifest: StepFolderManifest;
  options: Options;
}

export interface ChosenFolders {
  base: ChosenFolder;
  runtime: ChosenFolder;
  cni: ChosenFolder;
  bootstrap: ChosenFolder;
  /** Only with a bootstrapper. */
  kubernetes?: ChosenFolder;
  /** Only with Kubernetes. */
  loadBalancer?: ChosenFolder;
}

/** Whether the lab is a Kubernetes cluster at all. */
export function hasKubernetes(lab: Lab): boolean {
  return lab.bootstrap.name !== 'none';
}

/**
 * The step folders of a lab: its runtime, CNI and bootstrapper by name, their options checked against the
 * manifests and filled in. Undefined when a name or an option was wrong.
 */
export function chooseFolders(lab: Lab, assets: Assets, problems: Problems): ChosenFolders | undefined {
  const runtime = chooseVariant('runtime', lab.runtime, assets.runtimes, problems);
  const cni = chooseVariant('cni', lab.cni, assets.cnis, problems);
  const bootstrap = chooseVariant('bootstrap', lab.bootstrap, withNone(assets.bootstraps), problems);
  const loadBalancer = chooseLoadBalancer(lab, assets, problems);
  if (!runtime || !cni || !bootstrap || loadBalancer === 'wrong') return undefined;
  return {
    base: plainFolder('base', assets.base),
    runtime,
    ...(hasKubernetes(lab) && { kubernetes: plainFolder('kubernetes', assets.kubernetes) }),
    ...(loadBalancer && { loadBalancer }),
    cni,
    bootstrap,
  };
}

function plainFolder(path: string, manifest: StepFolderManifest): ChosenFolder {
  const name = path.split('/').at(-1) ?? path;
  return { path, name, manifest, options: defaults(manifest) };
}

/** Its option `vip` says whether its machines share a virtual address. */
function chooseLoadBalancer(
  lab: Lab,
  assets: Assets,
  problems: Problems,
): ChosenFolder | 'wrong' | undefined {
  if (!hasKubernetes(lab) || lab.loadBalancer.name === 'none') return undefined;
  const folder = chooseVariant('loadBalancer', lab.loadBalancer, assets.loadBalancers, problems);
  return folder ? { ...folder, options: { ...folder.options, vip: sharesAddress(lab) } } : 'wrong';
}

/** `bootstrap: none` needs no folder of its own. */
function withNone(bootstraps: Assets['bootstraps']): Assets['bootstraps'] {
  const none = { title: 'none', description: '', options: {}, sources: [], images: [], steps: [] };
  return { none, ...bootstraps };
}

function chooseVariant(
  group: 'runtime' | 'cni' | 'bootstrap' | 'loadBalancer',
  choice: Choice,
  variants: Record<string, StepFolderManifest>,
  problems: Problems,
): ChosenFolder | undefined {
  const manifest = variants[choice.name];
  if (!manifest) {
    const known = Object.keys(variants);
    problems.add(
      'PLAN_CHOICE_UNKNOWN',
      `There is no ${group} ${choice.name}${unknownName(choice.name, known)}`,
      {
        paths: [`${group}.name`, group],
        fix: known.map((name) => `${group}: ${name}`),
      },
    );
    return undefined;
  }
  const wrong = Object.entries(choice.options).map(([option, value]) =>
    checkOption(group, choice.name, option, value, manifest.options, problems),
  );
  if (wrong.includes(false)) return undefined;
  const options = withImplied(
    group,
    { ...defaults(manifest), ...choice.options },
    choice,
    manifest,
    problems,
  );
  if (!options) return undefined;
  const parent = group === 'loadBalancer' ? 'load-balancer' : group;
  return { path: `${parent}/${choice.name}`, name: choice.name, manifest, options };
}

/** Options that others settle; undefined when the lab says otherwise. */
function withImplied(
  group: string,
  options: Options,
  choice: Choice,
  manifest: StepFolderManifest,
  problems: Problems,
): Options | undefined {
  const implied = Object.entries(manifest.options).flatMap(([option, { implies }]) =>
    Object.entries(implies?.[String(options[option])] ?? {}).map(([name, value]) => ({
      option,
      name,
      value,
    })),
  );
  const wrong = implied.filter(
    ({ name, value }) => Object.hasOwn(choice.options, name) && choice.options[name] !== value,
  );
  for (const { option, name, value } of wrong) {
    problems.add(
      'PLAN_OPTION_VALUE',
      `${name} of ${group} ${choice.name} is ${String(value)} where ${option} is ${String(options[option])}, not ${String(choice.options[name])}.`,
      { paths: [`${group}.${name}`], fix: [`${name}: ${quoted(value)}`, `Leave ${name} out.`] },
    );
  }
  return wrong.length > 0
    ? undefined
    : { ...options, ...Object.fromEntries(implied.map(({ name, value }) => [name, value])) };
}

function checkOption(
  group: string,
  variant: string,
  option: string,
  value: Options[string],
  known: Record<string, OptionManifest>,
  problems: Problems,
): boolean {
  const paths = [`${group}.${option}`];
  const manifest = Object.hasOwn(known, option) ? known[option] : undefined;
  if (!manifest) {
    const names = Object.keys(known);
    const message = `${group} ${variant} has no option ${option}${unknownName(option, names)}`;
    problems.add('PLAN_OPTION_UNKNOWN', message, {
      paths,
      fix:
        names.length === 0
          ? [`Remove ${option}.`]
          : names.map((name) => `${name}: ${String(known[name]?.default)}`),
    });
    return false;
  }
  const type = Number.isInteger(value) ? 'integer' : typeof value;
  const allowed = manifest.values;
  if (type === manifest.type && (!allowed || allowed.includes(value))) return true;
  const expected = allowed ? list(allowed.map(String), 'or') : article(manifest.type);
  problems.add(
    'PLAN_OPTION_VALUE',
    `${option} of ${group} ${variant} is ${expected}, not ${JSON.stringify(value)}.`,
    {
      paths,
      fix: (allowed ?? [manifest.default]).map((good) => `${option}: ${quoted(good)}`),
    },
  );
  return false;
}

function defaults(manifest: StepFolderManifest): Options {
  return Object.fromEntries(Object.entries(manifest.options).map(([name, option]) => [name, option.default]));
}

function article(type: OptionManifest['type']): string {
  return type === 'integer' ? 'an integer' : type === 'boolean' ? 'true or false' : 'a string';
}

/** As it must be written in YAML to keep its type. */
function quoted(value: Options[string]): string {
  return typeof value === 'string' && /^([\d.]+|true|false|)$/.test(value) ? `"${value}"` : String(value);
}
