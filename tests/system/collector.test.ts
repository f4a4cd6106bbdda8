import { execFileSync, spawn } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../src/assets/load.js';
import { collectSnapshot, type RunOn } from '../../src/collect/collect.js';
import { snapshotOf } from '../unit/checks/fixtures.js';

const folder = new URL('../../provision-scripts/collect/', import.meta.url);
const pieces = readdirSync(folder).map((file) => fileURLToPath(new URL(file, folder)));

/** The collector on this computer, in the place of every machine. */
const runHere: RunOn = (_machine, script, { signal, timeoutMs }) =>
  new Promise((resolve, reject) => {
    const bash = spawn('bash', ['-s'], { signal, timeout: timeoutMs });
    let stdout = '';
    let stderr = '';
    bash.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    bash.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    bash.on('error', reject).on('close', (exitCode) => {
      resolve({ exitCode, stdout, stderr });
    });
    bash.stdin.end(script);
  });

describe('the collector', () => {
  test('passes shellcheck and shfmt, piece by piece', () => {
    execFileSync('shellcheck', pieces, { stdio: 'pipe' });
    execFileSync('shfmt', ['-d', '-i', '2', '-ci', ...pieces], { stdio: 'pipe' });
  });

  test.each(['1cp-2w', 'cni-2n'])(
    'runs on any Linux, whatever is missing there, and says so: %s',
    async (base) => {
      const { cluster } = snapshotOf(base);
      const snapshot = await collectSnapshot(cluster, runHere, { assets: await loadAssets(), tool: 'test' });
      for (const machine of Object.values(snapshot.machines)) {
        expect(machine).toMatchObject({ reachable: true });
        expect(machine).not.toHaveProperty('error');
        expect(machine.system?.kernel).toBe(readFileSync('/proc/sys/kernel/osrelease', 'utf8').trim());
        expect(machine.system?.interfaces?.map((link) => link.name)).toContain('lo');
        expect(Object.keys(machine.system?.sysctls ?? {})).toContain('net.ipv4.ip_forward');
      }
    },
    60_000,
  );

  test('a script that arrives only in part does nothing', async () => {
    const { cluster } = snapshotOf('cni-2n');
    const half: RunOn = (machine, script, options) => runHere(machine, script.slice(0, -20), options);
    const snapshot = await collectSnapshot(cluster, half, { assets: await loadAssets(), tool: 'test' });
    for (const machine of Object.values(snapshot.machines)) expect(machine.system).toBeUndefined();
  });

  test('secrets in logs are hidden', () => {
    const log = [
      'join with token abcdef.0123456789abcdef failed',
      'Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln',
      'password=hunter2 user=x',
      '-----BEGIN RSA PRIVATE KEY-----MIIE',
      'pulling registry.k8s.io/kube-proxy:v1.37.1',
    ].join('\n');
    const library = readFileSync(new URL('lib.sh', folder), 'utf8');
    const shown = execFileSync('bash', ['-c', `${library}\nhide_secrets`], { input: log, encoding: 'utf8' });
    for (const secret of ['0123456789abcdef', 'eyJ', 'hunter2', 'MIIE']) expect(shown).not.toContain(secret);
    expect(shown).toContain('registry.k8s.io/kube-proxy:v1.37.1');
    expect(shown).toContain('user=x');
  });
});
