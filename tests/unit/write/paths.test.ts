import { lstat, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { writeLab } from '../../../src/write/writeLab.js';
import { contents, temporaryFolder, tree } from './support/folders.js';

const one = { Vagrantfile: 'v1\n', 'provision/cp1.sh': 'echo 1\n', 'provision/cp1/kubeadm.yaml': 'a: 1\n' };
const two = { Vagrantfile: 'v2\n', 'provision/cp1.sh': 'echo 1\n' };
const onUnix = process.platform === 'win32' ? test.skip : test;

async function lab(files: Record<string, string> = one): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'lab');
  await writeLab(dir, tree(files));
  return dir;
}

describe('a tree or folder that leads elsewhere', () => {
  test.each([
    '../outside',
    'a/../../outside',
    '/etc/passwd',
    'C:/x',
    'C:x',
    String.raw`a\b`,
    'a//b',
    './a',
    '',
    'con',
    'a/NUL.txt',
    'com1.sh',
    'a.',
    'a ',
    'a\nb',
    'ü',
    '.k8slab/written.json',
    '.K8slab/x',
    'lab.yaml',
    'x'.repeat(300),
    'a:b',
    'a/',
  ])('refuses the path %j and writes nothing', async (file) => {
    const dir = path.join(await temporaryFolder(), 'lab');
    await expect(writeLab(dir, tree({ Vagrantfile: 'v1\n', [file]: 'x' }))).rejects.toMatchObject({
      code: 'RENDER_PATH',
    });
    await expect(lstat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('refuses two paths that differ in case alone', async () => {
    await expect(lab({ 'a/X': '1', 'A/x': '2' })).rejects.toMatchObject({ code: 'RENDER_PATH' });
  });

  test('refuses paths that programs on Windows cannot open', async () => {
    const dir = path.join(await temporaryFolder(), 'x'.repeat(200));
    const files = tree({ [`provision/${'y'.repeat(60)}.sh`]: '' });
    await expect(writeLab(dir, files, { platform: 'win32' })).rejects.toMatchObject({
      code: 'RENDER_PATH_TOO_LONG',
    });
    await writeLab(dir, files, { platform: 'linux' });
  });

  onUnix('names a path that this system cannot hold', async () => {
    const dir = path.join(await temporaryFolder(), 'x'.repeat(300));
    await expect(writeLab(dir, tree(one))).rejects.toMatchObject({ code: 'RENDER_PATH_TOO_LONG' });
  });

  onUnix.each(['provision', 'Vagrantfile', '.k8slab', 'provision/cp1'])(
    'does not follow a symbolic link at %s',
    async (file) => {
      const dir = await lab();
      const outside = await temporaryFolder();
      await writeFile(path.join(outside, 'victim'), 'precious');
      await rm(path.join(dir, file), { recursive: true });
      await symlink(file === 'Vagrantfile' ? path.join(outside, 'victim') : outside, path.join(dir, file));
      for (const files of [one, {}]) {
        await expect(writeLab(dir, tree(files))).rejects.toMatchObject({ code: 'RENDER_SYMLINK' });
      }
      expect(await contents(outside)).toEqual({ victim: 'precious' });
    },
  );

  onUnix('accepts a lab folder that is reached through a link', async () => {
    const dir = await lab();
    const link = path.join(await temporaryFolder(), 'link');
    await symlink(dir, link);
    expect((await writeLab(link, tree(two))).written).toEqual(['Vagrantfile']);
  });

  test('says so when a folder stands where a file belongs, and the other way round', async () => {
    const dir = await lab();
    await rm(path.join(dir, 'Vagrantfile'));
    await mkdir(path.join(dir, 'Vagrantfile'));
    await expect(writeLab(dir, tree(one))).rejects.toMatchObject({ code: 'RENDER_IN_THE_WAY' });
    const other = await lab({ provision: 'x' });
    await writeFile(path.join(other, 'provision'), 'mine');
    await expect(writeLab(other, tree(one))).rejects.toMatchObject({ code: 'RENDER_IN_THE_WAY' });
  });

  test('does not let its own list of files point outside, or be damaged', async () => {
    const dir = await lab();
    const list = path.join(dir, '.k8slab/written.json');
    const hash = 'a'.repeat(64);
    for (const text of [
      `{"schema":1,"files":{"../x":["${hash}"]},"folders":[]}`,
      '{"schema":1',
      '{"schema":1,"files":{},"folders":["../.."]}',
    ]) {
      await writeFile(list, text);
      await expect(writeLab(dir, tree(one))).rejects.toMatchObject({
        code: 'RENDER_STATE',
        message: expect.stringContaining('written.json'),
      });
    }
  });
});
