import { rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { labPaths, prepareLabFolder } from '../../../src/write/labFolder.js';
import { withLabLock } from '../../../src/write/lock.js';
import { ended, output, startChild, temporaryFolder } from './support/folders.js';

async function lab(): Promise<string> {
  const dir = path.join(await temporaryFolder(), 'lab');
  await prepareLabFolder(dir);
  return dir;
}

describe('the lock of a lab', () => {
  test('gives what the work gives, and is free afterwards, also when the work fails', async () => {
    const dir = await lab();
    expect(await withLabLock(dir, 'k8slab up', () => Promise.resolve(7))).toBe(7);
    await expect(withLabLock(dir, 'k8slab up', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withLabLock(dir, 'k8slab up', () => Promise.resolve(8))).toBe(8);
  });

  test('is refused at once while another process holds it, which is named, and soon taken over after a kill', async () => {
    const dir = await lab();
    const child = startChild('holdLock.ts', dir);
    await output(child, 'locked');
    await expect(withLabLock(dir, 'k8slab halt', () => Promise.resolve(0))).rejects.toMatchObject({
      code: 'RENDER_LOCKED',
      message: expect.stringMatching(new RegExp(`"k8slab up" \\(process ${child.pid ?? 0}, since 2.*Z\\)`)),
    });
    expect(child.exitCode).toBeNull();

    child.kill('SIGKILL');
    await ended(child);
    // What the holder touches every second is old: as if the seconds until then had passed.
    const before = new Date(Date.now() - 60_000);
    await utimes(labPaths(dir).lock, before, before);
    expect(await withLabLock(dir, 'k8slab halt', () => Promise.resolve('mine'))).toBe('mine');
  });

  test('does not mind that the lab is removed meanwhile', async () => {
    const dir = await lab();
    const result = await withLabLock(dir, 'k8slab destroy', async () => {
      await rm(labPaths(dir).state, { recursive: true });
      return 'removed';
    });
    expect(result).toBe('removed');
  });
});
