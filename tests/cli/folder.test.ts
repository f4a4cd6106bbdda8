import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requireStatus } from '../support/k8slab.js';
import { Place } from './support/place.js';

const place = new Place();
const inLab = ['--dir', 'lab'];

beforeAll(async () => {
  await place.expect(0, 'create', '1cp-1w', '--no-up', '--provider', 'virtualbox', '--dir', 'lab');
}, 60_000);
afterAll(() => {
  place.remove();
});

/** A list of labs of its own: there are eight networks for labs on a host, and other labs may have most of them. */
const aside = (name: string): { env: Record<string, string> } => ({
  env: { K8SLAB_STATE_DIR: place.path('..', `state-${name}`) },
});

interface Rendered {
  written: string[];
  removed: string[];
  kept: { path: string; newPath?: string }[];
  unchanged: string[];
}
const render = async (): Promise<Rendered> => (await place.json(0, 'render', ...inLab)) as Rendered;
const edit = (file: string, from: string, to: string): void => {
  const before = place.read('lab', file);
  expect(before).toContain(from);
  writeFileSync(place.path('lab', file), before.replace(from, to));
};

describe('render', () => {
  test('without an edit changes nothing', async () => {
    expect(await render()).toMatchObject({ written: [], removed: [], kept: [] });
  });

  test('after an edit writes only what changed, and keeps the secrets', async () => {
    const before = place.files('lab');
    edit('lab.yaml', 'workers: 1', 'workers: 2');
    const { written, removed } = await render();
    expect(written).toEqual(expect.arrayContaining(['Vagrantfile', 'provision/worker2.sh', 'README.md']));
    expect(removed).toEqual([]);
    const after = place.files('lab');
    for (const [file, text] of Object.entries(before)) {
      if (file.startsWith('.k8slab/secrets')) expect(after[file]).toBe(text);
    }
    expect(written).not.toContain('provision/worker1/kubeadm-join.yaml');
  });

  test('removes what it wrote and nobody needs any more, and nothing else', async () => {
    writeFileSync(place.path('lab', 'provision', 'notes.txt'), 'mine');
    edit('lab.yaml', 'workers: 2', 'workers: 1');
    const { removed } = await render();
    expect(removed).toContain('provision/worker2.sh');
    expect(Object.keys(place.files('lab', 'provision'))).not.toContain('worker2.sh');
    expect(place.read('lab', 'provision', 'notes.txt')).toBe('mine');
  });

  test('keeps a file a person edited, puts the new one beside it, and says so', async () => {
    appendFileSync(place.path('lab', 'Vagrantfile'), '# my own line\n');
    edit('lab.yaml', 'workers: 1', 'workers: 2');
    const { stdout } = await place.expect(0, 'render', ...inLab);
    expect(stdout).toMatch(/kept +Vagrantfile: you edited it/);
    expect(place.read('lab', 'Vagrantfile')).toContain('# my own line');
    const beside = place.read('lab', 'Vagrantfile.k8slab-new');
    expect(beside).toContain('worker2');
    expect(beside).not.toContain('# my own line');
  });

  test('works from a folder below the lab', async () => {
    const ran = await place.run(['render'], { cwd: place.path('lab', 'provision') });
    expect(ran.status).toBe(0);
  });

  test('of a description with a mistake shows its place and leaves everything', async () => {
    const before = place.files('lab');
    edit('lab.yaml', 'workers: 2', 'workres: 2');
    const { stderr } = await place.expect(2, 'render', ...inLab);
    expect(stderr).toMatch(/lab\.yaml:\d+:1/);
    expect(stderr).toContain('workers');
    edit('lab.yaml', 'workres: 2', 'workers: 2');
    expect(place.files('lab')).toEqual(before);
  });
});

describe('kubeconfig', () => {
  const own = place.path('..', 'home', '.kube', 'config');

  test('prints where the lab’s lies', async () => {
    const { stdout } = await place.expect(0, 'kubeconfig', ...inLab);
    expect(stdout).toBe(`${place.path('lab', '.k8slab', 'kubeconfig')}\n`);
    expect(readFileSync(stdout.trim(), 'utf8')).toMatch(/server: https:\/\/192\.168\.\d+\.10:6443/);
  });

  test('--merge makes one’s own where there was none, for oneself alone', async () => {
    await place.expect(0, 'kubeconfig', '--merge', ...inLab);
    expect(readFileSync(own, 'utf8')).toContain('current-context: 1cp-1w');
    if (process.platform !== 'win32') expect(statSync(own).mode & 0o777).toBe(0o600);
  });

  test('--merge again changes nothing', async () => {
    const before = readFileSync(own, 'utf8');
    await place.expect(0, 'kubeconfig', '--merge', ...inLab);
    expect(readFileSync(own, 'utf8')).toBe(before);
  });

  test('--merge into $KUBECONFIG keeps what is there', async () => {
    const file = place.path('work.kubeconfig');
    const there =
      '# keep me\napiVersion: v1\nkind: Config\nclusters:\n  - name: work\n    cluster: {server: https://work.example}\ncontexts: []\nusers: []\ncurrent-context: work\n';
    writeFileSync(file, there, { mode: 0o644 });
    const ran = await place.run(['kubeconfig', '--merge', ...inLab], { env: { KUBECONFIG: file } });
    expect(ran.status).toBe(0);
    const merged = readFileSync(file, 'utf8');
    expect(merged).toContain('# keep me');
    expect(merged).toContain('https://work.example');
    expect(merged).toContain('current-context: 1cp-1w');
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('--merge into something else is refused', async () => {
    const file = place.path('no.kubeconfig');
    writeFileSync(file, '- not\n- a kubeconfig\n');
    const ran = await place.run(['kubeconfig', '--merge', ...inLab], { env: { KUBECONFIG: file } });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('LAB_KUBECONFIG');
    expect(readFileSync(file, 'utf8')).toBe('- not\n- a kubeconfig\n');
  });
});

test('a machine that is not in the lab is named, with those that are', async () => {
  const { stderr } = await place.expect(2, 'ssh', 'worker9', ...inLab);
  expect(stderr).toContain('worker9');
  expect(stderr).toContain('worker1');
});

test('a lab without Kubernetes says so', async () => {
  await place.run(['create', 'cni-2n', '--no-up', '--dir', 'plain'], aside('plain'));
  const { stderr } = await place.expect(2, 'kubectl', '--dir', 'plain', 'get', 'nodes');
  expect(stderr).toContain('LAB_NO_KUBERNETES');
});

describe('two runs at once', () => {
  test('the second is told who is at work, and exits 2 or 3', async () => {
    // What another k8slab leaves there while it works, as far as the lock is concerned.
    mkdirSync(place.path('lab', '.k8slab', 'lock'));
    const host = (await import('node:os')).hostname();
    const holder = { pid: process.pid, command: 'k8slab up', host, since: new Date().toISOString() };
    writeFileSync(place.path('lab', '.k8slab', 'lock.json'), JSON.stringify(holder));
    try {
      const { status, stderr } = await place.run(['render', ...inLab]);
      expect([2, 3]).toContain(status);
      expect(stderr).toContain('RENDER_LOCKED');
      expect(stderr).toContain(`"k8slab up" (process ${process.pid}`);
    } finally {
      rmSync(place.path('lab', '.k8slab', 'lock'), { recursive: true, force: true });
      rmSync(place.path('lab', '.k8slab', 'lock.json'), { force: true });
    }
  });

  test('creating one lab twice at once gives one lab, complete', async () => {
    const create = ['create', '1cp-2w', '--no-up', '--provider', 'virtualbox', '--dir', 'twice'];
    const both = await Promise.all([place.run(create, aside('twice')), place.run(create, aside('twice'))]);
    expect(both.map(({ status }) => status)).toContain(0);
    for (const { status, stderr } of both) if (status !== 0) expect(stderr).toContain('RENDER_LOCKED');
    const { status } = await place.run(['render', '--dir', 'twice'], aside('twice'));
    expect(status).toBe(0);
    const leftovers = Object.keys(place.files('twice')).filter((file) => /\.tmp$|staged|lock/.test(file));
    expect(leftovers).toEqual([]);
  });
});

describe('Ctrl-C', () => {
  const unix = process.platform !== 'win32';

  test.each([100, 250, 450])('after %i ms of a create leaves nothing half written', async (delay) => {
    if (!unix) return;
    const folder = `stopped-${delay}`;
    const create = ['create', '1cp-2w', '--no-up', '--provider', 'virtualbox', '--dir', folder];
    const { status } = await place.run(create, {
      ...aside(folder),
      started: (child) => setTimeout(() => child.kill('SIGINT'), delay),
    });
    expect([0, 130]).toContain(status);
    const again = await place.run([...create, '--json'], aside(folder));
    requireStatus(again, 0, create);
    expect((JSON.parse(again.stdout) as { files: Rendered }).files).toMatchObject({ kept: [], removed: [] });
    const files = Object.keys(place.files(folder));
    expect(files).toEqual(expect.arrayContaining(['Vagrantfile', 'lab.yaml', '.k8slab/cluster.json']));
    expect(files.filter((file) => /\.tmp$|staged|k8slab-new/.test(file))).toEqual([]);
  });
});

describe('a lab that was never booted', () => {
  test.each([
    ['verify', []],
    ['kubectl', ['get', 'nodes']],
    ['ssh', ['cp1']],
  ])('%s says so, and what to do', async (verb, words) => {
    const { stderr } = await place.expect(3, verb, ...inLab, ...words);
    expect(stderr).toContain('VAGRANT_');
    expect(stderr).toContain('k8slab');
  });
});

describe('doctor', () => {
  test('in a lab folder looks at that lab', async () => {
    const ran = await place.run(['doctor', '--json'], { cwd: place.path('lab') });
    const { lab } = JSON.parse(ran.stdout) as { lab: string };
    expect(lab).toBe(place.path('lab'));
  });
});
