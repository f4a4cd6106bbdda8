import { K8slabError } from '../errors/error.js';
import { recognise } from './explainFailure.js';
import type { LabContext } from './lab.js';
import { lastLines } from './lines.js';
import { parseProbe, probeScript, type Probe } from './probe.js';
import { run, runInteractive, type RunOptions, type RunResult } from './runner.js';
import { remoteCommand } from './shell.js';
import { SshConfigCache } from './sshConfigCache.js';
import { Vagrant } from './vagrant.js';

export type SshOptions = Pick<
  RunOptions,
  'input' | 'keepInputOpen' | 'timeout' | 'onLine' | 'logFile' | 'title'
> & {
  signal?: AbortSignal | undefined;
  /** Seconds to wait for a connection; 10 when left out. */
  connectTimeout?: number;
  /** Do not ask Vagrant again when the cached way does not work. */
  cachedOnly?: boolean;
};

/** ssh's own exit status for "no connection". */
const noConnection = 255;

/** Texts of ssh that mean: what we know about reaching the machine is no longer true, or it is down. */
const stale =
  /Connection refused|Connection timed out|Operation timed out|No route to host|Network is unreachable|Host is down|Connection (?:closed|reset) by|Could not resolve hostname|kex_exchange_identification|Host key verification failed|Permission denied|Identity file .* not accessible|no such identity|banner exchange|Can't open user config file|Connection to .* timed out/i;

/**
 * Plain ssh to the machines of a lab, from a cached `vagrant ssh-config`. When the cached way fails, Vagrant
 * is asked once and the connection tried again: ports change with every boot on VirtualBox.
 */
export class Ssh {
  readonly config: SshConfigCache;
  private readonly vagrant: Vagrant;

  constructor(private readonly lab: LabContext) {
    this.config = new SshConfigCache(lab);
    this.vagrant = new Vagrant(lab);
  }

  /**
   * Runs a command on a machine and gives its exit status and output. A command that fails is a result.
   * Throws VAGRANT_NOT_RUNNING, VAGRANT_SSH_UNREACHABLE, VAGRANT_SSH_KEY when there is no connection.
   */
  async run(
    machine: string,
    command: string | readonly string[],
    options: SshOptions = {},
  ): Promise<RunResult> {
    const fresh = !(await this.config.has(machine)) && options.cachedOnly !== true;
    if (fresh) await this.refresh(machine, options.signal);
    let result = await this.once(machine, command, options);
    if (isStale(result) && !fresh && options.cachedOnly !== true) {
      await this.refresh(machine, options.signal);
      result = await this.once(machine, command, options);
    }
    if (isStale(result)) throw unreachable(machine, result);
    return result;
  }

  /**
   * Asks a machine who it is; nothing when it does not answer. An answer from some other machine (a port that
   * belongs to another one by now) counts as no answer.
   */
  async probe(machine: string, options: SshOptions = {}): Promise<Probe | undefined> {
    if (options.cachedOnly === true && !(await this.config.has(machine))) return undefined;
    const short = { timeout: 30, connectTimeout: 5, ...options };
    const ask = async (cachedOnly: boolean): Promise<Probe | undefined> =>
      parseProbe((await this.run(machine, probeScript, { ...short, cachedOnly })).stdout);
    try {
      const cached = (await this.config.has(machine)) ? await ask(true).catch(noAnswer) : undefined;
      if (cached !== undefined && this.isItself(machine, cached)) return cached;
      if (options.cachedOnly === true) return undefined;
      await this.refresh(machine, options.signal);
      return await ask(true);
    } catch (error) {
      noAnswer(error);
      return;
    }
  }

  /** Runs a command, or a shell, on our own terminal and gives its exit status. */
  async interactive(machine: string, command: readonly string[] = []): Promise<number> {
    // The probe finds out, before the terminal is handed over, whether what we know still holds.
    if ((await this.probe(machine)) === undefined) await this.run(machine, 'true');
    const terminal = command.length === 0 || (process.stdin.isTTY && process.stdout.isTTY);
    const args = [...this.base(), ...(terminal ? ['-t'] : ['-T']), machine];
    const options = this.lab.env === undefined ? {} : { env: this.lab.env };
    return runInteractive(
      'ssh',
      command.length === 0 ? args : [...args, '--', remoteCommand(command)],
      options,
    );
  }

  /** Asks Vagrant how to reach a machine, and remembers it. */
  async refresh(machine: string, signal?: AbortSignal): Promise<void> {
    await this.config.set(await this.vagrant.sshConfig(machine, { signal }));
  }

  private isItself(machine: string, probe: Probe): boolean {
    const planned = this.lab.cluster.machines.find(({ name }) => name === machine)?.address;
    return planned !== undefined && probe.addresses.includes(planned);
  }

  private base(): string[] {
    return ['-F', this.config.file];
  }

  private async once(
    machine: string,
    command: string | readonly string[],
    options: SshOptions,
  ): Promise<RunResult> {
    const args = [
      ...this.base(),
      ...['-T', '-o', 'BatchMode=yes', '-o', `ConnectTimeout=${options.connectTimeout ?? 10}`],
      ...['-o', 'ServerAliveInterval=15', '-o', 'ServerAliveCountMax=4'],
      machine,
      '--',
      typeof command === 'string' ? command : remoteCommand(command),
    ];
    return run('ssh', args, {
      ...(this.lab.env === undefined ? {} : { env: this.lab.env }),
      title: options.title ?? `ssh ${machine}`,
      ...(options.input === undefined ? {} : { input: options.input }),
      ...(options.keepInputOpen === undefined ? {} : { keepInputOpen: options.keepInputOpen }),
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.onLine === undefined ? {} : { onLine: options.onLine }),
      ...(options.logFile === undefined ? {} : { logFile: options.logFile }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
      // ssh has nothing to tidy up; what it started on the machine sees the connection end.
      patience: { interrupt: 2_000, terminate: 1_000 },
    });
  }
}

/** No connection was made, so the command cannot have run. */
function isStale(result: RunResult): boolean {
  return result.exitCode === noConnection && result.stdout === '' && stale.test(result.stderr);
}

function unreachable(machine: string, result: RunResult): K8slabError {
  const code =
    recognise(result.stderr)?.code === 'VAGRANT_SSH_KEY' ? 'VAGRANT_SSH_KEY' : 'VAGRANT_SSH_UNREACHABLE';
  const words = code === 'VAGRANT_SSH_KEY' ? 'refuses our ssh key' : 'does not answer on ssh';
  return new K8slabError(code, `${machine} ${words}.`, { raw: lastLines(result.stderr, 5) });
}

function noAnswer(error: unknown): undefined {
  if (error instanceof K8slabError && error.code.startsWith('VAGRANT_') && !fatal.has(error.code))
    return undefined;
  throw error;
}

const fatal = new Set<string>([
  'VAGRANT_INTERRUPTED',
  'VAGRANT_PROGRAM_MISSING',
  'VAGRANT_LAB_FOLDER_MISSING',
]);
