import type { Assets, StepFolderManifest } from '../assets/manifests.js';
import type { OptionManifest } from '../assets/manifestParts.js';
import { countOf, type WrittenCount } from './count.js';
import { childOf, shorten } from './findings.js';
import { notOneOf, type Translated, type Written } from './issues.js';
import { unknownKey } from './keys.js';

/** Choices of folders under provision-scripts/. */
export type ChoiceKind = 'bootstrap' | 'runtime' | 'cni' | 'loadBalancer';
const choiceKinds: readonly ChoiceKind[] = ['bootstrap', 'runtime', 'cni', 'loadBalancer'];

type WrittenChoice = string | { name?: string | undefined; [option: string]: unknown } | undefined;

/** A lab as written, as far as its choices depend on it. */
type WrittenChoices = Readonly<Partial<Record<ChoiceKind | 'provider', WrittenChoice>>> & {
  readonly loadBalancers?: WrittenCount;
};

/** The folders a choice is made from. */
export function foldersOf(kind: ChoiceKind, assets: Assets): Readonly<Record<string, StepFolderManifest>> {
  return {
    bootstrap: assets.bootstraps,
    runtime: assets.runtimes,
    cni: assets.cnis,
    loadBalancer: assets.loadBalancers,
  }[kind];
}

/**
 * The name a lab chose; without one, kubeadm, containerd, and Calico (without Kubernetes: the plain bridge); for load
 * balancers the distribution's packages.
 */
export function chosenName(kind: ChoiceKind, written: WrittenChoices): string {
  const choice = written[kind];
  const name = typeof choice === 'object' ? choice.name : choice;
  if (name !== undefined) return name;
  if (kind === 'bootstrap') return 'kubeadm';
  if (kind === 'runtime') return 'containerd';
  if (kind === 'loadBalancer') return countOf(written.loadBalancers, 0) > 0 ? 'packages' : 'none';
  return chosenName('bootstrap', written) === 'none' ? 'bridge' : 'calico';
}

/** The provider a lab named, or `auto`. */
export function providerName({ provider }: WrittenChoices): string {
  return (typeof provider === 'object' ? provider.name : provider) ?? 'auto';
}

/** The name chosen, and the options its folder has; `provider: auto` has none. */
function chosen(
  kind: ChoiceKind | 'provider',
  value: WrittenChoices,
  assets: Assets,
): { name: string; options: Readonly<Record<string, OptionManifest>> | undefined } {
  if (kind === 'provider') {
    const name = providerName(value);
    return { name, options: assets.providers[name]?.options ?? {} };
  }
  const name = chosenName(kind, value);
  return { name, options: foldersOf(kind, assets)[name]?.options };
}

/** Checks the options beside `name` against the manifest of the folder chosen. */
export function checkOptions(value: WrittenChoices, assets: Assets, written: Written): Translated {
  const result: Translated = { findings: [], blocked: [], dropped: [] };
  for (const kind of [...choiceKinds, 'provider'] as const) {
    const choice = value[kind];
    const { name, options } = chosen(kind, value, assets);
    if (typeof choice !== 'object' || !options) continue;
    for (const [key, given] of Object.entries(choice)) {
      const path = childOf(kind, key);
      const option = Object.hasOwn(options, key) ? options[key] : undefined;
      if (key === 'name') continue;
      if (!option) {
        const { meant, ...finding } = unknownKey(kind, key, written.known(), [
          'name',
          ...Object.keys(options),
        ]);
        const message = finding.message.replace(/\.$/, ` (${name}).`);
        result.findings.push({ ...finding, message });
        result.dropped.push(path);
        if (meant !== undefined && !written.nodes.has(meant)) result.blocked.push(meant);
        continue;
      }
      const finding = checkOption(option, given, path, written);
      if (!finding) continue;
      result.findings.push({ path, ...finding });
      result.blocked.push(path);
    }
  }
  return result;
}

function checkOption(option: OptionManifest, given: unknown, path: string, written: Written) {
  const text = shorten(written.nodes.get(path)?.text ?? String(given));
  if (option.type === 'string' && typeof given !== 'string') {
    const unquoted = `\`${path}\` is text, but ${text} without quotes is not.`;
    const code = path.endsWith('version') ? ('LAB_VERSION_UNQUOTED' as const) : ('LAB_TYPE' as const);
    return { code, message: unquoted, fix: [`${path.split('.').at(-1) ?? path}: "${text}"`] };
  }
  const valid = option.type === 'integer' ? Number.isInteger(given) : typeof given === option.type;
  if (!valid) {
    const expected = option.type === 'integer' ? 'a whole number' : '`true` or `false`';
    return {
      code: 'LAB_TYPE' as const,
      message: `\`${path}\` is \`${text}\`; it has to be ${expected}.`,
      fix: [`Write ${expected}.`],
    };
  }
  const values = option.values ?? [];
  return values.length > 0 && !values.some((value) => value === given)
    ? notOneOf(path, text, values.map(String))
    : undefined;
}

/** The options a lab set, as plain data. */
export function chosenOptions(choice: WrittenChoice): Record<string, string | number | boolean> {
  if (typeof choice !== 'object') return {};
  const options = Object.entries(choice).flatMap(([key, value]) =>
    key !== 'name' && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      ? [[key, value] as const]
      : [],
  );
  return Object.fromEntries(options);
}
