import type { AdaptationManifest } from '../assets/providerManifest.js';
import type { Lab } from '../lab/lab.js';
import type { Options } from './choices.js';
import type { Problems } from './problems.js';
import type { ChosenProvider } from './provider.js';

/** The provider's options as the lab has them, with their defaults; before `adaptProvider`. */
export function providerOptions(lab: Lab, provider: ChosenProvider): Options {
  const defaults = Object.entries(provider.manifest.options ?? {}).map(
    ([name, option]) => [name, option.default] as const,
  );
  // What was written was written for the provider that was named.
  return { ...Object.fromEntries(defaults), ...(lab.provider === provider.name && lab.providerOptions) };
}

/**
 * The provider's options as they are to be used: values that cannot work on this host are replaced, or a problem where the lab
 * itself wrote them.
 */
export function adaptProvider(
  lab: Lab,
  provider: ChosenProvider,
  limits: readonly AdaptationManifest[],
  problems: Problems,
): Options {
  const options = providerOptions(lab, provider);
  for (const { title, instead } of limits) {
    for (const { group, name, option, value, use } of instead) {
      if (group !== 'provider' || name !== provider.name || options[option] !== value) continue;
      if (Object.hasOwn(lab.providerOptions ?? {}, option)) {
        problems.add('PLAN_HOST_LIMIT', `provider ${name} cannot use ${option} ${String(value)}: ${title}.`, {
          paths: [`provider.${option}`, 'provider'],
          fix: [`${option}: ${String(use)}`],
        });
      } else options[option] = use;
    }
  }
  return options;
}
