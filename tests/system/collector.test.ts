import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { loadAssets } from '../../src/assets/load.js';
import { collectSnapshot, type RunOn } from '../../src/collect/collect.js';
import { parseBalancer } from '../../src/collect/parse/availability.js';
import { splitSections } from '../../src/collect/parse/sections.js';
import { collectorScript } from '../../src/collect/script.js';
import { shorthandText } from '../../src/lab/shorthand.js';
import { balancers, controlPlanes } from '../../src/plan/balancers.js';
import { renderLab } from '../../src/render/renderLab.js';
import { facts, planOf } from '../golden/support/cases.js';
import { snapshotOf } from '../unit/checks/fixtures.js';
import { requirePrograms } from './support/programs.js';

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

  test('asks a real haproxy what it thinks of the API servers', async () => {
    requirePrograms('haproxy');
    const assets = await loadAssets();
    const lab = { name: 'haproxy', text: shorthandText('3cp-2w-2lb'), set: ['provider=lxc'] };
    const cluster = planOf(lab, assets);
    const [balancer] = balancers(cluster);
    if (!balancer) throw new Error('There is nothing that balances.');
    const work = mkdtempSync(path.join(os.tmpdir(), 'k8slab-haproxy-'));
    try {
      const config = renderLab(cluster, facts, assets).get(`provision/${balancer.name}/haproxy.cfg`);
      // The one change: there is no other user than root there.
      const file = path.join(work, 'haproxy.cfg');
      writeFileSync(file, String(config?.content).replace(/^ *(user|group) .*$/gm, ''));
      // Processes, ports and a /run of its own: this computer may balance something itself.
      const alone = [
        '--map-root-user',
        '--pid',
        '--fork',
        '--mount-proc',
        '--kill-child',
        '--net',
        'bash',
        '-ceu',
      ];
      const run =
        'mount -t tmpfs none /run; haproxy -W -db -f "$0" 2>/dev/null & until [ -S "$1" ]; do sleep 0.1; done; bash -s';
      const printed = execFileSync('unshare', [...alone, run, file, '/run/haproxy-statistics.sock'], {
        input: collectorScript(cluster, balancer, assets, 'boundary'),
        encoding: 'utf8',
        timeout: 60_000,
      });
      const { programs, servers } = parseBalancer(splitSections(printed, 'boundary').sections);
      expect(programs).toContainEqual(expect.objectContaining({ name: 'haproxy', running: true }));
      expect(servers?.map(({ name, address }) => ({ name, address }))).toEqual(
        controlPlanes(cluster).map(({ name, address }) => ({ name, address: `${address}:6443` })),
      );
    } finally {
      rmSync(work, { recursive: true });
    }
  }, 60_000);

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
