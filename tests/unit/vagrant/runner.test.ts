import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { run } from '../../../src/vagrant/runner.js';

const folder = mkdtempSync(join(tmpdir(), 'k8slab-runner-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const node = (script: string, options: Parameters<typeof run>[2] = {}) =>
  run(process.execPath, ['-e', script], options);
const patience = { interrupt: 500, terminate: 500 };

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

describe('run', () => {
  test('gives exit status and output, and treats failure as a result', async () => {
    const result = await node('console.log("out"); console.error("err"); process.exitCode = 7');
    expect(result).toMatchObject({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' });
  });

  test('hands arguments over untouched: there is no shell', async () => {
    const nasty = ['$(id)', '"; reboot #', "it's", '`x`', '*', 'a b'];
    const result = await run(process.execPath, [
      '-e',
      'console.log(JSON.stringify(process.argv.slice(1)))',
      ...nasty,
    ]);
    expect(JSON.parse(result.stdout)).toEqual(nasty);
  });

  test('standard input is what it was given, and empty otherwise', async () => {
    const echo = 'process.stdin.pipe(process.stdout)';
    expect((await node(echo, { input: 'hello' })).stdout).toBe('hello');
    expect((await node(echo)).stdout).toBe('');
  });

  test('a program that does not read its input is no error', async () => {
    const result = await node('process.exit(3)', { input: Buffer.alloc(4 * 1024 * 1024) });
    expect(result.exitCode).toBe(3);
  });

  test('lines come as they are printed, long ones cut, invalid UTF-8 replaced, the last one without an end too', async () => {
    const lines: string[] = [];
    await node(
      'process.stdout.write(Buffer.concat([Buffer.from("one\\ntwo\\r\\n\\u001b[31mred\\u001b[0m\\n"), Buffer.from([0xff, 0x41, 0x0a]), Buffer.from("x".repeat(5_000_000)), Buffer.from("\\nlast")]))',
      { onLine: (line) => lines.push(line) },
    );
    expect(lines.slice(0, 4)).toEqual(['one', 'two', 'red', '\uFFFDA']);
    expect(lines[4]).toHaveLength(2001);
    expect(lines[4]?.endsWith('…')).toBe(true);
    expect(lines[5]).toBe('last');
  });

  test('everything is appended to the log, with start and end', async () => {
    const logFile = join(folder, 'logs', 'm.log');
    await node('process.stdout.write("no line end")', { logFile, title: 'first run' });
    await node('process.exitCode = 4', { logFile, title: 'second run' });
    const log = readFileSync(logFile, 'utf8');
    expect(log).toMatch(
      /^=== \d{4}-\d\d-\d\dT\S+ first run\nno line end\n--- \S+ exit status 0 after [\d.]+ s\n=== \S+ second run\n--- \S+ exit status 4/,
    );
  });

  test('a missing program has an error of its own, and so has a missing folder', async () => {
    await expect(run('k8slab-no-such-program', [])).rejects.toMatchObject({
      code: 'VAGRANT_PROGRAM_MISSING',
      exitCode: 3,
    });
    await expect(node('', { cwd: join(folder, 'gone') })).rejects.toMatchObject({
      code: 'VAGRANT_LAB_FOLDER_MISSING',
    });
  });

  test('a timeout stops a program, also one that ignores polite signals', async () => {
    let pid = 0;
    // A shell: it ignores signals long before the second is over, on a busy host too.
    const stubborn =
      'exec 2>/dev/null; trap "echo SIGINT" INT; trap "echo SIGTERM" TERM; echo "pid $$"; while :; do sleep 1; done';
    const seen: string[] = [];
    const onLine = (line: string): void => {
      seen.push(line);
      if (line.startsWith('pid ')) pid = Number(line.slice(4));
    };
    await expect(run('sh', ['-c', stubborn], { timeout: 1, patience, onLine })).rejects.toMatchObject({
      code: 'VAGRANT_TIMEOUT',
    });
    expect(seen.slice(1)).toEqual(['SIGINT', 'SIGTERM']);
    expect(pid).toBeGreaterThan(0);
    expect(alive(pid)).toBe(false);
  });

  test('silence stops a program, and a word now and then, without a line end too, is none', async () => {
    const talks = 'for i in 1 2 3 4 5 6; do printf x; sleep 0.4; done';
    await expect(run('sh', ['-c', talks], { silence: 3, patience })).resolves.toMatchObject({
      exitCode: 0,
      stdout: 'xxxxxx',
    });
    const logFile = join(folder, 'logs', 'silent.log');
    const pids: string[] = [];
    const silent = run('sh', ['-c', 'echo $$; sleep 1000'], {
      silence: 1,
      patience,
      logFile,
      onLine: (line) => pids.push(line),
    });
    await expect(silent).rejects.toMatchObject({
      code: 'VAGRANT_SILENT',
      exitCode: 3,
      message: expect.stringContaining('printed nothing for 1 s') as unknown,
    });
    expect(pids).toHaveLength(1);
    expect(alive(Number(pids[0]))).toBe(false);
    expect(readFileSync(logFile, 'utf8')).toMatch(/^--- \S+ silent after/m);
  });

  test('cancelling sends SIGINT once, and a program that tidies up ends by itself', async () => {
    const controller = new AbortController();
    const seen: string[] = [];
    const tidy =
      'process.on("SIGINT", () => { console.log("tidy"); setTimeout(() => process.exit(0), 200) }); console.log("ready"); setInterval(() => {}, 1000)';
    const onLine = (line: string): void => {
      seen.push(line);
      if (line === 'ready') controller.abort();
    };
    await expect(
      node(tidy, { signal: controller.signal, patience: { interrupt: 5000, terminate: 100 }, onLine }),
    ).rejects.toMatchObject({
      code: 'VAGRANT_INTERRUPTED',
    });
    expect(seen).toEqual(['ready', 'tidy']);
  });

  test('cancelling ends the children of a program too', async () => {
    const controller = new AbortController();
    const pids: number[] = [];
    const parent = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'for (const s of ["SIGINT","SIGTERM"]) process.on(s, () => {}); console.log("up"); setInterval(() => {}, 1000)'], { stdio: ['ignore', 'inherit', 'inherit'] });
      console.log(child.pid + ' ' + process.pid); setInterval(() => {}, 1000)`;
    const onLine = (line: string): void => {
      if (line === 'up') controller.abort();
      else pids.push(...line.split(' ').map(Number));
    };
    await expect(node(parent, { signal: controller.signal, patience, onLine })).rejects.toMatchObject({
      code: 'VAGRANT_INTERRUPTED',
    });
    expect(pids).toHaveLength(2);
    expect(pids.filter(alive)).toEqual([]);
  });

  test('nothing is started when the work is cancelled already', async () => {
    await expect(node('', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'VAGRANT_INTERRUPTED',
    });
  });

  test('a daemon that keeps the output open does not keep us waiting', async () => {
    const daemon = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 600000)'], { stdio: 'inherit', detached: true });
      console.log(child.pid); child.unref(); process.exit(0)`;
    const result = await node(daemon);
    expect(result.exitCode).toBe(0);
    const daemonPid = Number(result.stdout);
    expect(alive(daemonPid)).toBe(true);
    process.kill(daemonPid, 'SIGKILL');
  });

  test('a program ended by a signal has the status a shell would show', async () => {
    expect((await node('process.kill(process.pid, "SIGKILL")')).exitCode).toBe(137);
  });
});
