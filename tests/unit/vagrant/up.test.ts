import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { K8slabError, K8slabErrors } from '../../../src/errors/error.js';
import type { Cluster } from '../../../src/plan/cluster.js';
import { up, type UpOptions } from '../../../src/vagrant/up.js';
import { FakeLab, makeCluster, memoryStore } from './fakes.js';

const three = (bootstrap: 'none' | 'kubeadm' = 'none'): Cluster =>
  makeCluster(
    [
      ['cp1', 'control-plane'],
      ['worker1', 'worker'],
      ['worker2', 'worker'],
    ],
    bootstrap,
  );

let labs: FakeLab[] = [];
function fake(cluster: Cluster): FakeLab {
  const lab = new FakeLab(cluster);
  labs.push(lab);
  return lab;
}
afterEach(() => {
  for (const lab of labs) lab.remove();
  labs = [];
});

function start(lab: FakeLab, options: Partial<UpOptions> = {}) {
  const store = memoryStore();
  const controller = new AbortController();
  const done = up({
    lab: lab.lab,
    bootAtOnce: 1,
    store,
    report: lab.report,
    signal: controller.signal,
    ...options,
  });
  // The test looks at the outcome later; until then a failure must not count as unhandled.
  done.catch(() => undefined);
  return { store, controller, done };
}

const boots = (lab: FakeLab): string[] => lab.calls.filter((call) => call.startsWith('start vagrant up'));
const provisions = (lab: FakeLab): string[] => lab.calls.filter((call) => call.startsWith('start provision'));

describe('up', () => {
  test('prepares for setting machines up once the first one runs, and not when none needs it', async () => {
    const lab = fake(three());
    const seen: string[][] = [];
    const beforeProvision = (): Promise<void> => {
      seen.push([...boots(lab)]);
      return Promise.resolve();
    };
    await start(lab, { beforeProvision }).done;
    expect(seen).toHaveLength(3);
    expect(seen[0]).toContain('start vagrant up cp1');
    expect(provisions(lab)).toHaveLength(3);
    await start(lab, { beforeProvision }).done;
    expect(seen).toHaveLength(3);
  });

  test('sets nothing up when that preparation fails', async () => {
    const lab = fake(three());
    const beforeProvision = (): Promise<void> =>
      Promise.reject(new K8slabError('BUNDLE_LISTEN', 'The port is taken.'));
    await expect(start(lab, { beforeProvision }).done).rejects.toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ code: 'BUNDLE_LISTEN' })]),
    });
    expect(provisions(lab)).toEqual([]);
  });

  test('starts a machine again that runs without its planned address: its boot was cut off', async () => {
    const lab = fake(three());
    lab.setAddress('cp1', '169.254.7.7');
    await start(lab, { nodes: ['cp1', 'worker1'] }).done;
    expect(lab.calls.filter((call) => /^start vagrant (up|halt)/.test(call))).toEqual([
      'start vagrant up cp1',
      'start vagrant up worker1',
      'start vagrant halt cp1',
      'start vagrant up cp1',
    ]);
    // What it lacks still, its first step tells.
    expect(provisions(lab)).toHaveLength(2);
  });

  test('waits for the Vagrant that a killed run left behind', async () => {
    const lab = fake(three());
    const stderr = 'another process is already executing an action on the machine.\n';
    lab.behave({ 'vagrant up cp1': { stderr, exit: 1 } });
    const { done } = start(lab, { nodes: ['cp1'] });
    await lab.until('end vagrant up cp1 1');
    lab.behave({});
    await done;
    expect(boots(lab).length).toBeGreaterThan(1);
  });

  test('what stopped every machine alike is told once', async () => {
    const lab = fake(three());
    const taken = new K8slabError('BUNDLE_LISTEN', 'The port is taken.');
    await expect(start(lab, { beforeProvision: () => Promise.reject(taken) }).done).rejects.toBe(taken);
  });

  test('boots one at a time in the plan’s order, and provisions what runs while the next boots', async () => {
    const lab = fake(three());
    lab.behave({
      'provision cp1': { gate: 'cp1 provisioned' },
      'provision worker1': { gate: 'worker1 provisioned' },
      'vagrant up worker2': { gate: 'worker2 booted' },
    });
    const { done, store } = start(lab);
    // cp1 and worker1 are being provisioned, neither finished, while worker2 boots.
    await lab.until('start provision cp1', 'start provision worker1', 'start vagrant up worker2');
    expect(lab.calls.filter((call) => call.startsWith('end provision'))).toEqual([]);
    for (const gate of ['worker1 provisioned', 'worker2 booted', 'cp1 provisioned']) lab.open(gate);
    const result = await done;

    const boot = lab.calls.filter((call) => call.includes('vagrant up'));
    expect(boot).toEqual([
      'start vagrant up cp1',
      'end vagrant up cp1 0',
      'start vagrant up worker1',
      'end vagrant up worker1 0',
      'start vagrant up worker2',
      'end vagrant up worker2 0',
    ]);
    expect(result.machines).toEqual(
      Object.fromEntries(
        ['cp1', 'worker1', 'worker2'].map((name) => [name, { booted: true, provisioned: true }]),
      ),
    );
    expect(Object.values(store.records).map((record) => record.provisionedHash?.length)).toEqual([
      64, 64, 64,
    ]);
    expect(lab.events).toContainEqual({ type: 'step', row: 'worker1', number: 2, total: 2, title: 'Second' });
  });

  test('boots as many at once as the provider allows', async () => {
    const lab = fake(three());
    lab.behave({ 'vagrant up cp1': { gate: 'a' }, 'vagrant up worker1': { gate: 'a' } });
    const { done } = start(lab, { bootAtOnce: 2 });
    await lab.until('start vagrant up cp1', 'start vagrant up worker1');
    expect(boots(lab)).toHaveLength(2);
    lab.open('a');
    await done;
    expect(boots(lab)).toHaveLength(3);
  });

  test('does nothing twice: what runs is not booted, what is set up is not set up again', async () => {
    const lab = fake(three());
    await start(lab).done;
    lab.forget();
    const again = await start(lab).done;
    expect(lab.calls.filter((call) => !call.includes('probe'))).toEqual([]);
    expect(again.machines.cp1).toEqual({ booted: false, provisioned: false });
  });

  test('a changed provisioner runs again, on its machine only; a machine made anew is set up anew', async () => {
    const lab = fake(three());
    await start(lab).done;
    lab.forget();
    writeFileSync(join(lab.folder, 'provision', 'worker1.sh'), 'echo changed\n');
    writeFileSync(join(lab.dir, 'marker', 'worker2'), '');
    await start(lab).done;
    expect(provisions(lab).sort()).toEqual(['start provision worker1', 'start provision worker2']);
    expect(boots(lab)).toEqual([]);
  });

  test('ports that changed with a boot are asked for anew, once', async () => {
    const lab = fake(three());
    await start(lab).done;
    lab.forget();
    lab.port = 2207;
    await start(lab, { boot: false, provision: 'never' }).done;
    expect(lab.calls.filter((call) => call.startsWith('start vagrant')).sort()).toEqual([
      'start vagrant ssh-config cp1',
      'start vagrant ssh-config worker1',
      'start vagrant ssh-config worker2',
    ]);
    expect(lab.text('.k8slab', 'ssh-config')).toContain('Port 2207');
  });

  test('a failing machine without a cluster around it does not stop the others; the error says step, log and how to go on', async () => {
    const lab = fake(three());
    lab.behave({
      'provision cp1': {
        stdout: '==> step 3/7 Install containerd\nE: Unable to locate package containerd\n',
        exit: 100,
      },
    });
    const { done, store } = start(lab);
    const error = await done.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(K8slabError);
    if (!(error instanceof K8slabError)) return;
    expect(error).toMatchObject({ code: 'VAGRANT_PROVISION_FAILED', exitCode: 3 });
    expect(error.message).toContain('step 3/7 “Install containerd”');
    expect(error.message).toContain('exit status 100');
    expect(error.raw).toBe('E: Unable to locate package containerd');
    expect(error.fix.join('\n')).toContain('.k8slab/logs/cp1.log');
    expect(lab.text('.k8slab', 'logs', 'cp1.log')).toContain('Unable to locate');
    expect(store.records.worker2?.provisionedHash).toBeDefined();
    expect(store.records.cp1).toMatchObject({
      created: true,
      failure: { code: 'VAGRANT_PROVISION_FAILED' },
    });
    // Going on: only cp1 is left to do.
    lab.forget();
    lab.behave({});
    await start(lab).done;
    expect(provisions(lab)).toEqual(['start provision cp1']);
  });

  test('when the first control plane fails, those waiting to join are stopped early, and the reason is its, not theirs', async () => {
    const lab = fake(three('kubeadm'));
    // worker1 hangs in its join; worker2 is in an earlier step and comes to its join later.
    lab.behave({
      'provision cp1': { gate: 'cp1', stdout: '==> step 2/2 Init\nboom\n', exit: 1 },
      'provision worker1': { stdout: '==> step 2/2 Join\n', hang: true },
      'provision worker2': { gate: 'worker2', stdout: '==> step 1/2 Names\n==> step 2/2 Join\n', hang: true },
    });
    const { done } = start(lab);
    await lab.until('start provision worker1', 'start provision worker2', 'start provision cp1');
    lab.open('cp1');
    await lab.until('end provision cp1 1', 'SIGINT provision worker1');
    expect(lab.calls).not.toContain('SIGINT provision worker2');
    lab.open('worker2');
    const error = await done.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(K8slabErrors);
    if (!(error instanceof K8slabErrors)) return;
    expect(error.errors.map(({ code }) => code)).toEqual([
      'VAGRANT_PROVISION_FAILED',
      'VAGRANT_DEPENDENCY_FAILED',
      'VAGRANT_DEPENDENCY_FAILED',
    ]);
    expect(error.errors[0]?.message).toContain('cp1');
    expect(error.errors[1]?.message).toContain('waits for cp1');
    expect(lab.alive).toEqual([]);
  });

  test('machines that wait for a failed one and are not booted yet stay down', async () => {
    const lab = fake(three('kubeadm'));
    lab.behave({
      'vagrant up cp1': { stderr: 'VBoxManage: error: VT-x is not available (VERR_VMX_NO_VMX)\n', exit: 1 },
    });
    const error = await start(lab).done.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(K8slabErrors);
    if (!(error instanceof K8slabErrors)) return;
    expect(error.errors[0]).toMatchObject({ code: 'VAGRANT_VIRTUALIZATION_OFF' });
    expect(error.errors[0]?.raw).toContain('VERR_VMX_NO_VMX');
    expect(boots(lab)).toEqual(['start vagrant up cp1']);
  });

  test('what is wrong with the host stops the boots of machines that wait for nobody, too', async () => {
    const lab = fake(three());
    lab.behave({
      'vagrant up cp1': { stderr: 'VBoxManage: error: VT-x is not available (VERR_VMX_NO_VMX)\n', exit: 1 },
    });
    const error = await start(lab, { bootAtOnce: 1 }).done.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(K8slabErrors);
    if (!(error instanceof K8slabErrors)) return;
    expect(error.errors.map(({ code }) => code)).toEqual([
      'VAGRANT_VIRTUALIZATION_OFF',
      'VAGRANT_DEPENDENCY_FAILED',
      'VAGRANT_DEPENDENCY_FAILED',
    ]);
    expect(error.errors[1]?.message).toContain('what stopped cp1 would stop it, too');
    expect(boots(lab)).toEqual(['start vagrant up cp1']);
  });

  test('provision without boot refuses machines that do not run, before anything is done', async () => {
    const lab = fake(three());
    await expect(start(lab, { boot: false, nodes: ['worker2'] }).done).rejects.toMatchObject({
      code: 'VAGRANT_NOT_RUNNING',
    });
    expect(provisions(lab)).toEqual([]);
  });

  test('a machine that is not in the lab is an error that names those that are', async () => {
    const lab = fake(three());
    const error = await start(lab, { nodes: ['cp9'] }).done.catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'VAGRANT_NO_SUCH_MACHINE',
      exitCode: 2,
      fix: ['Name one of: cp1, worker1, worker2'],
    });
  });

  test('a missing provisioner is found before the first boot', async () => {
    const lab = fake(
      makeCluster([
        ['cp1', 'control-plane'],
        ['worker1', 'worker'],
      ]),
    );
    lab.lab.cluster.machines.push(...three().machines.slice(2));
    await expect(start(lab).done).rejects.toMatchObject({ code: 'VAGRANT_DELIVERY_MISSING' });
    expect(boots(lab)).toEqual([]);
  });

  test('the preparation runs once, before the first boot, and not when all machines run', async () => {
    const lab = fake(three());
    let prepared = 0;
    const prepare = (): Promise<void> => {
      expect(boots(lab)).toEqual([]);
      prepared += 1;
      return Promise.resolve();
    };
    await start(lab, { prepare }).done;
    await start(lab, { prepare }).done;
    expect(prepared).toBe(1);
  });

  test('Vagrant missing is one clear error', async () => {
    const lab = fake(three());
    lab.lab.env = { ...lab.lab.env, PATH: join(lab.root, 'nothing') };
    await expect(start(lab, { nodes: ['cp1'] }).done).rejects.toMatchObject({
      code: 'VAGRANT_PROGRAM_MISSING',
    });
  });
});

describe('what hangs', () => {
  const hangingVBoxManage = (lab: FakeLab): void => {
    const text = '#!/bin/sh\necho "$$" >>"$FAKE_DIR/pids"\necho asked >>"$FAKE_DIR/asked"\nexec sleep 1000\n';
    writeFileSync(join(lab.root, 'bin', 'VBoxManage'), text, { mode: 0o755 });
  };

  test('Vagrant that says nothing is stopped, with what it started; the next `up` goes on', async () => {
    const lab = fake(three());
    lab.lab.silence = 5;
    lab.behave({
      'vagrant up worker1': { stdout: '==> worker1: Importing base box\n', hang: true, child: true },
    });
    await expect(start(lab).done).rejects.toMatchObject({
      code: 'VAGRANT_SILENT',
      exitCode: 3,
      message: expect.stringMatching(
        /^worker1: `vagrant up worker1 .*\.k8slab\/logs\/worker1\.log/,
      ) as unknown,
      raw: '==> worker1: Importing base box',
    });
    expect(lab.alive).toEqual([]);
    // The others do not hang, so they are made.
    expect(provisions(lab)).toEqual(['start provision cp1', 'start provision worker2']);
    lab.behave({});
    lab.forget();
    await start(lab).done;
    expect(boots(lab)).toEqual(['start vagrant up worker1']);
  });

  test('a VBoxManage that does not answer is told before Vagrant is asked anything, once', async () => {
    const lab = fake(three());
    lab.lab.answerTime = 1;
    hangingVBoxManage(lab);
    await expect(start(lab).done).rejects.toMatchObject({
      errors: [
        { code: 'VAGRANT_VBOX_HANGS', exitCode: 3 },
        { code: 'VAGRANT_DEPENDENCY_FAILED' },
        { code: 'VAGRANT_DEPENDENCY_FAILED' },
      ],
    });
    expect(boots(lab)).toEqual([]);
    expect(readFileSync(join(lab.dir, 'asked'), 'utf8')).toBe('asked\n');
    expect(lab.alive).toEqual([]);
  });

  test('one that stops answering while Vagrant works is named as the cause of its silence', async () => {
    const lab = fake(three());
    lab.lab.silence = 5;
    lab.lab.answerTime = 1;
    lab.behave({ 'vagrant up cp1': { hang: true } });
    const { done } = start(lab);
    await lab.until('start vagrant up cp1');
    hangingVBoxManage(lab);
    await expect(done).rejects.toMatchObject({
      errors: expect.arrayContaining([expect.objectContaining({ code: 'VAGRANT_VBOX_HANGS' })]) as unknown,
    });
    expect(boots(lab)).toEqual(['start vagrant up cp1']);
    expect(lab.alive).toEqual([]);
  });
});

test('a machine that is set up has no failure on record, whatever was noted before', async () => {
  const lab = fake(three());
  const first = start(lab);
  await first.done;
  await first.store.update('cp1', () => ({
    created: true,
    failure: { code: 'VAGRANT_INTERRUPTED', at: '2026-01-01T00:00:00.000Z' },
  }));
  await start(lab, { store: first.store }).done;
  expect(first.store.records.cp1?.provisionedHash).toMatch(/^[0-9a-f]+$/);
  expect(first.store.records.cp1).not.toHaveProperty('failure');
});

describe('Ctrl-C', () => {
  const cases: [string, Record<string, object>, string][] = [
    ['while a machine boots', { 'vagrant up cp1': { hang: true } }, 'start vagrant up cp1'],
    ['while ssh is asked for', { 'vagrant ssh-config cp1': { hang: true } }, 'start vagrant ssh-config cp1'],
    [
      'while a machine is provisioned',
      { 'provision cp1': { hang: true, child: true } },
      'start provision cp1',
    ],
    [
      'while one boots that ignores it',
      { 'vagrant up cp1': { hang: true, stubborn: true, child: true } },
      'start vagrant up cp1',
    ],
    [
      'while all of it goes on at once',
      {
        'provision cp1': { hang: true },
        'provision worker1': { hang: true },
        'vagrant up worker2': { hang: true },
      },
      'start vagrant up worker2',
    ],
  ];
  test.each(cases)('%s: every program ends, the next run goes on', async (_, behaviours, moment) => {
    const lab = fake(three());
    lab.behave(behaviours);
    const { done, controller, store } = start(lab);
    await lab.until(moment);
    controller.abort();
    const error = await done.catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'VAGRANT_INTERRUPTED',
      exitCode: 3,
      fix: ['k8slab up   # goes on where it stopped'],
    });
    expect(lab.alive).toEqual([]);
    const sigints = lab.calls.filter((call) => call.startsWith('SIGINT'));
    expect(new Set(sigints).size).toBe(sigints.length);

    lab.behave({});
    const again = start(lab, { store });
    await again.done;
    expect(
      Object.values(store.records).every(
        (record) => record.provisionedHash !== undefined && record.failure === undefined,
      ),
    ).toBe(true);
  });
});
