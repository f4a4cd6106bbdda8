import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Place } from './support/place.js';

const place = new Place('a folder with späces & ünïcode');
afterAll(() => {
  place.remove();
});

const modeOf = (...parts: string[]): number => statSync(place.path(...parts)).mode & 0o777;

describe('create --no-up', () => {
  test('writes the complete lab', async () => {
    const { stdout, stderr } = await place.expect(
      0,
      'create',
      '1cp-2w',
      '--no-up',
      '--provider',
      'virtualbox',
    );
    expect(stderr).toBe('');
    expect(stdout).toContain('cd 1cp-2w && k8slab up');
    const files = Object.keys(place.files('1cp-2w')).map((file) => file.replaceAll('\\', '/'));
    const expected = ['lab.yaml', 'Vagrantfile', 'README.md', '.gitignore', '.k8slab/kubeconfig'];
    const machines = ['cp1', 'worker1', 'worker2'].map((name) => `provision/${name}.sh`);
    expect(files).toEqual(expect.arrayContaining([...expected, ...machines]));
    expect(files.filter((file) => file.startsWith('.k8slab/secrets/'))).toEqual(
      expect.arrayContaining([
        '.k8slab/secrets/node/bootstrap-token',
        '.k8slab/secrets/control-plane/pki/ca.key',
      ]),
    );
    expect(place.read('1cp-2w', '.gitignore')).toContain('.k8slab');
  });

  test('keeps secrets out of every other file, and to oneself', () => {
    const files = place.files('1cp-2w');
    const token = place.read('1cp-2w', '.k8slab', 'secrets', 'node', 'bootstrap-token').trim();
    expect(token).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
    const holders = Object.entries(files).filter(
      ([, text]) => text.includes(token) || /-----BEGIN [A-Z ]*PRIVATE KEY/.test(text),
    );
    expect(holders.filter(([file]) => !file.startsWith('.k8slab'))).toEqual([]);
    if (process.platform === 'win32') return;
    expect(modeOf('1cp-2w', '.k8slab', 'secrets')).toBe(0o700);
    expect(modeOf('1cp-2w', '.k8slab', 'secrets', 'node', 'bootstrap-token')).toBe(0o600);
    expect(modeOf('1cp-2w', '.k8slab', 'kubeconfig')).toBe(0o600);
  });

  test('again changes nothing', async () => {
    const before = place.files('1cp-2w');
    const ran = await place.json(0, 'create', '1cp-2w', '--no-up', '--provider', 'virtualbox');
    expect(ran).toMatchObject({ files: { written: [], removed: [], kept: [] } });
    expect(place.files('1cp-2w')).toEqual(before);
  });

  test('of another lab in the same folder is refused, and the folder stays as it is', async () => {
    const before = place.files('1cp-2w');
    const { stderr } = await place.expect(2, 'create', 'cni-2n', '--no-up', '--dir', '1cp-2w');
    expect(stderr).toContain('RENDER_LAB_EXISTS');
    expect(place.files('1cp-2w')).toEqual(before);
  });

  test('into a folder with somebody’s files is refused', async () => {
    mkdirSync(place.path('thesis'));
    writeFileSync(place.path('thesis', 'chapter1.tex'), 'precious');
    const { stderr } = await place.expect(2, 'create', 'cni-2n', '--no-up', '--dir', 'thesis');
    expect(stderr).toContain('RENDER_FOLDER_NOT_OURS');
    expect(place.files('thesis')).toEqual({ 'chapter1.tex': 'precious' });
  });

  test('of a lab with mistakes touches nothing', async () => {
    writeFileSync(
      place.path('wrong.yaml'),
      'name: wrong\nworkers: 2\nnetworking:\n  podSubnet: 10.1.2.3/16\n',
    );
    const before = place.files();
    await place.expect(2, 'create', 'wrong.yaml', '--no-up');
    expect(place.files()).toEqual(before);
  });

  test('writes what --set and --provider said into lab.yaml', async () => {
    const changes = ['--provider', 'lxc', '--set', 'name=mine', '--set', 'workers.memory=2GiB'];
    await place.expect(0, 'create', 'cni-2n', '--no-up', ...changes);
    expect(place.read('mine', 'lab.yaml')).toMatch(/provider: lxc/);
    expect(place.read('mine', 'lab.yaml')).toMatch(/memory: 2GiB/);
    expect(place.read('mine', 'Vagrantfile')).toContain('2048');
  });

  test('gives each lab a network of its own, but not labs of another state folder', async () => {
    const subnetOf = (name: string): string =>
      /192\.168\.\d+/.exec(place.read(name, 'Vagrantfile'))?.[0] ?? '';
    expect(subnetOf('1cp-2w')).not.toBe(subnetOf('mine'));
    const elsewhere = { K8SLAB_STATE_DIR: place.path('other-state') };
    const ran = await place.run(
      ['create', '1cp-2w', '--no-up', '--dir', 'elsewhere', '--provider', 'virtualbox'],
      {
        env: elsewhere,
      },
    );
    expect(ran.status).toBe(0);
    expect(subnetOf('elsewhere')).toBe(subnetOf('1cp-2w'));
    const state = JSON.parse(place.read('other-state', 'labs.json')) as { labs: { folder: string }[] };
    expect(state.labs.map(({ folder }) => folder)).toEqual([place.path('elsewhere')]);
  });
});

describe('on a host with nothing installed', () => {
  test('create writes the complete lab and the plan, then says what is missing, and exits 3', async () => {
    const { stdout, stderr } = await place.expect(3, 'create', '1cp-1w', '--provider', 'virtualbox');
    expect(stdout).toContain('6443/tcp');
    expect(stdout).toMatch(/Written to .*1cp-1w: \d+ files/);
    expect(stderr).toContain('HOST_PROGRAMS_MISSING');
    for (const program of ['vagrant', 'ssh', 'VBoxManage']) expect(stderr).toContain(program);
    expect(stderr).toContain('k8slab setup');
    expect(Object.keys(place.files('1cp-1w'))).toContain('Vagrantfile');
  });

  test('with --json that is one document', async () => {
    const document = await place.json(3, 'create', '1cp-1w', '--provider', 'virtualbox');
    expect(document).toMatchObject({ errors: [{ code: 'HOST_PROGRAMS_MISSING' }] });
  });

  test('the command is the one of this system', async () => {
    const { stderr } = await place.run(['create', '1cp-1w', '--provider', 'virtualbox']);
    const managers = /apt-get install|dnf install|pacman -S|brew install|winget install/;
    if (process.platform !== 'linux' || /ID=(debian|ubuntu|fedora|arch)/.test(osRelease())) {
      expect(stderr).toMatch(managers);
    }
  });

  test.each(['up', 'provision', 'halt'])('%s says the same', async (command) => {
    const { stderr } = await place.expect(3, command, '--dir', '1cp-1w');
    expect(stderr).toContain('HOST_PROGRAMS_MISSING');
  });

  test('setup that nobody agreed to installs nothing', async () => {
    const { stderr } = await place.expect(3, 'setup', '--provider', 'virtualbox');
    expect(stderr).toMatch(/HOST_SETUP_(REFUSED|MANUAL)/);
  });

  test('doctor says it before anything is written, and exits 3', async () => {
    const document = await place.json(3, 'doctor', '1cp-2w');
    expect(document).toMatchObject({ ready: false });
  });

  test('status still answers', async () => {
    const { stdout } = await place.expect(0, 'status', '--dir', '1cp-1w');
    expect(stdout).toMatch(/cp1 .*not created/);
  });
});

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8');
  } catch {
    return '';
  }
}
