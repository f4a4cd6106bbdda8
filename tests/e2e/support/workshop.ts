import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from '@jest/globals';
import {
  installed,
  k8slab,
  requireStatus,
  runProgram,
  type Ran,
  type RunOptions,
} from '../../support/k8slab.js';

/** What a plan says, as far as these tests look. */
export interface Plan {
  name: string;
  networking: { hostOnly: { cidr: string; bridge: string } };
  machines: {
    name: string;
    address: string;
    podCidr?: string;
    routes: { destination: string; via: string; machine: string }[];
  }[];
}

export interface Report {
  sound: boolean;
  results: {
    id: string;
    status: string;
    findings: { code: string; machine?: string; fix: string[]; consequenceOf?: string[] }[];
  }[];
}

/**
 * A folder for labs, with a home, a Vagrant and a state of its own: as on a new computer. `fresh`: with an empty cache,
 * too, so that the box is built here; otherwise one that this host built before is used (K8SLAB_E2E_FRESH=1: never).
 */
export class Workshop {
  readonly root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'k8slab-e2e-')));
  /** Makes names of labs, and so of machines, unique on this host. */
  readonly id = Math.random().toString(36).slice(2, 6);
  readonly env: Record<string, string | undefined>;
  /** Unpacked roots that were there before us. */
  private readonly rootsBefore = roots();
  private readonly rootsUsed = new Set<string>();

  constructor({ fresh }: { fresh: boolean }) {
    const own = (name: string): string => {
      const folder = path.join(this.root, name);
      mkdirSync(folder);
      return folder;
    };
    this.env = {
      HOME: own('home'),
      VAGRANT_HOME: own('vagrant'),
      K8SLAB_STATE_DIR: own('state'),
      XDG_CACHE_HOME: fresh || process.env.K8SLAB_E2E_FRESH === '1' ? own('cache') : hostCache(),
      PATH: `${installed('node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
      NO_COLOR: '1',
    };
  }

  path(...parts: string[]): string {
    return path.join(this.root, ...parts);
  }

  /** Lab folders made here. */
  labs(): string[] {
    return readdirSync(this.root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !['home', 'vagrant', 'state', 'cache'].includes(entry.name))
      .map((entry) => this.path(entry.name))
      .filter((folder) => readdirSync(folder).includes('.k8slab'));
  }

  plan(lab: string): Plan {
    return JSON.parse(readFileSync(this.path(lab, '.k8slab', 'cluster.json'), 'utf8')) as Plan;
  }

  /** Runs k8slab, in a lab's folder when `lab` is given. */
  async run(args: readonly string[], options: Partial<RunOptions> & { lab?: string } = {}): Promise<Ran> {
    const { lab, ...rest } = options;
    const cwd = lab === undefined ? this.root : this.path(lab);
    const ran = await k8slab(args, { cwd, timeout: 900, ...rest, env: { ...this.env, ...options.env } });
    expect(ran.stdout + ran.stderr).not.toMatch(/\n\s+at .*:\d+|node:internal|This is a bug/);
    for (const root of roots()) if (!this.rootsBefore.has(root)) this.rootsUsed.add(root);
    return ran;
  }

  /** Runs k8slab in a lab and expects an exit status. */
  async expect(status: number, lab: string, ...args: string[]): Promise<Ran> {
    const ran = await this.run(args, { lab });
    requireStatus(ran, status, args);
    return ran;
  }

  /** The same with --json; gives the document. */
  async json<T>(status: number, lab: string, ...args: string[]): Promise<T> {
    return JSON.parse((await this.expect(status, lab, ...args, '--json')).stdout) as T;
  }

  /** Runs a script as root on a machine; gives what it printed. */
  async on(lab: string, machine: string, script: string): Promise<string> {
    const ran = await this.run(['ssh', machine, '--', 'sudo', 'bash', '-ceu', script], { lab });
    requireStatus(ran, 0, [machine, script]);
    return ran.stdout;
  }

  /** Runs any program in a lab's folder, as a person with this workshop's environment would. */
  async shell(lab: string, command: string, timeout = 900): Promise<Ran> {
    const ran = await runProgram('sh', ['-c', command], { cwd: this.path(lab), env: this.env, timeout });
    requireStatus(ran, 0, [command]);
    return ran;
  }

  /** Destroys every lab and removes everything that was made here. */
  async close(): Promise<void> {
    const left: string[] = [];
    for (const lab of this.labs()) {
      const ran = await this.run(['destroy', '--yes', '--dir', lab]).catch((error: unknown) => ({
        status: -1,
        stderr: String(error),
      }));
      if (ran.status !== 0) left.push(`${lab}: ${ran.stderr}`);
    }
    for (const root of this.rootsUsed) {
      const configurations = await runProgram(
        'sh',
        ['-c', `grep -lF overlay:${root}: /var/lib/lxc/*/config || true`],
        {
          cwd: this.root,
        },
      );
      if (configurations.stdout === '') rmSync(root, { recursive: true, force: true });
    }
    expect(left).toEqual([]);
    rmSync(this.root, { recursive: true, force: true });
  }
}

const hostCache = (): string => process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');

const rootsFolder = '/var/lib/k8slab/roots';

function roots(): Set<string> {
  try {
    return new Set(
      readdirSync(rootsFolder)
        .filter((name) => !name.startsWith('.'))
        .map((name) => path.join(rootsFolder, name)),
    );
  } catch {
    return new Set();
  }
}
