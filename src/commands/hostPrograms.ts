import { readFileSync } from 'node:fs';
import type { ProviderManifest } from '../assets/providerManifest.js';
import { K8slabError } from '../errors/error.js';
import { planInstallation, type Installation, type Missing } from '../setup/installation.js';
import { detectSystem, type System } from '../setup/system.js';
import { hasPlugin } from '../vagrant/plugins.js';
import { which } from '../vagrant/which.js';

/** What this host lacks to run labs of a provider; quick, for it runs before every boot. */
export function missingPrograms(name: string, provider: ProviderManifest): Missing[] {
  const lacking = (programs: string[]): string[] =>
    programs.filter((program) => which(program) === undefined);
  const plugin = provider.vagrantPlugin;
  const ofProvider = [
    ...lacking(provider.programs),
    ...(plugin !== undefined && !hasPlugin(plugin) ? [`the Vagrant plugin ${plugin}`] : []),
  ];
  return [
    { what: 'vagrant', programs: lacking(['vagrant']) },
    { what: 'ssh', programs: lacking(['ssh']) },
    { what: name, programs: ofProvider },
  ].filter(({ programs }) => programs.length > 0);
}

/** This system, as far as installing programs is concerned. */
export function thisSystem(): System {
  let osRelease = '';
  try {
    osRelease = readFileSync('/etc/os-release', 'utf8');
  } catch {
    // Not a Linux, or one without the file: its title is then the platform's name.
  }
  return detectSystem(process.platform, osRelease);
}

/** How to install what is missing here. */
export function installationFor(
  missing: readonly Missing[],
  providers: Record<string, ProviderManifest>,
): Installation {
  return planInstallation(missing, thisSystem(), providers, process.getuid?.() === 0);
}

/** Providers that this system's package manager installs without a person's help. */
export function installableProviders(providers: Record<string, ProviderManifest>): string[] {
  return Object.entries(providers)
    .filter(([name, { programs }]) => {
      const { commands, manual } = installationFor([{ what: name, programs }], providers);
      return commands.length > 0 && manual.length === 0;
    })
    .map(([name]) => name);
}

/** Throws HOST_PROGRAMS_MISSING, with the commands that install them, unless everything is there. */
export function requirePrograms(name: string, provider: ProviderManifest): void {
  const missing = missingPrograms(name, provider);
  if (missing.length === 0) return;
  const { commands, manual } = installationFor(missing, { [name]: provider });
  const what = missing.flatMap(({ programs }) => programs).join(', ');
  throw new K8slabError('HOST_PROGRAMS_MISSING', `Missing on this host (${thisSystem().title}): ${what}.`, {
    fix: programAdvice(name, commands, manual),
  });
}

/**
 * What to do about missing programs. `k8slab setup` is named where it runs something, and with the provider, for by
 * itself it takes another one than the lab's; where a person has to do it, so is the way around.
 */
export function programAdvice(
  provider: string,
  commands: readonly (readonly string[])[],
  manual: readonly string[],
): string[] {
  const instead =
    commands.length > 0
      ? `or let k8slab do it: k8slab setup --provider ${provider}`
      : 'or take a provider that can be installed here: k8slab create <lab> --provider auto --dir <new folder>';
  return [...commands.map((command) => commandLine(command)), ...manual, instead];
}

/** A command as a person would type it. */
export function commandLine(words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`))
    .join(' ');
}
