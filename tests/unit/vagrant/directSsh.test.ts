import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { up } from '../../../src/vagrant/up.js';
import { FakeLab, makeCluster, memoryStore } from './fakes.js';

let lab: FakeLab;
let home: string;
beforeEach(() => {
  lab = new FakeLab(makeCluster([['worker1', 'worker']], 'none'));
  home = join(lab.root, 'vagrant home');
  mkdirSync(home);
  lab.lab.env = { ...lab.lab.env, VAGRANT_HOME: home };
});
afterEach(() => {
  lab.remove();
});

async function bringUp(): Promise<string[]> {
  const signal = new AbortController().signal;
  await up({
    lab: lab.lab,
    bootAtOnce: 1,
    directSsh: true,
    store: memoryStore(),
    report: lab.report,
    signal,
  });
  return lab.calls.filter((call) => call.startsWith('start vagrant'));
}

describe('a provider that keeps ssh on the planned address', () => {
  test('Vagrant is not asked how to reach a machine that it has just booted', async () => {
    writeFileSync(join(home, 'insecure_private_key'), '');
    lab.port = 22;
    expect(await bringUp()).toEqual(['start vagrant up worker1']);
    const config = lab.text('.k8slab', 'ssh-config');
    expect(config).toContain(`HostName ${lab.lab.cluster.machines[0]?.address}\n`);
    expect(config).toContain('User vagrant\n');
    expect(config).toContain(`IdentityFile "${join(home, 'insecure_private_key')}"\n`);
  });

  test('keys of Vagrant 2.4 are found, too', async () => {
    mkdirSync(join(home, 'insecure_private_keys'));
    writeFileSync(join(home, 'insecure_private_keys', 'vagrant.key.rsa'), '');
    lab.port = 22;
    expect(await bringUp()).toEqual(['start vagrant up worker1']);
    expect(lab.text('.k8slab', 'ssh-config')).toContain('vagrant.key.rsa"\n');
  });

  test('Vagrant is asked when nobody answers there', async () => {
    writeFileSync(join(home, 'insecure_private_key'), '');
    lab.port = 2222;
    expect(await bringUp()).toEqual(['start vagrant up worker1', 'start vagrant ssh-config worker1']);
    expect(lab.text('.k8slab', 'ssh-config')).toContain('Port 2222\n');
  });

  test('Vagrant is asked when its key is not where it should be', async () => {
    lab.port = 22;
    expect(await bringUp()).toEqual(['start vagrant up worker1', 'start vagrant ssh-config worker1']);
  });
});
