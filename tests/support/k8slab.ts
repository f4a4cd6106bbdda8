import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';

export interface Ran {
  /** 128 + n when a signal ended it. */
  status: number;
  stdout: string;
  stderr: string;
  seconds: number;
}

export interface RunOptions {
  cwd: string;
  /** Added to the environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  input?: string;
  /** Called with the process as soon as it runs. */
  started?: (child: ChildProcess) => void;
  /** Called with everything printed so far, after each piece. */
  onOutput?: (text: string, child: ChildProcess) => void;
  /** Seconds after which it is killed; 60 when left out. */
  timeout?: number;
}

const signals: Partial<Record<NodeJS.Signals, number>> = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };

/** Where the packed package is installed. */
export function installed(...parts: string[]): string {
  const folder = process.env.K8SLAB_TEST_INSTALLED;
  if (folder === undefined)
    throw new Error('K8SLAB_TEST_INSTALLED is not set: see tests/support/installPackage.js');
  return path.join(folder, ...parts);
}

/** The program as npm installed it. */
export const program = (): string =>
  installed('node_modules', '.bin', process.platform === 'win32' ? 'k8slab.cmd' : 'k8slab');

/** Runs a program to its end, with nothing on standard input. */
export async function runProgram(name: string, args: readonly string[], options: RunOptions): Promise<Ran> {
  const started = Date.now();
  const env = Object.fromEntries(
    Object.entries({ ...process.env, ...options.env }).filter(([, value]) => value !== undefined),
  );
  const child = spawn(name, args, { cwd: options.cwd, env, stdio: 'pipe' });
  options.started?.(child);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    options.onOutput?.(stdout + stderr, child);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
    options.onOutput?.(stdout + stderr, child);
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), (options.timeout ?? 60) * 1000);
  const status = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve(code ?? 128 + (signals[signal ?? 'SIGTERM'] ?? 15));
    });
  });
  clearTimeout(timer);
  return { status, stdout, stderr, seconds: (Date.now() - started) / 1000 };
}

/** Runs the installed k8slab to its end. */
export async function k8slab(args: readonly string[], options: RunOptions): Promise<Ran> {
  return runProgram(program(), args, options);
}

/** Throws, with everything that was printed, unless a program ended with this exit status. */
export function requireStatus(ran: Ran, status: number, what: readonly string[]): void {
  if (ran.status === status) return;
  const said = [`stdout:`, ran.stdout, `stderr:`, ran.stderr].join('\n');
  throw new Error(`${what.join(' ')}: exit status ${ran.status}, expected ${status}\n${said}`);
}
