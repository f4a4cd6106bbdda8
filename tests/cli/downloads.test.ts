import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Place } from './support/place.js';

/** Without names, no host can be reached; loaded into k8slab before everything else. */
const nameless = `
import dns from 'node:dns';
const missing = (host) => Object.assign(new Error('no ' + host), { code: 'ENOTFOUND' });
const fail = (host) => Promise.reject(missing(host));
dns.promises.Resolver.prototype.resolve4 = fail;
dns.promises.Resolver.prototype.resolve6 = fail;
dns.promises.lookup = fail;
`;

// Stand-ins for programs are shell scripts.
const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('a host from which Kubernetes’ hosts cannot be reached', () => {
  const place = new Place();
  const vagrantRan = (): boolean => existsSync(path.join(place.root, 'vagrant-ran'));
  const lab = ['1cp-2w', '--provider', 'virtualbox'];

  beforeAll(() => {
    const preload = path.join(place.root, 'nameless.mjs');
    writeFileSync(preload, nameless);
    place.env.NODE_OPTIONS = `--import=${preload}`;
    place.env.XDG_CACHE_HOME = path.join(place.root, 'cache');
    for (const program of ['vagrant', 'ssh', 'VBoxManage']) {
      const script = `#!/bin/sh\n: >'${path.join(place.root, `${program.toLowerCase()}-ran`)}'\nexit 1\n`;
      writeFileSync(path.join(place.root, 'bin', program), script, { mode: 0o755 });
    }
  });
  afterAll(() => {
    place.remove();
  });

  test('is told so by create, with the hosts and the commands, and nothing is written', async () => {
    const { stdout, stderr } = await place.expect(3, 'create', ...lab);
    expect(stdout).toBe('');
    expect(stderr).toContain('HOST_DOWNLOADS_UNREACHABLE');
    expect(stderr).toMatch(/registry\.k8s\.io: the name server knows no such host/);
    expect(stderr).toContain('k8slab create 1cp-2w --provider virtualbox --bundle DIR');
    expect(place.files()).toEqual({});
    expect(vagrantRan()).toBe(false);
  });

  test('says it to programs as well', async () => {
    expect(await place.json(3, 'create', ...lab)).toMatchObject({
      errors: [{ code: 'HOST_DOWNLOADS_UNREACHABLE', fix: expect.any(Array) }],
    });
  });

  test('builds nothing for a lab that insists on what modules cannot give', async () => {
    const { stderr } = await place.expect(3, 'create', ...lab, '--set', 'cni=calico', '--setup', '--yes');
    expect(stderr).toContain('Calico cannot be built from Go modules.');
    expect(stderr).not.toContain('--setup   #');
  });

  test('builds nothing without Go', async () => {
    const { stderr } = await place.expect(3, 'create', ...lab, '--setup', '--yes');
    expect(stderr).toContain('Go, which would build one, is not on the PATH.');
    expect(place.files()).toEqual({});
  });

  test('still plans and writes labs: no host is needed for that', async () => {
    await place.expect(0, 'plan', ...lab);
    await place.expect(0, 'create', ...lab, '--no-up');
    expect(place.read('1cp-2w', 'lab.yaml')).not.toContain('flannel');
  });

  test('is told so by up, before anything boots', async () => {
    const { stderr } = await place.expect(3, 'up', '--dir', '1cp-2w');
    expect(stderr).toContain('HOST_DOWNLOADS_UNREACHABLE');
    expect(stderr).toContain(`k8slab create ${place.path('1cp-2w')} --dir ${place.path('1cp-2w')} --setup`);
    expect(vagrantRan()).toBe(false);
  });

  test('goes on after --bundle none, which is remembered', async () => {
    await place.expect(0, 'create', ...lab, '--no-up', '--bundle', 'none');
    for (const time of ['first', 'second']) {
      const { stderr } = await place.run(['up', '--dir', '1cp-2w']);
      expect([time, stderr]).toEqual([time, expect.not.stringContaining('HOST_DOWNLOADS_UNREACHABLE')]);
    }
    expect(vagrantRan()).toBe(true);
  });
});
