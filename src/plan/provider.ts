import type { Assets } from '../assets/manifests.js';
import type { ProviderManifest } from '../assets/providerManifest.js';
import type { Lab } from '../lab/lab.js';
import type { Decisions, HostFacts } from './host.js';
import type { Problems } from './problems.js';
import { list, unknownName } from './words.js';

export interface ChosenProvider {
  name: string;
  manifest: ProviderManifest;
}

const systems: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'Linux',
  darwin: 'macOS',
  win32: 'Windows',
};

/**
 * The provider of a lab. One that the lab names counts; `auto` keeps what was decided for this folder before,
 * then takes the first by preference of those installed that can run here, then of those that could run here.
 * The reason of a choice becomes a note.
 */
export function chooseProvider(
  lab: Lab,
  host: HostFacts,
  assets: Assets,
  decisions: Decisions | undefined,
  problems: Problems,
): ChosenProvider | undefined {
  const inOrder = byPreference(assets);
  if (lab.provider !== 'auto') return named(lab.provider, inOrder, host, problems);

  const decided = inOrder.find(({ name }) => name === decisions?.provider);
  if (decided) return decided;

  const chosen = fittingProvider(host, assets);
  if (!chosen) {
    problems.add(
      'PLAN_PROVIDER_NONE',
      `None of ${list(inOrder.map(({ name }) => name))} can run on ${systemName(host)}.`,
      {
        paths: ['provider'],
      },
    );
    return undefined;
  }
  problems.note('PLAN_PROVIDER_CHOSEN', reason(chosen, inOrder, host));
  return chosen;
}

/**
 * What `auto` means on a host: the first provider by preference of those installed that can run here, then of those
 * that the package manager can install, then of those that could run here. Undefined when none can.
 */
export function fittingProvider(host: HostFacts, assets: Assets): ChosenProvider | undefined {
  const fitting = byPreference(assets).filter((provider) => whyNot(provider, host) === undefined);
  return (
    fitting.find(({ name }) => host.installedProviders.includes(name)) ??
    fitting.find(({ name }) => host.installableProviders?.includes(name)) ??
    fitting[0]
  );
}

function byPreference(assets: Assets): ChosenProvider[] {
  return Object.entries(assets.providers)
    .map(([name, manifest]) => ({ name, manifest }))
    .sort((a, b) => a.manifest.preference - b.manifest.preference);
}

function named(
  name: string,
  known: ChosenProvider[],
  host: HostFacts,
  problems: Problems,
): ChosenProvider | undefined {
  const chosen = known.find((provider) => provider.name === name);
  if (!chosen) {
    const names = known.map((provider) => provider.name);
    problems.add('PLAN_PROVIDER_UNKNOWN', `There is no provider ${name}${unknownName(name, names)}`, {
      paths: ['provider'],
    });
    return undefined;
  }
  if (isOnPlatform(chosen.manifest, host)) return chosen;
  const runsOn = chosen.manifest.platforms.map((platform) => systems[platform] ?? platform);
  const others = known
    .filter(({ manifest }) => isOnPlatform(manifest, host))
    .map((provider) => provider.name);
  problems.add(
    'PLAN_PROVIDER_PLATFORM',
    `${chosen.manifest.title} runs on ${list(runsOn)} only; this is ${systemName(host)}.`,
    { paths: ['provider'], fix: [`provider: auto`, ...others.map((other) => `provider: ${other}`)] },
  );
  return undefined;
}

function isOnPlatform(manifest: ProviderManifest, host: HostFacts): boolean {
  return manifest.platforms.some((platform) => platform === host.platform);
}

/** Why `auto` does not take a provider on this host, as the end of a sentence; undefined when it may. */
function whyNot({ name, manifest }: ChosenProvider, host: HostFacts): string | undefined {
  if (!isOnPlatform(manifest, host)) return `${name} does not run on ${systemName(host)}`;
  if (manifest.virtualization && !host.virtualization)
    return `${name} needs hardware virtualisation, which this host lacks`;
  const limit = manifest.adaptations?.find(
    ({ id, avoid = false }) => avoid && host.limits?.[name]?.includes(id),
  );
  return limit && `${name} would be slow: ${limit.title.charAt(0).toLowerCase()}${limit.title.slice(1)}`;
}

function reason(chosen: ChosenProvider, known: ChosenProvider[], host: HostFacts): string {
  const passed = known
    .slice(
      0,
      known.findIndex(({ name }) => name === chosen.name),
    )
    .filter(({ manifest }) => isOnPlatform(manifest, host))
    .map((provider) => whyNot(provider, host) ?? `${provider.name} is not installed`);
  const installed = host.installedProviders.includes(chosen.name);
  const because = [
    installed ? 'it is installed' : 'it can run here, though it is not installed yet',
    ...passed,
  ].join('; ');
  const root = chosen.manifest.root && !host.root ? ` It needs root or sudo on this host.` : '';
  return `Provider ${chosen.name}: ${because}.${root}`;
}

function systemName(host: HostFacts): string {
  const system = systems[host.platform] ?? host.platform;
  return host.virtualization ? system : `${system} without hardware virtualisation`;
}
