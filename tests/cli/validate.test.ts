import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { Place } from './support/place.js';

const place = new Place('labs');
afterAll(() => {
  place.remove();
});

const write = (name: string, text: string): string => {
  writeFileSync(place.path(name), text);
  return name;
};

describe('validate', () => {
  test('reports every mistake of every file with line, column, the line, a caret and the fix', async () => {
    const good = write('good.yaml', 'name: good\ncontrolPlanes: 1\nworkers: 2\n');
    const bad = write(
      'bad.yaml',
      'name: Bad_Name\nworkers:\n  count: 2\n  memroy: 4GiB\nkubernetes:\n  version: 1.30\nnetworking:\n  podSubnet: 10.1.2.3/16\n',
    );
    const { stdout, stderr } = await place.expect(2, 'validate', good, bad);
    const said = stdout + stderr;
    expect(said).toContain('✓ good.yaml');
    expect(said).toMatch(/bad\.yaml:1:7/);
    expect(said).toMatch(/bad\.yaml:4:3\n.*memroy: 4GiB\n.*\^{6}/);
    expect(said).toContain('memory');
    expect(said).toMatch(/bad\.yaml:6:12/);
    expect(said).toMatch(/bad\.yaml:8:14/);
  });

  test('gives programs the same', async () => {
    const bad = write('bad2.yaml', 'name: bad2\nworkers: -1\n');
    const [result] = (await place.json(2, 'validate', bad)) as {
      file: string;
      errors: { line: number; code: string }[];
    }[];
    expect(result).toMatchObject({ file: 'bad2.yaml', errors: [{ line: 2, column: 10 }] });
  });

  test('is fine with presets, shorthands, folders and files', async () => {
    mkdirSync(place.path('folder'));
    write('folder/lab.yaml', 'name: in-folder\nworkers: 1\n');
    await place.expect(0, 'validate', '1cp-2w', '2cp-0w-1lb', './folder', 'folder/lab.yaml');
  });
});

describe('hostile descriptions are refused, by name, at once, and nothing of them runs', () => {
  const bomb = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let level = 1; level < 12; level++) {
    bomb.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
  }
  const cases: Record<string, string> = {
    'shell in a name': 'name: "x\'; touch owned #"\n',
    'ruby in a name': 'name: "#{`touch owned`}"\n',
    'command substitution in a machine’s name':
      'name: x\nworkers:\n  count: 1\n  machines:\n    - name: $(touch owned)\n',
    'a newline in a machine’s name': 'name: x\nworkers:\n  count: 1\n  machines:\n    - name: "a\\nb"\n',
    'a version with shell in it': 'name: x\nkubernetes:\n  version: "1.36.3; touch owned"\n',
    'dots in a name': 'name: ../../etc\n',
    'a carriage return and escapes': 'name: "a\\r\\e[2J"\n',
    'an anchor bomb': `name: x\n${bomb.join('\n')}\n`,
    'not YAML': '\t{{{{\n',
    'a list': '- a\n- b\n',
    binary: '\u0000\u0001\u0002',
    'a tag that would run code': 'name: !!js/function "function () { process.exit(0) }"\n',
    'prototype keys': '__proto__:\n  polluted: true\nname: x\n',
    'two documents': 'name: a\n---\nname: b\n',
  };

  test.each(Object.entries(cases))('%s', async (what, text) => {
    const file = write(`${what.replaceAll(/\W+/g, '-')}.yaml`, text);
    const { stdout, stderr, seconds } = await place.expect(2, 'validate', file);
    expect(stdout + stderr).toMatch(/LAB_[A-Z_]+/);
    expect(stdout + stderr).not.toContain(String.fromCharCode(27));
    expect(seconds).toBeLessThan(10);
    expect(Object.keys(place.files())).not.toContain('owned');
  });

  test('ten megabytes are not even read', async () => {
    const file = write('large.yaml', `name: x\ndescription: "${'a'.repeat(10 * 1024 * 1024)}"\n`);
    const { stderr, stdout, seconds } = await place.expect(2, 'plan', file);
    expect(stdout + stderr).toContain('LAB_TOO_LARGE');
    expect(seconds).toBeLessThan(10);
  });

  test('a box address with a quote in it stays one string in the Vagrantfile', async () => {
    const url = "https://example.org/a'b#{exit}.box";
    const file = write(
      'box.yaml',
      `name: quoted\nworkers: 1\nprovider: virtualbox\nbox:\n  name: x/y\n  url: ${JSON.stringify(url)}\n  family: apt\n`,
    );
    const ran = await place.run(['create', file, '--no-up']);
    if (ran.status === 0) {
      expect(place.read('quoted', 'Vagrantfile')).not.toMatch(/"[^"\n]*[^\\]#\{exit\}/);
    } else {
      expect(ran).toMatchObject({ status: 2 });
      expect(ran.stderr).toMatch(/LAB_/);
    }
  });
});
