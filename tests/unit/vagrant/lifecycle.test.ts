import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { K8slabError } from '../../../src/errors/error.js';
import { ensureBuiltBox } from '../../../src/box/builtBox.js';
import { readDelivery } from '../../../src/vagrant/delivery.js';
import { destroy } from '../../../src/vagrant/destroy.js';
import { halt } from '../../../src/vagrant/halt.js';
import { plainReporter } from '../../../src/vagrant/progressPlain.js';
import { Ssh } from '../../../src/vagrant/ssh.js';
import { fileStateStore } from '../../../src/vagrant/state.js';
import { status } from '../../../src/vagrant/status.js';
import { up } from '../../../src/vagrant/up.js';
import { FakeLab, makeCluster, memoryStore } from './fakes.js';

let labs: FakeLab[] = [];
function fake(): FakeLab {
  const lab = new FakeLab(
    makeCluster([
      ['cp1', 'control-plane'],
      ['worker1', 'worker'],
    ]),
  );
  labs.push(lab);
  return lab;
}
afterEach(() => {
  for (const lab of labs) lab.remove();
  labs = [];
});

const { signal } = new AbortController();
async function running(): Promise<{ lab: FakeLab; store: ReturnType<typeof memoryStore> }> {
  const lab = fake();
  const store = memoryStore();
  await up({ lab: lab.lab, bootAtOnce: 1, store, report: lab.report, signal });
  lab.forget();
  return { lab, store };
}

describe('status', () => {
  test('asks running machines by ssh alone', async () => {
    const { lab } = await running();
    expect(await status(lab.lab)).toEqual([
      {
        name: 'cp1',
        role: 'control-plane',
        address: '192.168.57.10',
        state: 'running',
        reachable: true,
        provisioned: 'yes',
      },
      {
        name: 'worker1',
        role: 'worker',
        address: '192.168.57.11',
        state: 'running',
        reachable: true,
        provisioned: 'yes',
      },
    ]);
    expect(lab.calls.filter((call) => call.includes('vagrant'))).toEqual([]);
  });

  test('asks Vagrant once about those that do not answer; tells changed from set up', async () => {
    const { lab } = await running();
    rmSync(join(lab.dir, 'running', 'worker1'));
    writeFileSync(join(lab.folder, 'provision', 'cp1.sh'), 'echo other\n');
    expect(await status(lab.lab)).toMatchObject([
      { name: 'cp1', state: 'running', provisioned: 'outdated' },
      {
        name: 'worker1',
        state: 'stopped',
        providerState: 'poweroff',
        reachable: false,
        provisioned: 'unknown',
      },
    ]);
    expect(lab.calls.filter((call) => call.startsWith('start vagrant'))).toEqual([
      'start vagrant status worker1',
    ]);
  });

  test('a lab that was never up needs no program at all', async () => {
    const lab = fake();
    expect(await status(lab.lab)).toMatchObject([
      { state: 'not created' },
      { state: 'not created', provisioned: 'no' },
    ]);
    expect(lab.calls).toEqual([]);
  });
});

describe('halt and destroy', () => {
  test('halt stops the last machine of the plan first, and leaves what was never made alone', async () => {
    const { lab } = await running();
    await halt({ lab: lab.lab, bootAtOnce: 1, report: lab.report, signal });
    expect(lab.calls.filter((call) => call.startsWith('start'))).toEqual([
      'start vagrant halt worker1',
      'start vagrant halt cp1',
    ]);
    const never = fake();
    await halt({ lab: never.lab, bootAtOnce: 1, report: never.report, signal });
    expect(never.calls).toEqual([]);
  });

  test('destroy forgets the machines, runs the provider’s clean-up, and works twice', async () => {
    const { lab, store } = await running();
    const script = join(lab.folder, 'virtualbox', 'network-down.sh');
    mkdirSync(join(lab.folder, 'virtualbox'));
    writeFileSync(script, 'touch "cleaned up"\n');
    const options = { lab: lab.lab, bootAtOnce: 1, report: lab.report, signal, store };
    await destroy(options);
    expect(store.records).toEqual({});
    expect(lab.exists('cleaned up')).toBe(true);
    expect(lab.text('.k8slab', 'ssh-config')).not.toContain('Host ');
    lab.forget();
    await destroy(options);
    expect(lab.calls).toEqual([]);
  });

  test('destroy of some machines leaves the network and the others', async () => {
    const { lab, store } = await running();
    mkdirSync(join(lab.folder, 'virtualbox'));
    writeFileSync(join(lab.folder, 'virtualbox', 'network-down.sh'), 'touch "cleaned up"\n');
    await destroy({ lab: lab.lab, nodes: ['worker1'], bootAtOnce: 1, report: lab.report, signal, store });
    expect(Object.keys(store.records)).toEqual(['cp1']);
    expect(lab.exists('cleaned up')).toBe(false);
    expect(lab.text('.k8slab', 'ssh-config')).toContain('Host cp1');
  });

  test('destroy of a worker takes its node out of the cluster, when a control plane answers', async () => {
    const { lab, store } = await running();
    const kubernetes = { ...lab.lab.cluster, kubernetes: {} } as typeof lab.lab.cluster;
    const options = { nodes: ['worker1'], bootAtOnce: 1, report: lab.report, signal, store };
    await destroy({ ...options, lab: { ...lab.lab, cluster: kubernetes } });
    expect(lab.calls.filter((call) => call.startsWith('start ssh'))).toEqual(['start ssh cp1']);
    rmSync(join(lab.dir, 'running', 'cp1'));
    await destroy({ ...options, lab: { ...lab.lab, cluster: kubernetes } });
    expect(lab.calls.filter((call) => call.startsWith('start ssh'))).toEqual(['start ssh cp1']);
  });

  test('one machine that cannot be destroyed does not keep the others', async () => {
    const { lab, store } = await running();
    lab.behave({
      'vagrant destroy worker1': {
        stderr: 'Your VM has become "inaccessible." Unfortunately, this is a critical error\n',
        exit: 1,
      },
    });
    await expect(
      destroy({ lab: lab.lab, bootAtOnce: 2, report: lab.report, signal, store }),
    ).rejects.toMatchObject({ code: 'VAGRANT_INACCESSIBLE' });
    expect(Object.keys(store.records)).toEqual(['worker1']);
  });
});

describe('ssh', () => {
  test('the configuration is private, asked for once, and a command’s own failure is a result', async () => {
    const { lab } = await running();
    const ssh = new Ssh(lab.lab);
    lab.behave({ 'ssh cp1': { stdout: 'out', stderr: 'Connection refused', exit: 255 } });
    expect(await ssh.run('cp1', ['false'])).toMatchObject({ exitCode: 255, stdout: 'out' });
    expect(lab.calls.filter((call) => call.includes('ssh-config'))).toEqual([]);
    expect(statSync(ssh.config.file).mode & 0o777).toBe(0o600);
  });

  test('a halted machine is said to be halted', async () => {
    const { lab } = await running();
    rmSync(join(lab.dir, 'running', 'cp1'));
    await expect(new Ssh(lab.lab).run('cp1', 'true')).rejects.toMatchObject({ code: 'VAGRANT_NOT_RUNNING' });
  });

  test('another machine on the old port is not taken for ours', async () => {
    const { lab } = await running();
    lab.setAddress('cp1', '192.168.99.10');
    expect(await new Ssh(lab.lab).probe('cp1', { cachedOnly: true })).toBeUndefined();
  });
});

describe('what is delivered', () => {
  test('scripts get LF line ends, secrets of a machine’s groups only, and every byte counts in the hash', async () => {
    const lab = fake();
    const [cp1] = lab.lab.cluster.machines;
    if (cp1 === undefined) throw new Error('no machine');
    const receiver = { ...cp1, secretGroups: ['node' as const] };
    for (const group of ['node', 'control-plane']) {
      mkdirSync(join(lab.folder, '.k8slab', 'secrets', group, 'pki'), { recursive: true });
      writeFileSync(join(lab.folder, '.k8slab', 'secrets', group, 'pki', 'key'), group);
    }
    mkdirSync(join(lab.folder, 'provision', 'cp1'));
    writeFileSync(join(lab.folder, 'provision', 'cp1', 'kubeadm.yaml'), 'a: 1\r\n');
    writeFileSync(join(lab.folder, 'provision', 'cp1.sh'), 'one\r\ntwo\r\n');
    const first = await readDelivery(lab.lab, receiver);
    expect(first.files.map(({ path, mode, content }) => [path, mode, content.toString()])).toEqual([
      ['files/kubeadm.yaml', 0o644, 'a: 1\r\n'],
      ['provision.sh', 0o755, 'one\ntwo\n'],
      ['secrets/node/pki/key', 0o600, 'node'],
    ]);
    writeFileSync(join(lab.folder, '.k8slab', 'secrets', 'node', 'pki', 'key'), 'nodf');
    expect((await readDelivery(lab.lab, receiver)).hash).not.toBe(first.hash);
    expect((await readDelivery(lab.lab, { ...receiver, secretGroups: [] })).hash).not.toBe(first.hash);
  });

  test('a link out of the lab is refused', async () => {
    const lab = fake();
    const [cp1] = lab.lab.cluster.machines;
    if (cp1 === undefined) throw new Error('no machine');
    mkdirSync(join(lab.folder, 'provision', 'cp1'));
    symlinkSync('/etc/passwd', join(lab.folder, 'provision', 'cp1', 'passwd'));
    await expect(readDelivery(lab.lab, cp1)).rejects.toMatchObject({ code: 'VAGRANT_DELIVERY_MISSING' });
  });
});

describe('the state file', () => {
  test('keeps records through changes at the same time', async () => {
    const lab = fake();
    const store = fileStateStore(lab.lab);
    await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        store.update(`m${index}`, (record) => ({ ...record, created: true })),
      ),
    );
    expect(Object.keys(await store.read())).toHaveLength(20);
    await store.update('m3', () => undefined);
    expect(await fileStateStore(lab.lab).read()).not.toHaveProperty('m3');
  });
});

describe('plain progress', () => {
  test('one line per event, aligned, with the time since the machine began; output is left to the log', () => {
    const lines: string[] = [];
    let now = new Date(2026, 10, 21, 12, 34, 25);
    const report = plainReporter(
      (line) => lines.push(line),
      () => now,
    );
    void report({ type: 'begin', rows: ['cp1', 'worker1'] });
    void report({ type: 'phase', row: 'cp1', phase: 'waiting' });
    void report({ type: 'phase', row: 'cp1', phase: 'provision' });
    now = new Date(2026, 10, 21, 12, 34, 56);
    void report({ type: 'output', row: 'cp1', line: 'noise' });
    void report({ type: 'step', row: 'cp1', number: 4, total: 9, title: 'Install containerd' });
    void report({ type: 'failed', row: 'worker1', error: new K8slabError('VAGRANT_FAILED', 'worker1: no') });
    expect(lines).toEqual([
      '12:34:25 cp1      provision (0 s)',
      '12:34:56 cp1      provision: step 4/9 Install containerd (31 s)',
      '12:34:56 worker1  failed: no',
    ]);
  });
});

describe('building a box', () => {
  function builder(script: string) {
    const lab = fake();
    const recipe = join(lab.root, 'recipe');
    mkdirSync(recipe);
    writeFileSync(join(recipe, 'build.sh'), script);
    const bin = join(lab.root, 'bin');
    // An imitation of Vagrant that remembers the boxes it is told to add.
    writeFileSync(
      join(bin, 'vagrant'),
      `#!${process.execPath}\n// Imitation of vagrant box.\nconst fs = require('node:fs'); const list = process.env.FAKE_DIR + '/boxes';
if (process.argv[3] === 'list') { if (fs.existsSync(list)) process.stdout.write(fs.readFileSync(list)); }
else { const m = JSON.parse(fs.readFileSync(process.argv[4], 'utf8')); const v = m.versions[0];
  if (!fs.existsSync(new URL(v.providers[0].url))) process.exit(9);
  fs.appendFileSync(list, '1,,box-name,' + m.name + '\\n1,,box-provider,' + v.providers[0].name + '\\n1,,box-version,' + v.version + '\\n'); }\n`,
    );
    writeFileSync(join(bin, 'sudo'), '#!/bin/sh\n# Imitation of sudo.\nshift\nexec "$@"\n');
    for (const name of ['vagrant', 'sudo']) chmodSync(join(bin, name), 0o755);
    const cache = join(lab.root, 'cache');
    const build = (): Promise<void> =>
      ensureBuiltBox({
        name: 'k8slab/debian-12',
        provider: 'lxc',
        recipe,
        env: { ...lab.lab.env, XDG_CACHE_HOME: cache },
        patience: { interrupt: 400, terminate: 400 },
        logFile: join(lab.root, 'box.log'),
        shownLog: 'box.log',
        report: lab.report,
        signal,
      });
    return {
      lab,
      build,
      recipe,
      boxes: join(cache, 'k8slab', 'boxes'),
      built: () => readFileSync(join(lab.root, 'builds'), 'utf8').length,
    };
  }
  const good = 'printf x >>"$FAKE_DIR/../builds"; sleep 0.3; echo box >"$1"\n';

  test('two labs at once build it once; a changed recipe is another box', async () => {
    const { build, built, recipe, boxes } = builder(good);
    await Promise.all([build(), build()]);
    expect(built()).toBe(1);
    await build();
    expect(built()).toBe(1);
    for (const [index, word] of ['one', 'two', 'three', 'four'].entries()) {
      writeFileSync(join(recipe, 'packages.txt'), `${word} more\n`);
      await build();
      expect(built()).toBe(index + 2);
    }
    // Checkouts of different age on one host do not build each other's box anew; old ones go.
    expect(readdirSync(boxes).filter((name) => name.endsWith('.box'))).toHaveLength(3);
  });

  test('a failing build leaves no box and says why', async () => {
    const { build, boxes } = builder('echo half >"$1"; echo "E: cannot reach the mirror" >&2; exit 25\n');
    const error: unknown = await build().catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'VAGRANT_BOX_BUILD_FAILED', raw: 'E: cannot reach the mirror' });
    expect(existsSync(boxes) ? readdirSync(boxes) : []).toEqual([]);
  });
});
