import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { Assets } from '../../../src/assets/manifests.js';
import { collectSnapshot, type RunOn, type RunResult } from '../../../src/collect/collect.js';
import { collectorScript } from '../../../src/collect/script.js';
import { verifyLab } from '../../../src/collect/verify.js';
import { snapshotOf } from '../checks/fixtures.js';

const folder = new URL('../../../provision-scripts/collect/', import.meta.url);
const assets: Assets = {
  providers: {},
  boxes: {},
  base: { title: '', description: '', options: {}, sources: [], images: [], steps: [] },
  kubernetes: { title: '', description: '', options: {}, sources: [], images: [], steps: [] },
  runtimes: {},
  cnis: {},
  bootstraps: {},
  loadBalancers: {},
  presets: {},
  texts: Object.fromEntries(
    readdirSync(folder).map((file) => [
      `provision-scripts/collect/${file}`,
      readFileSync(new URL(file, folder), 'utf8'),
    ]),
  ),
};
const options = { assets, tool: 'k8slab test' };
const boundaryOf = (script: string): string => /readonly BOUNDARY='([^']+)'/.exec(script)?.[1] ?? '';
const answer = (stdout: string, exitCode: number | null = 0, stderr = ''): RunResult => ({
  exitCode,
  stdout,
  stderr,
});
const hello = (script: string, name: string): string =>
  `\n${boundaryOf(script)} output hostname 0\n${name}\n${boundaryOf(script)} end\n`;

describe('the collector of a machine', () => {
  const { cluster } = snapshotOf('3cp-2w-2lb');
  const scriptOf = (base: string, name: string): string => {
    const lab = snapshotOf(base).cluster;
    const machine = lab.machines.find((entry) => entry.name === name);
    if (!machine) throw new Error(name);
    return collectorScript(lab, machine, assets, 'b-1');
  };
  const pieces = (script: string): string => /readonly PIECES='([^']+)'/.exec(script)?.[1] ?? '';

  test('holds the pieces that make sense there', () => {
    expect(pieces(scriptOf('3cp-2w-2lb', 'cp1'))).toBe(
      'system condition runtime kubelet api cluster etcd cni-calico',
    );
    // All control planes would say the same of the cluster.
    expect(pieces(scriptOf('3cp-2w-2lb', 'cp2'))).toBe(
      'system condition runtime kubelet api etcd cni-calico',
    );
    expect(pieces(scriptOf('3cp-2w-2lb', 'worker1'))).toBe('system condition runtime kubelet api cni-calico');
    expect(pieces(scriptOf('3cp-2w-2lb', 'lb1'))).toBe('system condition api balancer');
    expect(pieces(scriptOf('cni-2n', 'node1'))).toBe('system condition runtime bridge');
    for (const name of ['lb1', 'worker1']) expect(scriptOf('3cp-2w-2lb', name)).not.toContain('admin.conf');
  });

  test('asks every API server and the endpoint, and pings every other machine', () => {
    const targets = /API_TARGETS='([^']+)'/.exec(scriptOf('3cp-2w-2lb', 'worker1'))?.[1];
    expect(targets?.split('\n')).toEqual([
      '_endpoint https://192.168.56.99:6443/readyz',
      'cp1 https://192.168.56.10:6443/readyz',
      'cp2 https://192.168.56.11:6443/readyz',
      'cp3 https://192.168.56.12:6443/readyz',
    ]);
    expect(scriptOf('cni-2n', 'node1')).toContain("readonly PEERS='node2 10.12.2.1'");
  });

  test('is the same for the same input', () => {
    expect(scriptOf('cni-2n', 'node1')).toBe(scriptOf('cni-2n', 'node1'));
  });

  test('defines every function it calls before main runs, which is last', () => {
    const script = scriptOf('3cp-2w-2lb', 'cp1');
    for (const piece of pieces(script).split(' ')) {
      expect(script).toContain(`\ncollect_${piece.replace('-', '_')}() {`);
    }
    expect(script.trimEnd().split('\n').at(-1)).toBe('main </dev/null');
  });

  test('keeps hostile values in their quotes', () => {
    const [machine] = cluster.machines;
    if (!machine) throw new Error('no machine');
    const hostile = { ...cluster, cni: { name: "calico'; reboot #", options: {} } };
    const script = collectorScript(hostile, machine, assets, 'b');
    expect(script).toContain(String.raw`readonly CNI='calico'\''; reboot #'`);
  });

  test('names the piece that is missing from the package', () => {
    const [machine] = cluster.machines;
    if (!machine) throw new Error('no machine');
    expect(() => collectorScript(cluster, machine, { ...assets, texts: {} }, 'b')).toThrow(
      /provision-scripts\/collect\/lib\.sh/,
    );
  });
});

describe('collecting', () => {
  const { cluster } = snapshotOf('1cp-2w');

  test('asks every machine once, all at the same time', async () => {
    const asked: string[] = [];
    let release: () => void = () => undefined;
    const everyone = new Promise<void>((resolve) => (release = resolve));
    const runOn: RunOn = async (machine, script) => {
      asked.push(machine);
      if (asked.length === cluster.machines.length) release();
      await everyone;
      return answer(hello(script, machine));
    };
    const snapshot = await collectSnapshot(cluster, runOn, options);
    expect(asked).toEqual(['cp1', 'worker1', 'worker2']);
    expect(Object.keys(snapshot.machines)).toEqual(asked);
    expect(snapshot.machines.worker2).toMatchObject({ reachable: true, system: { hostname: 'worker2' } });
    expect(snapshot).not.toHaveProperty('cluster');
  });

  test('makes another boundary every time, long and unguessable', async () => {
    const seen: string[] = [];
    const runOn: RunOn = (_machine, script) => {
      seen.push(boundaryOf(script));
      return Promise.resolve(answer(''));
    };
    await collectSnapshot(cluster, runOn, options);
    await collectSnapshot(cluster, runOn, options);
    expect(new Set(seen).size).toBe(2);
    for (const boundary of seen) expect(boundary).toMatch(/^k8slab-[0-9a-f]{32}$/);
  });

  test('unreachable, failing, refusing and lying machines become facts', async () => {
    const runOn: RunOn = (machine, script) => {
      if (machine === 'cp1') return Promise.reject(new Error('spawn ssh ENOENT'));
      if (machine === 'worker1')
        return Promise.resolve(answer('', 255, 'ssh: connect to host: No route to host\n'));
      return Promise.resolve(
        answer(
          hello("readonly BOUNDARY='guessed'", 'lie') + script.slice(0, 100),
          1,
          'sudo: a password is required',
        ),
      );
    };
    const { machines } = await collectSnapshot(cluster, runOn, options);
    expect(machines.cp1).toMatchObject({ reachable: false, error: 'spawn ssh ENOENT' });
    expect(machines.worker1).toMatchObject({
      reachable: false,
      error: 'ssh: connect to host: No route to host',
    });
    expect(machines.worker2).toMatchObject({ reachable: true, error: 'sudo: a password is required' });
    expect(machines.worker2).not.toHaveProperty('system');
  });

  test('an answer that breaks off keeps what came before', async () => {
    const runOn: RunOn = (machine, script) =>
      Promise.resolve(answer(hello(script, machine).replace(/\n\S+ end\n$/, ''), null));
    const { machines } = await collectSnapshot(cluster, runOn, options);
    expect(machines.cp1).toMatchObject({
      reachable: true,
      error: 'the answer broke off before its end',
      system: { hostname: 'cp1' },
    });
  });

  test('a runner that never comes back is left behind', async () => {
    const never: RunOn = () => new Promise<RunResult>(() => undefined);
    const { machines } = await collectSnapshot(cluster, never, { ...options, timeoutMs: -1950 });
    expect(machines.cp1).toMatchObject({ reachable: false });
    expect(machines.cp1?.error).toMatch(/no answer within/);
  });

  test('stops when aborted, even if the runner does not listen', async () => {
    const controller = new AbortController();
    const never: RunOn = () => new Promise<RunResult>(() => undefined);
    const collecting = collectSnapshot(cluster, never, { ...options, signal: controller.signal });
    controller.abort(new Error('stopped by SIGINT'));
    await expect(collecting).rejects.toThrow('stopped by SIGINT');
  });

  test("takes the cluster's account from the first control plane that gave one", async () => {
    const lab = snapshotOf('3cp-2w-2lb').cluster;
    const runOn: RunOn = (machine, script) => {
      const boundary = boundaryOf(script);
      const objects = `\n${boundary} output cluster-objects 0\n{"items":[]}`;
      const failed = `\n${boundary} output cluster-objects 1\n\n${boundary} errors cluster-objects 1\nconnection refused`;
      return Promise.resolve(answer(`${machine === 'cp1' ? failed : objects}\n${boundary} end\n`));
    };
    const snapshot = await collectSnapshot(lab, runOn, options);
    expect(snapshot.cluster?.askedOn).toBe('cp2');
    expect(snapshot.machines.cp1?.api?.kubectlError).toBe('connection refused');
  });
});

test('verifyLab collects, judges, and gives both', async () => {
  const { cluster } = snapshotOf('cni-2n');
  const { report, snapshot } = await verifyLab(cluster, () => Promise.reject(new Error('down')), options);
  expect(report.sound).toBe(false);
  expect(report.results[0]).toMatchObject({ id: 'reachable', status: 'failed' });
  expect(report.takenAt).toBe(snapshot.takenAt);
});
