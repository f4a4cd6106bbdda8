import { execFile } from 'node:child_process';
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { fileError } from '../../../src/write/ioErrors.js';
import { writeLab } from '../../../src/write/writeLab.js';
import { childArguments, contents, temporaryFolder, tree } from './support/folders.js';

const run = promisify(execFile);
const onUnix = process.platform === 'win32' ? test.skip : test;

describe('when the system refuses', () => {
  onUnix('a file that may not grow any further leaves the lab as it was', async () => {
    const dir = path.join(await temporaryFolder(), 'lab');
    await writeLab(dir, tree({ Vagrantfile: 'old\n' }));
    const command = `ulimit -f 512; exec "$0" "$@"`;
    const { stdout } = await run('sh', [
      '-c',
      command,
      process.execPath,
      ...childArguments('writeBig.ts', dir),
    ]);
    expect(stdout.trim()).toBe('RENDER_DISK_FULL');
    expect(await contents(dir)).toEqual({ Vagrantfile: 'old\n' });
    expect(await readdir(path.join(dir, '.k8slab'))).toEqual(['written.json']);
    const { stdout: later } = await run(process.execPath, childArguments('writeBig.ts', dir));
    expect(later.trim()).toBe('written');
    expect(Object.keys(await contents(dir))).toEqual(['Vagrantfile', 'large.txt']);
  });

  onUnix('a folder of somebody else is named', async () => {
    const dir = await temporaryFolder();
    await mkdir(path.join(dir, 'lab'));
    await chmod(path.join(dir, 'lab'), 0o555);
    await chmod(dir, 0o755);
    const { stdout } = await run(
      process.execPath,
      childArguments('writeBig.ts', path.join(dir, 'lab'), 'nobody'),
    );
    expect(stdout.trim()).toBe('RENDER_READ_ONLY');
  });

  test('a lab folder that is a file is named', async () => {
    const file = path.join(await temporaryFolder(), 'lab');
    await writeFile(file, '');
    await expect(writeLab(file, tree({ a: '1' }))).rejects.toMatchObject({
      code: expect.stringMatching(/^RENDER_/),
    });
  });

  test.each([
    ['ENOSPC', 'RENDER_DISK_FULL'],
    ['EDQUOT', 'RENDER_DISK_FULL'],
    ['EROFS', 'RENDER_READ_ONLY'],
    ['EACCES', 'RENDER_READ_ONLY'],
    ['ENAMETOOLONG', 'RENDER_PATH_TOO_LONG'],
    ['EIO', 'RENDER_WRITE'],
  ])('%s becomes %s with the path and the system’s own words', (code, expected) => {
    const error = Object.assign(new Error(`${code}: raw words`), { code });
    expect(fileError(error, 'write /labs/a')).toMatchObject({
      code: expected,
      message: expect.stringMatching(/^Cannot write \/labs\/a: /),
      raw: `${code}: raw words`,
    });
  });

  test('an error that is no system’s stays what it is', () => {
    const bug = new TypeError('x is not a function');
    expect(fileError(bug, 'write a')).toBe(bug);
  });
});
