import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { DeliveredFile } from '../../../src/vagrant/delivery.js';
import { provisionCommand } from '../../../src/vagrant/provisionCommand.js';
import { tarball } from '../../../src/vagrant/tarball.js';

const hash = 'c'.repeat(64);
let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'k8slab-machine-'));
  mkdirSync(join(root, 'bin'));
  mkdirSync(join(root, 'run'));
  writeFileSync(
    join(root, 'bin', 'sudo'),
    '#!/bin/sh\n# Imitation of sudo: no rights are changed.\nshift\nexec "$@"\n',
  );
  chmodSync(join(root, 'bin', 'sudo'), 0o755);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

/** Starts the real command on this host, with the machine's places moved into a temporary folder. */
function start(script: string, extra: DeliveredFile[] = []) {
  const tar = tarball([{ path: 'provision.sh', mode: 0o755, content: Buffer.from(script) }, ...extra]);
  const command = provisionCommand(tar.length, hash)
    .replaceAll('/tmp/k8slab', join(root, 'k8slab'))
    .replaceAll('/run/', `${root}/run/`)
    .replaceAll('/var/lib/k8slab', join(root, 'state'))
    .replaceAll('flock -w 20', 'flock -w 0')
    .replaceAll('tar -x', 'tar --no-same-owner -x');
  const env = {
    ...process.env,
    ROOT: root,
    PATH: `${join(root, 'bin')}${delimiter}${process.env.PATH ?? ''}`,
  };
  const child = spawn('sh', ['-c', command], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.write(tar);
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, ended, output: () => output };
}

async function until(condition: () => boolean): Promise<void> {
  for (let attempt = 0; attempt < 500 && !condition(); attempt++) await sleep(10);
  expect(condition()).toBe(true);
}

const marker = (): string | undefined => {
  const file = join(root, 'state', 'provisioned');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
};

// The command runs on the machines, which are Linux; elsewhere its tools are not there.
(process.platform === 'linux' ? describe : describe.skip)('the command that sets a machine up', () => {
  test('delivers everything with its modes, runs the script, remembers the hash, removes the secrets', async () => {
    const { ended, output } = start(
      'echo "==> step 1/1 Look"; cat "$ROOT/k8slab/files/a b.conf"; stat -c %a "$ROOT/k8slab/secrets/node/token"; cat "$ROOT/k8slab/secrets/node/token"\n',
      [
        { path: 'files/a b.conf', mode: 0o644, content: Buffer.from('x\n'.repeat(100_000)) },
        { path: `files/${'long/'.repeat(40)}name`, mode: 0o644, content: Buffer.alloc(0) },
        { path: 'secrets/node/token', mode: 0o600, content: Buffer.from('geheim') },
      ],
    );
    expect(await ended).toBe(0);
    expect(output().startsWith('==> step 1/1 Look\nx\n')).toBe(true);
    expect(output().endsWith('\n600\ngeheim')).toBe(true);
    expect(
      existsSync(join(root, 'k8slab', 'files', ...Array.from({ length: 40 }, () => 'long'), 'name')),
    ).toBe(true);
    expect(existsSync(join(root, 'k8slab', 'secrets'))).toBe(false);
    expect(statSync(join(root, 'k8slab')).mode & 0o777).toBe(0o700);
    expect(marker()).toBe(hash);
  });

  test('a failing script gives its status, and the machine no longer counts as set up', async () => {
    mkdirSync(join(root, 'state'));
    writeFileSync(join(root, 'state', 'provisioned'), 'd'.repeat(64));
    const { ended } = start('exit 42\n', [
      { path: 'secrets/node/token', mode: 0o600, content: Buffer.from('geheim') },
    ]);
    expect(await ended).toBe(42);
    expect(marker()).toBeUndefined();
    expect(existsSync(join(root, 'k8slab', 'secrets'))).toBe(false);
  });

  test('when the connection ends, the script and what it started end too', async () => {
    const { child, ended } = start('sleep 300 &\necho "$$ $!" >"$ROOT/pids"\nsleep 300\n');
    await until(
      () => existsSync(join(root, 'pids')) && readFileSync(join(root, 'pids'), 'utf8').endsWith('\n'),
    );
    child.stdin.end();
    expect(await ended).not.toBe(0);
    const pids = readFileSync(join(root, 'pids'), 'utf8').trim().split(' ');
    await until(() =>
      pids.every(
        (pid) =>
          !existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')),
      ),
    );
    expect(marker()).toBeUndefined();
  });

  test('a second one at the same time is refused and does not disturb the first', async () => {
    const first = start(
      'touch "$ROOT/started"\nwhile [ ! -e "$ROOT/go" ]; do sleep 0.05; done\necho finished\n',
    );
    await until(() => existsSync(join(root, 'started')));
    const second = start('echo never\n');
    expect(await second.ended).toBe(75);
    expect(second.output()).toContain('another provisioner');
    writeFileSync(join(root, 'go'), '');
    expect(await first.ended).toBe(0);
    expect(first.output()).toBe('finished\n');
  });
});
