import { statSync } from 'node:fs';
import { execa } from 'execa';
import { K8slabError } from '../errors/error.js';
import { startClock, type Limits } from './clock.js';
import { splitLines } from './lines.js';
import { openRunLog } from './machineLog.js';
import {
  defaultPatience,
  ownGroup,
  stopGroup,
  trackGroup,
  untrackGroup,
  type Patience,
} from './processGroup.js';
import { Tail } from './tail.js';

export interface RunOptions extends Limits {
  cwd?: string;
  /** Added to our own environment; `undefined` removes a variable. */
  env?: Record<string, string | undefined>;
  /** Written to standard input; without it the program finds it empty, so no prompt can hang. */
  input?: string | Uint8Array;
  /** Leaves standard input open after `input`, until the program ends, or this settles: the far side sees us go away. */
  keepInputOpen?: boolean | Promise<void>;
  /** Everything printed is appended here. */
  logFile?: string;
  /** How log and messages call this run; default: program and arguments. */
  title?: string;
  onLine?: (line: string, stream: 'stdout' | 'stderr') => void;
  /** Cancels: the program is stopped (see `stopGroup`) and VAGRANT_INTERRUPTED thrown. */
  signal?: AbortSignal;
  patience?: Patience;
}

export interface RunResult {
  /** 128 + n when a signal ended it, as a shell says it. */
  exitCode: number;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** Output kept in memory, in bytes, a stream; the oldest goes first. The log has all of it. */
const keptOutput = 16 * 1024 * 1024;
/** How long a program's open output may outlast it (a daemon holding on to it), in milliseconds. */
const drainTime = 2_000;

const signalNumbers: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGKILL: 9,
  SIGTERM: 15,
};

/**
 * Runs a program without a shell and waits for its end. A failing exit status is a result, not an error.
 * Throws VAGRANT_PROGRAM_MISSING, VAGRANT_TIMEOUT, VAGRANT_SILENT, VAGRANT_INTERRUPTED; in the last three cases
 * nothing of the program is left running.
 */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  const title = options.title ?? [program, ...args].join(' ');
  if (isAborted(options.signal)) throw interrupted(title);
  if (options.cwd !== undefined && statSync(options.cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new K8slabError('VAGRANT_LAB_FOLDER_MISSING', `The folder ${options.cwd} does not exist.`);
  }
  const started = Date.now();
  const child = execa(program, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    encoding: 'buffer',
    buffer: false,
    reject: false,
    detached: ownGroup,
    cleanup: false,
    windowsHide: true,
  });
  const { pid } = child;
  if (pid === undefined) throw missing(program, title, await child);
  trackGroup(pid);

  const log = options.logFile === undefined ? undefined : openRunLog(options.logFile, title);
  const keep = { stdout: new Tail(keptOutput), stderr: new Tail(keptOutput) };
  const stop = once(() => stopGroup(pid, options.patience ?? defaultPatience));
  let lastWords = '';
  const clock = startClock(options, () => {
    // What a program says to being stopped is not what it hung on.
    lastWords = keep.stderr.text() === '' ? keep.stdout.text() : keep.stderr.text();
    void stop();
  });
  const closed: Promise<void>[] = [];
  for (const stream of ['stdout', 'stderr'] as const) {
    const lines = splitLines((line) => options.onLine?.(line, stream));
    child[stream].on('data', (chunk: Buffer) => {
      clock.heard();
      log?.write(chunk);
      keep[stream].push(chunk);
      lines.write(chunk);
    });
    closed.push(
      new Promise((resolve) => {
        child[stream].once('close', () => {
          lines.end();
          resolve();
        });
      }),
    );
  }
  feed(child.stdin, options);

  const onAbort = (): void => void stop();
  options.signal?.addEventListener('abort', onAbort, { once: true });

  let drain: NodeJS.Timeout | undefined;
  child.once('exit', () => {
    drain = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, drainTime);
    child.stdin?.destroy();
  });
  const ended = await child;
  await Promise.all(closed);
  clearTimeout(drain);
  clock.end();
  options.signal?.removeEventListener('abort', onAbort);
  const aborted = isAborted(options.signal);
  const expired = clock.expired();
  if (aborted || expired !== undefined) await stop();
  untrackGroup(pid);

  const seconds = (Date.now() - started) / 1000;
  const exitCode =
    child.exitCode ?? 128 + (signalNumbers[child.signalCode ?? ended.signal ?? 'SIGTERM'] ?? 15);
  log?.end(
    `${aborted ? 'interrupted' : (expired ?? `exit status ${exitCode}`)} after ${seconds.toFixed(1)} s`,
  );
  if (aborted) throw interrupted(title, keep.stderr.text());
  if (expired !== undefined) {
    throw expired === 'timed out'
      ? new K8slabError(
          'VAGRANT_TIMEOUT',
          `\`${title}\` did not end within ${options.timeout ?? 0} s and was stopped.`,
          { raw: lastWords },
        )
      : new K8slabError(
          'VAGRANT_SILENT',
          `\`${title}\` printed nothing for ${options.silence ?? 0} s and was stopped.`,
          { raw: lastWords },
        );
  }
  return { exitCode, stdout: keep.stdout.text(), stderr: keep.stderr.text(), seconds };
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted ?? false;
}

function feed(stdin: NodeJS.WritableStream | null, options: RunOptions): void {
  if (stdin === null || options.input === undefined) return;
  // A program that ends without reading everything closes the pipe; its exit status says why.
  stdin.on('error', () => undefined);
  const { keepInputOpen = false } = options;
  if (keepInputOpen === false) {
    stdin.end(options.input);
    return;
  }
  stdin.write(options.input);
  if (keepInputOpen !== true) void keepInputOpen.finally(() => stdin.end());
}

/**
 * Runs a program on our own terminal: it reads the keyboard, gets Ctrl-C from the terminal itself, and its
 * exit status is given back. Throws VAGRANT_PROGRAM_MISSING.
 */
export async function runInteractive(
  program: string,
  args: readonly string[],
  options: Pick<RunOptions, 'cwd' | 'env'> = {},
): Promise<number> {
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const child = execa(program, args, { ...options, stdio: 'inherit', reject: false });
    const ended = await child;
    if (child.pid === undefined) throw missing(program, program, ended);
    return ended.exitCode ?? 128 + (signalNumbers[ended.signal ?? 'SIGTERM'] ?? 15);
  } finally {
    process.off('SIGINT', ignore);
  }
}

function missing(
  program: string,
  title: string,
  ended: { code?: string | undefined; cause?: unknown },
): K8slabError {
  if (ended.code === 'ENOENT') {
    return new K8slabError(
      'VAGRANT_PROGRAM_MISSING',
      `The program \`${program}\` was not found on the PATH.`,
      {
        cause: ended.cause,
      },
    );
  }
  return new K8slabError(
    'VAGRANT_PROGRAM_FAILED',
    `\`${title}\` could not be started (${ended.code ?? 'unknown reason'}).`,
    {
      cause: ended.cause,
    },
  );
}

function interrupted(title: string, raw?: string): K8slabError {
  return new K8slabError(
    'VAGRANT_INTERRUPTED',
    `\`${title}\` was interrupted.`,
    raw === undefined || raw === '' ? {} : { raw },
  );
}

function once(action: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => (result ??= action());
}
