import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { installed } from '../support/k8slab.js';
import { Place } from './support/place.js';

const place = new Place();
afterAll(() => {
  place.remove();
});

/** The names are fixed. */
const commands = [
  ...[
    'create',
    'plan',
    'validate',
    'list',
    'show',
    'render',
    'up',
    'provision',
    'halt',
    'reset',
    'destroy',
    'status',
    'ssh',
  ],
  ...['kubectl', 'kubeconfig', 'verify', 'doctor', 'setup', 'explain', 'completion', 'bundle', 'box'],
];

describe('help', () => {
  test('of the program names every command once, with a line about it', async () => {
    const { stdout } = await place.expect(0, '--help');
    const listed = [...stdout.matchAll(/^ {2}k8slab ([a-z]+)\b.*\S/gm)].map((match) => match[1] ?? '');
    expect(listed.sort()).toEqual([...commands].sort());
    expect(stdout).toContain('k8slab create 1cp-2w');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  const flags: Record<string, string[]> = {
    create: ['--dir', '--provider', '--set', '--no-up', '--setup', '--yes', '--json'],
    plan: ['--json', '--set', '--provider'],
    validate: ['--json'],
    verify: [
      '--wait',
      '--from',
      '--save',
      '--html',
      '--junit',
      '--layer',
      '--only',
      '--skip',
      '--json',
      '--dir',
    ],
    kubeconfig: ['--merge'],
    ssh: ['--dir'],
    setup: ['--yes', '--provider'],
  };
  test.each(Object.entries(flags))('of %s names its flags', async (command, expected) => {
    const { stdout, stderr } = await place.expect(0, command, '--help');
    expect(expected.filter((flag) => !stdout.includes(flag))).toEqual([]);
    expect(stderr).toBe('');
  });

  test('of every command is there, and does nothing else', async () => {
    for (const command of commands.filter((name) => !(name in flags) && name !== 'completion')) {
      const { stdout } = await place.expect(0, command, '--help');
      expect(stdout).toMatch(new RegExp(`^k8slab ${command}\\b`));
    }
    expect(place.files()).toEqual({});
  });

  test('--version is the package’s', async () => {
    const version = JSON.parse(readFileSync(installed('node_modules', 'k8slab', 'package.json'), 'utf8')) as {
      version: string;
    };
    expect((await place.expect(0, '--version')).stdout).toBe(`${version.version}\n`);
  });
});

describe('usage', () => {
  test.each([
    [[], 'Which command?', 'k8slab --help'],
    [['plna', '1cp-2w'], 'no command "plna"', 'Did you mean plan?'],
    [['frobnicate'], 'no command "frobnicate"', 'k8slab --help'],
    [['plan', '1cp-2w', '--jsn'], 'no flag --jsn', 'Did you mean --json?'],
    [['plan', '--jsn', '1cp-2w'], 'no flag --jsn', 'Did you mean --json?'],
    [['create', '1cp-2w', '--no-upp'], 'no flag --no-upp', 'k8slab create --help'],
    [['plan'], 'missing after: k8slab plan', 'k8slab plan --help'],
    [['validate'], 'missing after: k8slab validate', 'k8slab validate --help'],
  ])('%j exits 2 and says: %s, %s', async (args, said, advice) => {
    const { stdout, stderr } = await place.expect(2, ...args);
    expect(stdout).toBe('');
    expect(stderr).toContain(said);
    expect(stderr).toContain(advice);
  });

  test('with --json is one document too', async () => {
    const document = await place.json(2, 'plan', '1cp-2w', '--wrong');
    expect(document).toMatchObject({
      errors: [{ code: 'USAGE', message: 'k8slab plan has no flag --wrong.' }],
    });
  });

  test.each([
    ['status'],
    ['ssh', 'cp1', '--', 'true'],
    ['kubectl', 'get', 'nodes'],
    ['kubeconfig'],
    ['verify'],
    ['render'],
    ['up'],
    ['halt'],
    ['reset', '--yes'],
    ['reset', '--dry-run'],
    ['destroy', '--yes'],
    ['provision'],
  ])('%s outside of a lab exits 2 and says where to go', async (...args) => {
    const { stdout, stderr } = await place.expect(2, ...args);
    expect(stdout).toBe('');
    expect(stderr).toContain('LAB_NO_FOLDER');
    expect(stderr).toContain('--dir <lab folder>');
  });
});

describe('explain', () => {
  test('prints a page, whatever the case of the code', async () => {
    const { stdout } = await place.expect(0, 'explain', 'lab_host_bits');
    expect(stdout).toMatch(/^LAB_HOST_BITS {2}\S/);
    expect(stdout).toContain('What to do');
  });

  test('without a code lists all of them', async () => {
    const all = (await place.json(0, 'explain')) as { code: string; exit: number }[];
    expect(all.length).toBeGreaterThan(50);
    expect(all.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['LAB_HOST_BITS', 'GUEST_ROUTE_MISSING']),
    );
  });

  test('suggests the code that was meant', async () => {
    const { stderr } = await place.expect(2, 'explain', 'LAB_HOST_BIT');
    expect(stderr).toContain('k8slab explain LAB_HOST_BITS');
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const { stdout } = await place.expect(0, '--get-yargs-completions', 'k8slab', ...words);
    return stdout.split('\n').filter(Boolean);
  };

  test('prints a script that bash accepts', async () => {
    const ran = await place.run(['completion'], { env: { SHELL: '/bin/bash' } });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('complete -o bashdefault');
    if (process.platform !== 'win32') execFileSync('bash', ['-n'], { input: ran.stdout });
  });

  test('knows commands, flags, presets, providers and codes', async () => {
    expect(await complete('')).toEqual(expect.arrayContaining(commands));
    expect(await complete('create', '--')).toEqual(expect.arrayContaining(['--dir', '--provider', '--set']));
    expect(await complete('create', '1cp')).toEqual(['1cp-1w', '1cp-2w', '1cp-3w']);
    expect(await complete('plan', '')).toContain('cni-2n');
    expect(await complete('create', '1cp-2w', '--provider', '')).toEqual(
      expect.arrayContaining(['auto', 'lxc', 'virtualbox']),
    );
    expect(await complete('explain', 'LAB_HOST_B')).toEqual(['LAB_HOST_BITS']);
  });

  test('knows the machines of the lab one stands in, and says nothing elsewhere', async () => {
    expect(await complete('ssh', '')).toEqual(expect.not.arrayContaining(['node1']));
    await place.expect(0, 'create', 'cni-2n', '--no-up');
    const inLab = async (...words: string[]): Promise<string> =>
      (await place.run(['--get-yargs-completions', 'k8slab', ...words], { cwd: place.path('cni-2n') }))
        .stdout;
    expect(await inLab('ssh', '')).toBe('node1\nnode2\n');
    expect(await inLab('up', 'node1', '')).toBe('node2\n');
  });
});
