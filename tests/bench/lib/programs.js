import { spawn } from 'node:child_process';
import { performance } from 'node:perf_hooks';

const running = new Set();
let stopped = false;

/** Ctrl-C ends what runs; the callers then tidy up and the bench ends. */
export function stopOnSignals() {
  for (const signal of ['SIGINT', 'SIGTERM']) {
    process.on(signal, () => {
      stopped = true;
      for (const child of running) child.kill('SIGINT');
    });
  }
}

/** Ctrl-C was pressed. */
export class Stopped extends Error {}

/** Throws Stopped when Ctrl-C was pressed. */
export function throwIfStopped() {
  if (stopped) throw new Stopped('stopped');
}

/**
 * Runs a program to its end. Gives its exit status, output, wall time in seconds and every line of its output with the
 * second at which it came. Rejects when it fails, with the end of what it said; `always` runs it after Ctrl-C too.
 */
export async function timed(program, args, { cwd, env = {}, always = false } = {}) {
  if (!always) throwIfStopped();
  const started = performance.now();
  const now = () => (performance.now() - started) / 1000;
  const child = spawn(program, args, { cwd, env: merged(env), stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const lines = [];
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    let rest = '';
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
      const parts = `${rest}${text}`.split('\n');
      rest = parts.pop();
      for (const part of parts) lines.push({ at: now(), text: part });
    });
  }
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 128));
  }).finally(() => running.delete(child));
  const seconds = now();
  if (!always) throwIfStopped();
  if (status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${output.slice(-3000)}`);
  }
  return { seconds, output, lines };
}

/** Our environment with changes; `undefined` removes a variable. */
function merged(changes) {
  return Object.fromEntries(
    Object.entries({ ...process.env, ...changes }).filter(([, value]) => value !== undefined),
  );
}
