import { loadAssets } from '../assets/load.js';
import type { ProviderManifest } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import { fittingProvider } from '../plan/provider.js';
import { collectHostFacts } from '../vagrant/hostFacts.js';
import { runInteractive } from '../vagrant/runner.js';
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
  const installed = await install(name, provider, argv.yes, context);
  context.result({ provider: name, installed });
  context.say('What now?  k8slab create 1cp-2w');
  return 0;
}

/**
 * Shows every command, asks unless told not to, and runs them; gives those that ran.
 * Throws HOST_SETUP_REFUSED, HOST_SETUP_FAILED, and HOST_SETUP_MANUAL when something is left that no command does.
 */
export async function install(
  name: string,
  provider: ProviderManifest,
  yes: boolean,
  context: Context,
): Promise<string[]> {
  const missing = missingPrograms(name, provider);
  const { bold, dim } = context.palette;
  if (missing.length === 0) {
    context.say(`Everything that ${provider.title} labs need is installed.`);
    return [];
  }
  const { commands, manual } = installationFor(missing, { [name]: provider });
  context.say(`${bold('Missing')}: ${missing.flatMap(({ programs }) => programs).join(', ')}`);
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
  return commands.map(commandLine);
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
