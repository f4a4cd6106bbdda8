import { afterAll, describe, expect, test } from '@jest/globals';
import { Place } from './support/place.js';

const place = new Place();
afterAll(() => {
  place.remove();
});

const escape = String.fromCharCode(27);

interface Plan {
  name: string;
  provider: string;
  networking: { podSubnet: string; hostOnly: { cidr: string } };
  machines: { name: string; role: string; address: string; memoryMiB: number }[];
}

describe('list and show', () => {
  test('list prints a line for each preset', async () => {
    const { stdout, stderr } = await place.expect(0, 'list');
    const presets = (await place.json(0, 'list')) as { name: string; machines: number }[];
    expect(presets.map(({ name }) => name)).toEqual(expect.arrayContaining(['1cp-1w', '1cp-2w', 'cni-2n']));
    for (const { name } of presets) expect(stdout).toContain(name);
    expect(presets.find(({ name }) => name === '1cp-2w')?.machines).toBe(3);
    expect(stderr).toBe('');
  });

  test('show prints the description, which is itself a lab', async () => {
    const { stdout } = await place.expect(0, 'show', '1cp-2w');
    expect(stdout).toContain('controlPlanes: 1');
    const shown = (await place.json(0, 'show', '5cp-2w')) as { kind: string; lab: string };
    expect(shown.kind).toBe('shorthand');
    expect(shown.lab).toContain('controlPlanes: 5');
  });
});

describe('plan', () => {
  test('for people: machines, addresses, ranges, ports, a picture; nothing is written', async () => {
    const before = place.files();
    const { stdout, stderr } = await place.expect(0, 'plan', '1cp-2w', '--provider', 'virtualbox');
    for (const text of ['cp1', 'worker2', '192.168.', '10.244.0.0/16', '6443/tcp', '┌', 'What now?']) {
      expect(stdout).toContain(text);
    }
    expect(stderr).toBe('');
    expect(place.files()).toEqual(before);
  });

  test('for programs: the Cluster, and nothing else on stdout', async () => {
    const plan = (await place.json(0, 'plan', '3cp-2w-2lb', '--provider', 'virtualbox')) as Plan;
    expect(plan.machines.map(({ role }) => role)).toEqual([
      ...Array.from({ length: 2 }, () => 'load-balancer'),
      ...Array.from({ length: 3 }, () => 'control-plane'),
      ...Array.from({ length: 2 }, () => 'worker'),
    ]);
    expect(new Set(plan.machines.map(({ address }) => address)).size).toBe(7);
  });

  test('--set and --provider change the description', async () => {
    const changes = ['--set', 'workers.memory=4GiB', '--set', 'networking.podSubnet=10.20.0.0/16'];
    const plan = (await place.json(0, 'plan', '1cp-1w', '--provider', 'lxc', ...changes)) as Plan;
    expect(plan).toMatchObject({ provider: 'lxc', networking: { podSubnet: '10.20.0.0/16' } });
    expect(plan.machines.find(({ role }) => role === 'worker')?.memoryMiB).toBe(4096);
  });

  test.each([
    [['--set', 'workers.memroy=4GiB'], 'memory'],
    [['--set', 'workers'], '--set'],
    [['--set', 'networking.podSubnet=10.0.0.1/8'], 'LAB_'],
    [['--provider', 'vritualbox'], 'virtualbox'],
  ])('%j is refused with advice', async (args, advice) => {
    const { stdout, stderr } = await place.expect(2, 'plan', '1cp-2w', ...args);
    expect(stdout).toBe('');
    expect(stderr).toContain(advice);
  });

  test('an unknown preset is refused with those there are', async () => {
    const { stderr } = await place.expect(2, 'plan', '1cp2w');
    expect(stderr).toContain('LAB_UNKNOWN_NAME');
    expect(stderr).toContain('1cp-2w');
  });

  test('errors with --json are one document on stdout, and for people on stderr', async () => {
    const ran = await place.run(['plan', 'nowhere.yaml', '--json']);
    expect(ran.status).toBe(2);
    expect(JSON.parse(ran.stdout)).toMatchObject({ errors: [{ code: 'LAB_NOT_FOUND' }] });
    expect(ran.stderr).toContain('nowhere.yaml');
  });
});

describe('colour', () => {
  test('is not there when nobody looks, and not with NO_COLOR', async () => {
    const { stdout } = await place.expect(0, 'plan', 'cni-2n');
    expect(stdout).not.toContain(escape);
    const forced = await place.run(['plan', 'cni-2n'], { env: { FORCE_COLOR: '1' } });
    expect(forced.stdout).toContain(escape);
    const both = await place.run(['plan', 'cni-2n'], { env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(both.stdout).not.toContain(escape);
  });
});

test('a reader that has seen enough is no failure', async () => {
  const ran = await place.run(['plan', '1cp-2w'], {
    started: (child) => child.stdout?.destroy(),
  });
  expect(ran).toMatchObject({ status: 0, stderr: '' });
});
