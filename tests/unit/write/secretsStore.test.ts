import { chmod, mkdir, readFile, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { prepareLabFolder } from '../../../src/write/labFolder.js';
import { addSecrets, readSecrets, writePrivate } from '../../../src/write/secretsStore.js';
import { temporaryFolder } from './support/folders.js';

const onUnix = process.platform === 'win32' ? test.skip : test;
const first = new Map([
  ['node/bootstrap-token', 'abcdef.0123456789abcdef'],
  ['control-plane/pki/ca.crt', 'certificate'],
  ['control-plane/pki/etcd/ca.key', 'key'],
]);

async function lab(): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'lab');
  await prepareLabFolder(dir);
  return dir;
}

describe('secrets', () => {
  test('there are none in a new lab', async () => {
    expect(await readSecrets(await lab())).toEqual(new Map());
  });

  test('are read back as they were added', async () => {
    const dir = await lab();
    expect(await addSecrets(dir, first)).toEqual(first);
    expect(await readSecrets(dir)).toEqual(first);
    expect(await readdir(path.join(dir, '.k8slab'))).toEqual(['secrets']);
  });

  test('are never overwritten, and new ones join them', async () => {
    const dir = await lab();
    await addSecrets(dir, first);
    const more = new Map([
      ['node/bootstrap-token', 'other'],
      ['load-balancer/password', 'p'],
    ]);
    const all = new Map([...first, ['load-balancer/password', 'p']]);
    expect(await addSecrets(dir, more)).toEqual(all);
    expect(await readSecrets(dir)).toEqual(all);
    expect(await readdir(path.join(dir, '.k8slab'))).toEqual(['secrets']);
  });

  onUnix('are closed to others, whatever the umask, and closed again when somebody opened them', async () => {
    const dir = await lab();
    const before = process.umask(0);
    try {
      await addSecrets(dir, first);
      await addSecrets(dir, new Map([['load-balancer/password', 'p']]));
      await writePrivate(path.join(dir, '.k8slab/kubeconfig'), 'k');
    } finally {
      process.umask(before);
    }
    const mode = async (file: string): Promise<string> =>
      ((await stat(path.join(dir, '.k8slab', file))).mode & 0o777).toString(8);
    const folders = ['secrets', 'secrets/node', 'secrets/control-plane/pki/etcd', 'secrets/load-balancer'];
    for (const folder of folders) expect([folder, await mode(folder)]).toEqual([folder, '700']);
    const files = [...first.keys(), 'load-balancer/password'].map((file) => `secrets/${file}`);
    for (const file of [...files, 'kubeconfig']) expect([file, await mode(file)]).toEqual([file, '600']);

    await chmod(path.join(dir, '.k8slab/secrets'), 0o755);
    await chmod(path.join(dir, '.k8slab/secrets/node/bootstrap-token'), 0o644);
    await readSecrets(dir);
    expect([await mode('secrets'), await mode('secrets/node/bootstrap-token')]).toEqual(['700', '600']);
  });

  onUnix('are not written or read through a link', async () => {
    const dir = await lab();
    const outside = await temporaryFolder();
    await symlink(outside, path.join(dir, '.k8slab/secrets'));
    await expect(addSecrets(dir, first)).rejects.toMatchObject({ code: 'RENDER_SYMLINK' });
    const other = await lab();
    await mkdir(path.join(other, '.k8slab/secrets'));
    await writeFile(path.join(outside, 'key'), 'k');
    await symlink(path.join(outside, 'key'), path.join(other, '.k8slab/secrets/key'));
    await expect(readSecrets(other)).rejects.toMatchObject({ code: 'RENDER_SYMLINK' });
  });

  test('a private file may be replaced', async () => {
    const dir = await lab();
    const file = path.join(dir, '.k8slab/kubeconfig');
    await writePrivate(file, 'one');
    await writePrivate(file, 'two');
    expect(await readFile(file, 'utf8')).toBe('two');
  });
});
