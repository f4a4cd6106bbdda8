import { loadAssets } from '../assets/load.js';
import type { ProviderManifest } from '../assets/providerManifest.js';
import { K8slabError } from '../errors/error.js';
import { fittingProvider } from '../plan/provider.js';
import { collectHostFacts } from '../vagrant/hostFacts.js';
import type { Missing } from '../setup/installation.js';
import { run, runInteractive } from '../vagrant/runner.js';
import { confirm } from './ask.js';
import type { Context, Status } from './context.js';
import {
  commandLine,
  installableProviders,
  installationFor,
  missingPrograms,
  thisSystem,
} from './hostPrograms.js';

/** Installs what labs of a provider need on this host. */
export async function setup(
  argv: { provider?: string | undefined; yes: boolean },
  context: Context,
): Promise<Status> {
  const assets = await loadAssets();
  const wanted = argv.provider ?? 'auto';
  const host = await collectHostFacts({
    providers: assets.providers,
    installableProviders: installableProviders(assets.providers),
    otherLabs: [],
  });
  const name = wanted === 'auto' ? (fittingProvider(host, assets)?.name ?? 'auto') : wanted;
  const provider = assets.providers[name];
  if (provider === undefined) {
    throw new K8slabError('HOST_PROVIDER_UNKNOWN', `There is no provider called ${name}.`, {
      fix: [`Name one of: ${Object.keys(assets.providers).join(', ')}`],
    });
  }
  const { commands } = await install(name, provider, argv.yes, context);
  context.result({ provider: name, installed: commands });
  context.say('What now?  k8slab create 1cp-2w');
  return 0;
}

/** What an installation did. */
export interface Installed {
  /** Those that ran, as a person would type them. */
  commands: string[];
  /** Packages that were not there before, where apt knows. */
  added: string[];
}

/**
 * Shows every command that installs what a provider's labs, and `more`, need here; asks unless told not to, and runs them.
 * Throws HOST_SETUP_REFUSED, HOST_SETUP_FAILED, and HOST_SETUP_MANUAL when something is left that no command does.
 */
export async function install(
  name: string,
  provider: ProviderManifest,
  yes: boolean,
  context: Context,
  more: readonly Missing[] = [],
): Promise<Installed> {
  const missing = [...missingPrograms(name, provider), ...more];
  const { bold, dim } = context.palette;
  if (missing.length === 0) {
    context.say(`Everything that ${provider.title} labs need is installed.`);
    return { commands: [], added: [] };
  }
  const { commands, packages, manual } = installationFor(missing, { [name]: provider });
  context.say(`${bold('Missing')}: ${[...new Set(missing.flatMap(({ programs }) => programs))].join(', ')}`);
  const added = await absentPackages(packages);
  if (commands.length > 0) {
    context.say(`On ${thisSystem().title}, k8slab would run:\n`);
    for (const command of commands) context.say(`    ${commandLine(command)}`);
    context.say();
    await agree(yes, commands, context);
    for (const command of commands) await runShown(command, dim, context);
  }
  const left = missingPrograms(name, provider).flatMap(({ programs }) => programs);
  if (left.length > 0) {
    throw new K8slabError('HOST_SETUP_MANUAL', `Still missing: ${left.join(', ')}.`, {
      ...(manual.length > 0 && { fix: manual }),
    });
  }
  return { commands: commands.map(commandLine), added };
}

/** Those of Debian's packages that are not installed; none where apt is not the package manager. */
async function absentPackages(packages: readonly string[]): Promise<string[]> {
  if (thisSystem().manager !== 'apt' || packages.length === 0) return [];
  const asked = ['--show', '--showformat', '${Package} ${db:Status-Status}\\n', ...packages];
  const result = await run('dpkg-query', asked).catch(() => undefined);
  const there = (result?.stdout ?? '').split('\n').filter((line) => line.endsWith(' installed'));
  const names = new Set(there.map((line) => line.split(' ')[0]));
  return result === undefined ? [] : packages.filter((name) => !names.has(name));
}

async function agree(yes: boolean, commands: readonly string[][], context: Context): Promise<void> {
  if (yes) return;
  if (context.canAsk && (await confirm('Run them?'))) return;
  throw new K8slabError('HOST_SETUP_REFUSED', 'Nothing was installed.', {
    fix: [...commands.map(commandLine), 'or run it again with --yes'],
  });
}

async function runShown(command: string[], dim: (text: string) => string, context: Context): Promise<void> {
  const line = commandLine(command);
  context.say(dim(`$ ${line}`));
  const [program = '', ...args] = command;
  const status = await runInteractive(program, args, { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  context.signal.throwIfAborted();
  if (status !== 0) {
    throw new K8slabError('HOST_SETUP_FAILED', `\`${line}\` failed with exit status ${status}.`);
  }
}
