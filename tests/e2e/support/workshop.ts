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
import { versionBy } from './facts.js';
import { requireHost } from './host.js';

/** What a plan says, as far as these tests look. */
export interface Plan {
  name: string;
  networking: { hostOnly: { cidr: string; bridge: string }; podSubnet: string; dnsDomain: string };
  kubernetes?: { version: string; minor: string };
  runtime: { name: string; version?: string; options: Record<string, string> };
  cni: { name: string; options: Record<string, string> };
  endpoint?: { address: string; hostPort: string };
  machines: {
    name: string;
    role: 'control-plane' | 'worker' | 'load-balancer';
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

/** Verify finds a lab sound: every check that it could ask for was made, and each is ok. */
export async function expectSound(workshop: Workshop, lab: string): Promise<void> {
  // A host that has just booted machines may be too busy for an answer in time.
  const report = await workshop.json<Report>(0, lab, 'verify', '--wait', '2m');
  expect(report.results.filter(({ status }) => !['ok', 'skipped'].includes(status))).toEqual([]);
  expect(report.sound).toBe(true);
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
  /** Tells runs of one scenario on different programs apart in docs/tested.md. */
  readonly suffix: string = '';
  /** What ran, for docs/tested.md, where that is not everything that the labs' plans say. */
  ran?: string;

  constructor({ fresh }: { fresh: boolean }) {
    const own = (name: string): string => {
      const folder = path.join(this.root, name);
      mkdirSync(folder);
      return folder;
    };
    this.env = {
      HOME: own('home'),
      VAGRANT_HOME: own('vagrant'),
      // Scenarios that run at the same time see each other's labs, and choose other networks.
      K8SLAB_STATE_DIR: path.join(hostCache(), 'k8slab', 'e2e-state'),
      XDG_CACHE_HOME: fresh || process.env.K8SLAB_E2E_FRESH === '1' ? own('cache') : hostCache(),
      PATH: `${installed('node_modules', '.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
      NO_COLOR: '1',
    };
  }

  /** Throws, naming everything that is missing, unless machines can run here. */
  requireHost(): void {
    requireHost();
  }

  /** What the machines are, with versions. */
  async machinesOf(): Promise<string[]> {
    return [`lxc ${await versionBy('lxc-start', ['--version'], this)}`];
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
    expect(ran.stdout + ran.stderr).not.toMatch(/\n\s+at .*:\d+:\d+|node:internal|This is a bug/);
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
    expect(left).toEqual([]);
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Where this host keeps what can be made again. */
export const hostCache = (): string => process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache');
