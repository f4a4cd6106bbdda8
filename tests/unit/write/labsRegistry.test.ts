import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { listLabs, release, reserve, stateDirectory } from '../../../src/write/labsRegistry.js';
import { ended, startChild, temporaryFolder } from './support/folders.js';

async function folders(count: number): Promise<{ stateDir: string; labs: string[] }> {
  const root = await temporaryFolder();
  const labs = Array.from({ length: count }, (_, index) => path.join(root, `lab${index}`));
  await Promise.all(labs.map((lab) => mkdir(lab)));
  return { stateDir: path.join(root, 'state'), labs };
}

const entry = (name: string, hostOnlySubnet: string): { name: string; hostOnlySubnet: string } => ({
  name,
  hostOnlySubnet,
});

describe('the list of labs', () => {
  test('is empty before the first lab', async () => {
    expect(await listLabs(path.join(await temporaryFolder(), 'none'))).toEqual([]);
  });

  test('shows a new lab the others, replaces its own entry, and forgets it on request', async () => {
    const { stateDir, labs } = await folders(2);
    const [one = '', two = ''] = labs;
    await reserve(one, () => entry('one', '192.168.56.0/24'), stateDir);
    await reserve(
      two,
      (others) => {
        expect(others).toEqual([{ folder: one, name: 'one', hostOnlySubnet: '192.168.56.0/24' }]);
        return entry('two', '192.168.57.0/24');
      },
      stateDir,
    );
    await reserve(one, (others) => entry(`one of ${others.length + 1}`, '192.168.58.0/24'), stateDir);
    expect((await listLabs(stateDir)).map((lab) => lab.name)).toEqual(['one of 2', 'two']);
    await release(one, stateDir);
    expect((await listLabs(stateDir)).map((lab) => lab.name)).toEqual(['two']);
    expect(await readdir(stateDir)).toEqual(['labs.json']);
  });

  test('drops labs whose folder is gone', async () => {
    const { stateDir, labs } = await folders(2);
    const [one = '', two = ''] = labs;
    await reserve(one, () => entry('one', '192.168.56.0/24'), stateDir);
    await rm(one, { recursive: true });
    await reserve(
      two,
      (others) => {
        expect(others).toEqual([]);
        return entry('two', '192.168.56.0/24');
      },
      stateDir,
    );
  });

  test('keeps nothing of a decision that failed, and stays usable', async () => {
    const { stateDir, labs } = await folders(1);
    const refuse = (): never => {
      throw new Error('no range left');
    };
    await expect(reserve(labs[0] ?? '', refuse, stateDir)).rejects.toThrow('no range left');
    await reserve(labs[0] ?? '', () => entry('one', '192.168.56.0/24'), stateDir);
    expect(await listLabs(stateDir)).toHaveLength(1);
  });

  test('is named when it is damaged', async () => {
    const stateDir = await temporaryFolder();
    await writeFile(path.join(stateDir, 'labs.json'), '[');
    await expect(listLabs(stateDir)).rejects.toMatchObject({ code: 'RENDER_STATE' });
  });

  test('never gives two labs that are created at once the same range', async () => {
    const { stateDir, labs } = await folders(4);
    const printed = await Promise.all(
      labs.map(async (lab) => {
        const child = startChild('reserveRange.ts', stateDir, lab);
        let text = '';
        child.stdout?.on('data', (data: Buffer) => (text += data.toString()));
        await ended(child);
        return text.trim();
      }),
    );
    expect(printed.sort()).toEqual([56, 57, 58, 59].map((octet) => `192.168.${octet}.0/24`));
  });
});

describe('the folder of the list', () => {
  test.each([
    [{ K8SLAB_STATE_DIR: path.resolve('/x/y') }, 'linux', path.resolve('/x/y')],
    [{ XDG_STATE_HOME: path.resolve('/xdg') }, 'linux', path.resolve('/xdg/k8slab')],
    [{ XDG_STATE_HOME: 'relative' }, 'linux', path.join('/home/me', '.local', 'state', 'k8slab')],
    [{}, 'darwin', path.join('/home/me', 'Library', 'Application Support', 'k8slab')],
    [{ LOCALAPPDATA: path.resolve('/local') }, 'win32', path.resolve('/local/k8slab')],
    [{}, 'win32', path.join('/home/me', 'AppData', 'Local', 'k8slab')],
  ] as [NodeJS.ProcessEnv, NodeJS.Platform, string][])('follows %j on %s', (env, platform, expected) => {
    expect(stateDirectory(env, platform, '/home/me')).toBe(expected);
  });
});

test('a state folder that cannot be one is told apart from the lab folder', async () => {
  const root = await temporaryFolder();
  const stateDir = path.join(root, 'state');
  await writeFile(stateDir, 'a file');
  const refused = {
    message: expect.stringContaining('list of labs'),
    fix: expect.arrayContaining([expect.stringContaining('K8SLAB_STATE_DIR')]),
  };
  await expect(listLabs(stateDir)).rejects.toMatchObject(refused);
  await expect(reserve(root, () => entry('one', '192.168.56.0/24'), stateDir)).rejects.toMatchObject(refused);
});
