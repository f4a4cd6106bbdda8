import { mkdir, readFile } from 'node:fs/promises';
import { writeAtomic } from '../write/atomic.js';
import { statePath, type LabContext } from './lab.js';
import { parseSshConfig, renderSshConfig, type SshHost } from './sshConfigFile.js';

/**
 * `.k8slab/ssh-config`: what Vagrant said about reaching the machines, kept because asking takes seconds.
 * Written whole and at once (mode 0600); one writer at a time in this process.
 */
export class SshConfigCache {
  readonly file: string;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly lab: LabContext) {
    this.file = statePath(lab, 'ssh-config');
  }

  async has(machine: string): Promise<boolean> {
    return (await this.read()).some(({ name }) => name === machine);
  }

  async set(host: SshHost): Promise<void> {
    await this.change((hosts) => [...hosts.filter(({ name }) => name !== host.name), host]);
  }

  /** Forgets machines that are gone. */
  async remove(machines: readonly string[]): Promise<void> {
    await this.change((hosts) => hosts.filter(({ name }) => !machines.includes(name)));
  }

  private async read(): Promise<SshHost[]> {
    try {
      return parseSshConfig(await readFile(this.file, 'utf8'), true);
    } catch {
      return [];
    }
  }

  private async change(edit: (hosts: SshHost[]) => SshHost[]): Promise<void> {
    const task = this.queue.then(async () => {
      const order = this.lab.cluster.machines.map(({ name }) => name);
      const hosts = edit(await this.read()).sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
      await mkdir(statePath(this.lab), { recursive: true, mode: 0o700 });
      await writeAtomic(this.file, renderSshConfig(hosts), 0o600);
    });
    this.queue = task.catch(() => undefined);
    await task;
  }
}
