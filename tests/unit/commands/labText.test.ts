import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readLabFile } from '../../../src/commands/labText.js';

let folder = '';
beforeAll(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'k8slab-text-')));
});
afterAll(() => rm(folder, { recursive: true }));

const file = (name: string): string => path.join(folder, name);

describe('a lab file', () => {
  test('is read as it stands', async () => {
    await writeFile(file('lab.yaml'), 'workers: 1\n');
    expect(await readLabFile(file('lab.yaml'))).toBe('workers: 1\n');
  });

  test('may be a mebibyte long and no more', async () => {
    await writeFile(file('full.yaml'), '#'.repeat(1024 * 1024));
    expect(await readLabFile(file('full.yaml'))).toHaveLength(1024 * 1024);
    await writeFile(file('large.yaml'), '#'.repeat(1024 * 1024 + 1));
    await expect(readLabFile(file('large.yaml'))).rejects.toMatchObject({ code: 'LAB_TOO_LARGE' });
  });

  test('that is not there is said not to be there', async () => {
    await expect(readLabFile(file('none.yaml'))).rejects.toMatchObject({ code: 'LAB_NOT_FOUND' });
  });

  test('that is a folder is refused', async () => {
    await mkdir(file('folder.yaml'));
    await expect(readLabFile(file('folder.yaml'))).rejects.toMatchObject({
      code: 'LAB_UNREADABLE',
      message: `${file('folder.yaml')} is a folder, not a file.`,
    });
  });

  const onUnix = process.platform === 'win32' ? test.skip : test;

  onUnix('that is a named pipe is refused: nobody may ever write to it', async () => {
    execFileSync('mkfifo', [file('pipe.yaml')]);
    await expect(readLabFile(file('pipe.yaml'))).rejects.toMatchObject({ code: 'LAB_UNREADABLE' });
  });

  onUnix('that is a device is refused: it may never end', async () => {
    await symlink('/dev/zero', file('zero.yaml'));
    await expect(readLabFile(file('zero.yaml'))).rejects.toMatchObject({
      message: expect.stringContaining('is a device'),
    });
  });
});
