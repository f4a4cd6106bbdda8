import type { Assets, OptionManifest, StepFolderManifest } from '../assets/manifests.js';
import { childOf, shorten } from './findings.js';
import { notOneOf, type Translated, type Written } from './issues.js';
import { unknownKey } from './keys.js';

export type ChoiceKind = 'bootstrap' | 'runtime' | 'cni';
const choiceKinds: readonly ChoiceKind[] = ['bootstrap', 'runtime', 'cni'];

type WrittenChoice = string | { name?: string | undefined; [option: string]: unknown } | undefined;

/** The folders a choice is made from. */
export function foldersOf(kind: ChoiceKind, assets: Assets): Readonly<Record<string, StepFolderManifest>> {
  return { bootstrap: assets.bootstraps, runtime: assets.runtimes, cni: assets.cnis }[kind];
}

/** The name a lab chose; without one, kubeadm, containerd, and Calico (without Kubernetes: the plain bridge). */
export function chosenName(
  kind: ChoiceKind,
  written: Readonly<Partial<Record<ChoiceKind, WrittenChoice>>>,
): string {
  const choice = written[kind];
  const name = typeof choice === 'object' ? choice.name : choice;
  if (name !== undefined) return name;
  if (kind === 'bootstrap') return 'kubeadm';
  if (kind === 'runtime') return 'containerd';
  return chosenName('bootstrap', written) === 'none' ? 'bridge' : 'calico';
}

/** Checks the options beside `name` against the manifest of the folder chosen. */
export function checkOptions(
  value: Readonly<Partial<Record<ChoiceKind, WrittenChoice>>>,
  assets: Assets,
  written: Written,
): Translated {
  const result: Translated = { findings: [], blocked: [], dropped: [] };
  for (const kind of choiceKinds) {
    const choice = value[kind];
    const manifest = foldersOf(kind, assets)[chosenName(kind, value)];
    if (typeof choice !== 'object' || !manifest) continue;
    for (const [key, given] of Object.entries(choice)) {
      const path = childOf(kind, key);
      const option = Object.hasOwn(manifest.options, key) ? manifest.options[key] : undefined;
      if (key === 'name') continue;
      if (!option) {
        const { meant, ...finding } = unknownKey(kind, key, written.known(), [
          'name',
          ...Object.keys(manifest.options),
        ]);
        const message = finding.message.replace(/\.$/, ` (${chosenName(kind, value)}).`);
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
