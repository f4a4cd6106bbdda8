import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from '@jest/globals';
import { k8slab, requireStatus, type Ran, type RunOptions } from '../../support/k8slab.js';

/** A folder to work in, with a home, a state folder and a list of labs of its own. */
export class Place {
  /** Everything of this place. */
  readonly root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'k8slab-cli-')));
  /** Where commands run. */
  readonly folder: string;
  readonly env: Record<string, string | undefined>;

  constructor(name = 'work') {
    this.folder = path.join(this.root, name);
    mkdirSync(this.folder);
    mkdirSync(this.path('../home'));
    this.env = {
      HOME: path.join(this.root, 'home'),
      USERPROFILE: path.join(this.root, 'home'),
      K8SLAB_STATE_DIR: path.join(this.root, 'state'),
      PATH: bareHost(this.root),
      KUBECONFIG: undefined,
      NO_COLOR: undefined,
      FORCE_COLOR: undefined,
      CI: undefined,
    };
  }

  path(...parts: string[]): string {
    return path.join(this.folder, ...parts);
  }

  read(...parts: string[]): string {
    return readFileSync(this.path(...parts), 'utf8');
  }

  /** Every file below a folder, with its content. */
  files(...parts: string[]): Record<string, string> {
    const base = this.path(...parts);
    const entries = readdirSync(base, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const names = entries.map((entry) => path.relative(base, path.join(entry.parentPath, entry.name)));
    return Object.fromEntries(
      names.sort().map((name) => [name, readFileSync(path.join(base, name), 'utf8')]),
    );
  }

  /** Runs k8slab here. Whatever it says, it must not be a stack trace or a bug. */
  async run(args: readonly string[], options: Partial<RunOptions> = {}): Promise<Ran> {
    const ran = await k8slab(args, { cwd: this.folder, ...options, env: { ...this.env, ...options.env } });
    expect(ran.stdout + ran.stderr).not.toMatch(/\n\s+at .*:\d+|node:internal|This is a bug/);
    return ran;
  }

  /** Runs a command that must end with a status; gives what it printed. */
  async expect(status: number, ...args: string[]): Promise<Ran> {
    const ran = await this.run(args);
    requireStatus(ran, status, args);
    return ran;
  }

  /** Runs a command with --json: its stdout must be exactly one document, which is given. */
  async json(status: number, ...args: string[]): Promise<unknown> {
    const ran = await this.run([...args, '--json']);
    requireStatus(ran, status, args);
    return JSON.parse(ran.stdout);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** A PATH with Node and the few tools that every system has: no Vagrant, no provider, no ssh, no kubectl. */
function bareHost(root: string): string {
  if (process.platform === 'win32') return path.dirname(process.execPath);
  const bin = path.join(root, 'bin');
  mkdirSync(bin);
  symlinkSync(process.execPath, path.join(bin, 'node'));
  for (const tool of ['sh', 'env', 'uname']) {
    const found = execFileSync('sh', ['-c', `command -v ${tool}`], { encoding: 'utf8' }).trim();
    symlinkSync(found, path.join(bin, tool));
  }
  return bin;
}
