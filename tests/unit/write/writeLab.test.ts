import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
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

describe('a new lab', () => {
  test('is written whole, scripts executable, nothing left in the state folder but the list', async () => {
    const dir = path.join(await temporaryFolder(), 'deep', 'lab');
    const report = await writeLab(dir, tree(one));
    expect(report).toEqual({ written: Object.keys(one).sort(), unchanged: [], removed: [], kept: [] });
    expect(await contents(dir)).toEqual(one);
    expect(await readdir(path.join(dir, '.k8slab'))).toEqual(['written.json']);
    if (process.platform !== 'win32') {
      expect((await stat(path.join(dir, 'provision/cp1.sh'))).mode & 0o777).toBe(0o755);
      expect((await stat(path.join(dir, 'Vagrantfile'))).mode & 0o777).toBe(0o644);
    }
  });

  test('may be made in a folder that holds lab.yaml alone, which stays', async () => {
    const dir = await temporaryFolder();
    await writeFile(path.join(dir, 'lab.yaml'), 'workers: 2\n');
    await writeLab(dir, tree(one));
    expect(await contents(dir)).toEqual({ ...one, 'lab.yaml': 'workers: 2\n' });
  });

  test('may be made where another run writes lab.yaml at this moment, or was killed while it did', async () => {
    const dir = await temporaryFolder();
    await writeFile(path.join(dir, 'lab.yaml.4711-3.tmp'), 'workers: 2\n');
    await writeLab(dir, tree(one));
    expect(await contents(dir)).toMatchObject(one);
  });

  test('is refused in a folder with files of somebody else, which stay alone', async () => {
    const dir = await temporaryFolder();
    await writeFile(path.join(dir, 'thesis.tex'), 'x');
    await writeFile(path.join(dir, 'lab.yaml'), 'workers: 2\n');
    await expect(writeLab(dir, tree(one))).rejects.toMatchObject({
      code: 'RENDER_FOLDER_NOT_OURS',
      message: expect.stringContaining('thesis.tex'),
    });
    expect(await readdir(dir)).toEqual(['lab.yaml', 'thesis.tex']);
  });

  test('is refused where a Vagrantfile of somebody else lies', async () => {
    const dir = await temporaryFolder();
    await writeFile(path.join(dir, 'Vagrantfile'), 'Vagrant.configure("2") {}\n');
    await expect(writeLab(dir, tree(one))).rejects.toMatchObject({ code: 'RENDER_FOLDER_NOT_OURS' });
  });
});

describe('writing again', () => {
  test('the same tree touches nothing', async () => {
    const dir = await lab();
    const before = await Promise.all(Object.keys(one).map((file) => stat(path.join(dir, file))));
    const list = await stat(path.join(dir, '.k8slab/written.json'));
    const report = await writeLab(dir, tree(one));
    expect(report).toEqual({ written: [], unchanged: Object.keys(one).sort(), removed: [], kept: [] });
    const after = await Promise.all(Object.keys(one).map((file) => stat(path.join(dir, file))));
    expect(after.map(({ ino, mtimeMs }) => [ino, mtimeMs])).toEqual(
      before.map(({ ino, mtimeMs }) => [ino, mtimeMs]),
    );
    expect((await stat(path.join(dir, '.k8slab/written.json'))).ino).toBe(list.ino);
  });

  test('writes what changed, removes what is no longer generated and the folder it made for it', async () => {
    const dir = await lab();
    const report = await writeLab(dir, tree(two));
    expect(report).toEqual({
      written: ['Vagrantfile'],
      unchanged: ['provision/cp1.sh'],
      removed: ['provision/cp1/kubeadm.yaml'],
      kept: [],
    });
    expect(await contents(dir)).toEqual(two);
    expect(await readdir(path.join(dir, 'provision'))).toEqual(['cp1.sh']);
  });

  test('leaves files and folders of a person alone, also inside folders it made', async () => {
    const dir = await lab();
    await writeFile(path.join(dir, 'provision/cp1/notes.txt'), 'mine');
    await mkdir(path.join(dir, 'provision/mine'));
    await writeLab(dir, tree(two));
    expect(await contents(dir)).toEqual({ ...two, 'provision/cp1/notes.txt': 'mine' });
    expect(await readdir(path.join(dir, 'provision'))).toEqual(['cp1', 'cp1.sh', 'mine']);
    await rm(path.join(dir, 'provision/cp1/notes.txt'));
    await writeLab(dir, tree(two));
    expect(await readdir(path.join(dir, 'provision'))).toEqual(['cp1.sh', 'mine']);
  });

  test('brings back a file that somebody deleted', async () => {
    const dir = await lab();
    await rm(path.join(dir, 'Vagrantfile'));
    expect((await writeLab(dir, tree(one))).written).toEqual(['Vagrantfile']);
  });

  onUnix('repairs the mode of a script', async () => {
    const dir = await lab();
    await chmod(path.join(dir, 'provision/cp1.sh'), 0o644);
    await writeLab(dir, tree(one));
    expect((await stat(path.join(dir, 'provision/cp1.sh'))).mode & 0o777).toBe(0o755);
  });

  test('takes a file whose line ends a checkout changed for its own', async () => {
    const dir = await lab();
    await writeFile(path.join(dir, 'provision/cp1.sh'), 'echo 1\r\n');
    const report = await writeLab(dir, tree(one));
    expect(report.written).toEqual(['provision/cp1.sh']);
    expect(report.kept).toEqual([]);
  });

  test('adopts a lab that was copied without its state, and keeps what differs', async () => {
    const dir = await temporaryFolder();
    const marked = {
      Vagrantfile: '# Generated by k8slab from lab.yaml. Edits are kept: see README.md\nv1\n',
      'a.sh': '1\n',
    };
    for (const [file, text] of Object.entries(marked)) await writeFile(path.join(dir, file), text);
    const report = await writeLab(dir, tree({ ...marked, 'a.sh': '2\n' }));
    expect(report.unchanged).toEqual(['Vagrantfile']);
    expect(report.kept).toEqual([{ path: 'a.sh', newPath: 'a.sh.k8slab-new', reason: 'edited' }]);
    expect(await readFile(path.join(dir, 'a.sh'), 'utf8')).toBe('1\n');
  });
});

describe('a file that a person edited', () => {
  async function edited(): Promise<string> {
    const dir = await lab();
    await writeFile(path.join(dir, 'Vagrantfile'), 'v1 and mine\n');
    return dir;
  }
  const kept = [{ path: 'Vagrantfile', newPath: 'Vagrantfile.k8slab-new', reason: 'edited' }];

  test('stays, and the new version waits beside it, however often the lab is rendered', async () => {
    const dir = await edited();
    for (const expected of [['provision/cp1.sh'], []]) {
      const report = await writeLab(dir, tree({ ...two, 'provision/cp1.sh': 'echo 2\n' }));
      expect(report.kept).toEqual(kept);
      expect(report.written).toEqual(expected);
    }
    expect(await contents(dir)).toEqual({
      Vagrantfile: 'v1 and mine\n',
      'Vagrantfile.k8slab-new': 'v2\n',
      'provision/cp1.sh': 'echo 2\n',
    });
  });

  test('counts as ours again once the new version is adopted, also when the lab changes at the same time', async () => {
    const dir = await edited();
    await writeLab(dir, tree(two));
    await rename(path.join(dir, 'Vagrantfile.k8slab-new'), path.join(dir, 'Vagrantfile'));
    const report = await writeLab(dir, tree({ ...two, Vagrantfile: 'v3\n' }));
    expect(report.kept).toEqual([]);
    expect(await contents(dir)).toEqual({ ...two, Vagrantfile: 'v3\n' });
  });

  test('loses the waiting version when it was adopted by hand or the edit was undone', async () => {
    for (const content of ['v2\n', 'v1\n']) {
      const dir = await edited();
      await writeLab(dir, tree(two));
      await writeFile(path.join(dir, 'Vagrantfile'), content);
      const report = await writeLab(dir, tree(two));
      expect(report.kept).toEqual([]);
      expect(await contents(dir)).toEqual(two);
    }
  });

  test('is kept when it is no longer generated', async () => {
    const dir = await lab();
    await writeFile(path.join(dir, 'provision/cp1/kubeadm.yaml'), 'mine\n');
    for (let times = 0; times < 2; times += 1) {
      const report = await writeLab(dir, tree(two));
      expect(report.kept).toEqual([{ path: 'provision/cp1/kubeadm.yaml', reason: 'no-longer-generated' }]);
      expect(report.removed).toEqual([]);
    }
    expect(await contents(dir)).toEqual({ ...two, 'provision/cp1/kubeadm.yaml': 'mine\n' });
  });

  test('keeps an edited waiting version too', async () => {
    const dir = await edited();
    await writeLab(dir, tree(two));
    await writeFile(path.join(dir, 'Vagrantfile.k8slab-new'), 'half merged\n');
    const report = await writeLab(dir, tree({ ...two, Vagrantfile: 'v3\n' }));
    expect(report.kept).toEqual([{ path: 'Vagrantfile', reason: 'edited' }]);
    expect((await contents(dir))['Vagrantfile.k8slab-new']).toBe('half merged\n');
  });
});
