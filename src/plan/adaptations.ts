import type { AdaptationManifest } from '../assets/providerManifest.js';
import type { Lab } from '../lab/lab.js';
import type { ChosenFolders, Options } from './choices.js';
import type { Adaptation } from './cluster.js';
import type { HostFacts } from './host.js';
import type { Problems } from './problems.js';
import { inOrder } from './provisioners.js';
import type { ChosenProvider } from './provider.js';

/** The limits of this host that matter to a provider's machines. `options`: the provider's. */
export function limitsOf(
  provider: ChosenProvider | undefined,
  host: HostFacts,
  options: Options,
): AdaptationManifest[] {
  const found = (provider && host.limits?.[provider.name]) ?? [];
  const applies = ({ when = {} }: AdaptationManifest): boolean =>
    Object.entries(when).every(([option, value]) => options[option] === value);
  return (provider?.manifest.adaptations ?? []).filter((limit) => found.includes(limit.id) && applies(limit));
}

/**
 * Takes options that cannot work on this host out of the folders: defaults are replaced, what the lab itself wrote is
 * a problem. Gives the folders as they are to be used.
 */
export function adaptOptions(
  folders: ChosenFolders,
  lab: Lab,
  limits: readonly AdaptationManifest[],
  problems: Problems,
): ChosenFolders {
  const adapted = { ...folders };
  for (const { title, instead } of limits) {
    for (const { group, name, option, value, use } of instead) {
      if (group === 'provider') continue;
      const folder = adapted[group];
      if (folder.name !== name || folder.options[option] !== value) continue;
      if (Object.hasOwn(lab[group].options, option)) {
        problems.add(
          'PLAN_HOST_LIMIT',
          `${group} ${name} cannot use ${option} ${String(value)} here: ${lowerFirst(title)}.`,
          { paths: [`${group}.${option}`], fix: [`${option}: ${String(use)}`] },
        );
        continue;
      }
      adapted[group] = { ...folder, options: { ...folder.options, [option]: use } };
    }
  }
  return adapted;
}

/**
 * The limits that change something in a lab, as the plan keeps them. `folders` are those before `adaptOptions`, `options` the
 * provider's before `adaptProvider`.
 */
export function planAdaptations(
  limits: readonly AdaptationManifest[],
  folders: ChosenFolders,
  options: Options,
): Adaptation[] {
  const files = inOrder(folders).flatMap(({ manifest }) => manifest.steps.flatMap((step) => step.files));
  const names = new Set(files.map((file) => file.replace(/\.hbs$/, '')));
  return limits.flatMap(({ id, title, why, link, changes, instead }) => {
    const fitting = changes.filter(({ file }) => [...names].some((name) => matchesFile(file, name)));
    const replaced = instead.some(({ group, name, option, value }) =>
      group === 'provider'
        ? options[option] === value
        : folders[group].name === name && folders[group].options[option] === value,
    );
    return fitting.length > 0 || replaced ? [{ id, title, why, link, changes: fitting }] : [];
  });
}

/** Whether a file name is meant by a pattern in which `*` stands for any characters. */
export function matchesFile(pattern: string, name: string): boolean {
  const source = pattern.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*');
  return new RegExp(`^${source}$`).test(name);
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
