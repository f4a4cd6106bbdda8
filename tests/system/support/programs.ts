import { spawn, spawnSync } from 'node:child_process';

/** How to get a program that system tests call, on Debian unless said otherwise. */
const howToGet: Record<string, string> = {
  bash: 'apt-get install bash',
  haproxy: 'apt-get install haproxy',
  keepalived: 'apt-get install keepalived',
  kubectl: 'https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/',
  ruby: 'apt-get install ruby ruby-whitequark-parser',
  shellcheck: 'apt-get install shellcheck',
  shfmt: 'apt-get install shfmt',
  'systemd-analyze': 'apt-get install systemd',
  vagrant: 'apt-get install vagrant',
  xmllint: 'apt-get install libxml2-utils',
};

/** Throws, naming each missing program and how to get it. A test that needs one must not pass without it. */
export function requirePrograms(...names: string[]): void {
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const missing = names.filter(
    (name) =>
      spawnSync('sh', ['-c', `command -v ${name}`], { env: { ...process.env, PATH: path } }).status !== 0,
  );
  if (missing.length === 0) return;
  const lines = missing.map((name) => `  ${name}: ${howToGet[name] ?? `apt-get install ${name}`}`);
  throw new Error(`Missing programs, and how to get them:\n${lines.join('\n')}`);
}

export interface Said {
  status: number | null;
  /** stdout and stderr as they came. */
  text: string;
  stdout: string;
}

/** Runs a program to its end. */
export async function say(
  program: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; input?: string } = {},
): Promise<Said> {
  const { input, ...rest } = options;
  const path = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
  const child = spawn(program, args, { ...rest, env: { ...process.env, ...options.env, PATH: path } });
  const chunks: Buffer[] = [];
  const out: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    out.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input ?? '');
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { status, text: Buffer.concat(chunks).toString(), stdout: Buffer.concat(out).toString() };
}

/** Does something with each item, a few at a time; gives the results in order. */
export async function few<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      if (item !== undefined) results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
}
