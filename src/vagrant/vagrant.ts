import { K8slabError } from '../errors/error.js';
import { bootEvidence, type BootEvidence } from './bootEvidence.js';
import { explainFailure } from './explainFailure.js';
import { prepareHostOnly } from './hostOnly.js';
import { logFile, shownLog, type LabContext } from './lab.js';
import { lastLines } from './lines.js';
import { parseBoxList, parseStatus, type InstalledBox, type ProviderState } from './machineReadable.js';
import type { Patience } from './processGroup.js';
import { run, type RunOptions, type RunResult } from './runner.js';
import { parseSshConfig, type SshHost } from './sshConfigFile.js';
import { readHostOnly } from './virtualBox.js';

/** What a call of Vagrant may be told. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  onLine?: RunOptions['onLine'];
}

interface How {
  machine?: string;
  evidence?: BootEvidence;
  /** Seconds. */
  silence?: number;
}

/** Vagrant's settings that make it predictable: no colour, no update checks, no questions. */
export function vagrantEnvironment(folder?: string, provider?: string): Record<string, string | undefined> {
  return {
    VAGRANT_NO_COLOR: '1',
    VAGRANT_CHECKPOINT_DISABLE: '1',
    VAGRANT_BOX_UPDATE_CHECK_DISABLE: '1',
    VAGRANT_VAGRANTFILE: undefined,
    VAGRANT_DOTFILE_PATH: undefined,
    ...(folder === undefined ? {} : { VAGRANT_CWD: folder }),
    ...(provider === undefined ? {} : { VAGRANT_DEFAULT_PROVIDER: provider }),
    ...(process.platform === 'linux' && !hasLocale() ? { LANG: 'C.UTF-8' } : {}),
  };
}

/** Ruby reads a Vagrantfile below `/home/josé` as US-ASCII, and fails, when no locale is set at all. */
function hasLocale(): boolean {
  return ['LC_ALL', 'LC_CTYPE', 'LANG'].some((name) => (process.env[name] ?? '') !== '');
}

/**
 * Seconds that Vagrant may print nothing. `up`: it waits for a machine as long as boot_timeout in the Vagrantfile says,
 * 900, and imports a box on a slow disk before.
 */
const silence = { up: 1200, stop: 600, ask: 180, box: 1200 };

/** Calls of Vagrant for one lab. Each throws what `explainFailure` makes of a failure. */
export class Vagrant {
  private answered: Promise<void> | undefined;
  private network: Promise<void> | undefined;

  constructor(private readonly lab: LabContext) {}

  /** Creates and boots a machine; one that runs is left alone. Provisioning is ours. */
  async up(machine: string, options: CallOptions = {}): Promise<void> {
    const args = [
      'up',
      machine,
      '--no-provision',
      '--no-install-provider',
      '--provider',
      this.lab.cluster.provider,
    ];
    const evidence = bootEvidence(this.lab, machine);
    if (this.lab.cluster.provider === 'virtualbox') await (this.network ??= prepareHostOnly(this.lab));
    await this.change(args, machine, options, { evidence, silence: silence.up });
  }

  async halt(machine: string, options: CallOptions & { force?: boolean } = {}): Promise<void> {
    await this.change(['halt', machine, ...(options.force === true ? ['--force'] : [])], machine, options);
  }

  async destroy(machine: string, options: CallOptions = {}): Promise<void> {
    await this.change(['destroy', machine, '--force'], machine, options);
  }

  /** State of the named machines (all when empty) as the provider sees them. Takes seconds: ask ssh first. */
  async status(
    machines: readonly string[] = [],
    options: CallOptions = {},
  ): Promise<Map<string, ProviderState>> {
    return parseStatus(
      (await this.call(['status', ...machines, '--machine-readable'], 'vagrant', options)).stdout,
    );
  }

  /** How to reach a running machine. Throws VAGRANT_NOT_RUNNING when it does not run. */
  async sshConfig(machine: string, options: CallOptions = {}): Promise<SshHost> {
    const result = await this.call(['ssh-config', machine], 'vagrant', options, { machine });
    const host = parseSshConfig(result.stdout).find(({ name }) => name === machine);
    if (host === undefined) {
      throw new K8slabError(
        'VAGRANT_SSH_CONFIG',
        `\`vagrant ssh-config ${machine}\` said nothing about ${machine}.`,
        {
          raw: result.stdout,
        },
      );
    }
    return host;
  }

  /** A call that changes something; what Vagrant would hang on is asked first, once. */
  private async change(args: string[], machine: string, options: CallOptions, how: How = {}): Promise<void> {
    await (this.answered ??= this.requireProvider());
    await this.call(args, machine, options, { silence: silence.stop, ...how });
  }

  private async requireProvider(): Promise<void> {
    if (this.lab.cluster.provider === 'virtualbox') await readHostOnly(this.lab);
  }

  private async call(
    args: string[],
    log: string,
    options: CallOptions,
    { machine = log === 'vagrant' ? undefined : log, evidence, silence: limit = silence.ask }: How = {},
  ): Promise<RunResult> {
    const { cluster, folder, env, patience } = this.lab;
    const result = await run('vagrant', args, {
      cwd: folder,
      env: { ...env, ...vagrantEnvironment(folder, cluster.provider), ...evidence?.env },
      logFile: logFile(this.lab, log),
      silence: this.lab.silence ?? limit,
      ...callOptions(options, patience),
    }).catch(async (error: unknown) => {
      if (!(error instanceof K8slabError) || error.code !== 'VAGRANT_SILENT') throw error;
      await this.requireProvider();
      const subject = machine === undefined ? '' : `${machine}: `;
      const message = `${subject}${error.message} The whole output is in ${shownLog(log)}.`;
      throw new K8slabError('VAGRANT_SILENT', message, { raw: lastLines(error.raw ?? '', 15), cause: error });
    });
    if (result.exitCode !== 0) {
      const words = `\`vagrant ${args.slice(0, 2).join(' ')}\` failed with exit status ${result.exitCode}`;
      const output = `${result.stdout}\n${result.stderr}\n${evidence?.read() ?? ''}`;
      throw explainFailure(output, {
        words,
        log: shownLog(log),
        ...(machine === undefined ? {} : { machine }),
      });
    }
    return result;
  }
}

function callOptions(options: CallOptions, patience?: Patience): Partial<RunOptions> {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
    ...(patience === undefined ? {} : { patience }),
  };
}

/** Calls of Vagrant that are about the host, not about a lab. */
export interface HostCallOptions extends CallOptions {
  env?: Record<string, string | undefined> | undefined;
  logFile?: string;
  /** Folder without a Vagrantfile of its own above it matters to plugins; default: the current one. */
  cwd?: string;
  patience?: Patience | undefined;
}

async function hostCall(args: string[], options: HostCallOptions, limit = silence.ask): Promise<RunResult> {
  const result = await run('vagrant', args, {
    env: { ...options.env, ...vagrantEnvironment() },
    silence: limit,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
    ...callOptions(options, options.patience),
  });
  if (result.exitCode !== 0) {
    throw explainFailure(`${result.stdout}\n${result.stderr}`, {
      words: `\`vagrant ${args.slice(0, 2).join(' ')}\` failed with exit status ${result.exitCode}`,
    });
  }
  return result;
}

/** `2.3.4`; throws VAGRANT_PROGRAM_MISSING. */
export async function vagrantVersion(options: HostCallOptions = {}): Promise<string> {
  const { stdout } = await hostCall(['--version'], options);
  return /(\d+\.\d+\.\d+\S*)/.exec(stdout)?.[1] ?? stdout.trim();
}

/** Installed boxes. */
export async function vagrantBoxes(options: HostCallOptions = {}): Promise<InstalledBox[]> {
  return parseBoxList((await hostCall(['box', 'list', '--machine-readable'], options)).stdout);
}

/** Adds a box from a metadata file (a JSON document with versions, so that the box gets one). */
export async function vagrantBoxAdd(
  metadataFile: string,
  provider: string,
  options: HostCallOptions = {},
): Promise<void> {
  await hostCall(['box', 'add', metadataFile, '--provider', provider, '--force'], options, silence.box);
}

/** Removes one version of a box. Machines made of it are not touched. */
export async function vagrantBoxRemove(
  { name, provider, version }: InstalledBox,
  options: HostCallOptions = {},
): Promise<void> {
  await hostCall(
    ['box', 'remove', name, '--provider', provider, '--box-version', version, '--force'],
    options,
    silence.box,
  );
}
