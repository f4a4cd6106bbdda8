import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadPrism } from '@ruby/prism';
import { afterAll, describe, expect, test } from '@jest/globals';
import { renderAll } from './support/labs.js';
import { few, requirePrograms, say } from './support/programs.js';

/** Vagrantfiles in front of Ruby: of the versions that Vagrant comes with, and what they do when they are loaded. */
const { root, labs } = renderAll();
afterAll(() => {
  rmSync(root, { recursive: true, force: true });
});

const rubyFiles = labs.flatMap(({ folder, files }) =>
  files.filter((file) => /^Vagrantfile$|\.rb$/.test(file)).map((file) => path.join(folder, file)),
);

/** Vagrant 2.3 comes with Ruby 2.7 or 3.1, Vagrant 2.4 with 3.3; `ruby` itself, 3.1 or later, reads the files in generated.test.ts. */
describe.each(['3.3.0', '3.4.0'])('the grammar of Ruby %s', (version) => {
  test('holds every Vagrantfile, without a warning', async () => {
    const parse = await loadPrism();
    expect(rubyFiles.length).toBeGreaterThan(20);
    for (const file of rubyFiles) {
      const { errors, warnings } = parse(readFileSync(file, 'utf8'), { version });
      expect([file, errors, warnings]).toEqual([file, [], []]);
    }
  });

  test('is really asked', async () => {
    const parse = await loadPrism();
    expect(parse('def a(\n', { version }).errors).not.toEqual([]);
    // Allowed up to Ruby 3.3.
    expect(parse('a[0, &b] = 1', { version }).errors.length > 0).toBe(version !== '3.3.0');
  });
});

describe('the grammar of Ruby 3.2', () => {
  const parser = path.join(import.meta.dirname, 'support', 'parseRuby32.rb');
  const complaints = async (...files: string[]): Promise<string> => {
    requirePrograms('ruby');
    const { status, stdout, text } = await say('ruby', ['-W0', parser, ...files]);
    expect({ status, text: status === 0 ? '' : text }).toEqual({ status: 0, text: '' });
    return stdout;
  };

  test('holds every Vagrantfile', async () => {
    expect(await complaints(...rubyFiles)).toBe('');
  });

  test('is really asked', async () => {
    const file = path.join(root, 'example.rb');
    // Ruby 3.1 does not know it yet, Ruby 3.2 does.
    writeFileSync(file, 'def a(*)\n  b(*)\nend\n');
    expect(await complaints(file)).toBe('');
    writeFileSync(file, 'def a(*)\n  b(**)\nend\n');
    expect(await complaints(file)).toContain('no anonymous keyword rest parameter');
  });
});

describe('loading a Vagrantfile', () => {
  const tracer = path.join(import.meta.dirname, 'support', 'loadVagrantfile.rb');
  const calls = async (file: string): Promise<string[]> => {
    const { status, stdout, text } = await say('ruby', [tracer, file]);
    expect({ status, text: status === 0 ? '' : text }).toEqual({ status: 0, text: '' });
    return JSON.parse(stdout) as string[];
  };
  const table = ['#<Class:Vagrant>#configure', 'Array#each', 'Hash#[]', 'Recorder#method_missing'];
  const allowed: Record<string, readonly string[]> = {
    virtualbox: [...table, 'String#delete'],
    // One file of its own is loaded, and the network's name is put together.
    libvirt: [
      ...table,
      'Array#[]',
      'IO#set_encoding',
      'Kernel#require_relative',
      'String#==',
      'String#empty?',
      'String#split',
    ],
    // One file of its own is loaded, and paths of its scripts are put together.
    lxc: [
      ...table,
      '#<Class:File>#join',
      '#<Class:Shellwords>#shelljoin',
      'IO#set_encoding',
      'Integer#*',
      'Kernel#__dir__',
      'Kernel#require_relative',
      'String#b',
    ],
  };

  test.each(Object.keys(allowed))(
    'with %s calls nothing that reads, runs or asks for anything: only its table',
    async (provider) => {
      requirePrograms('ruby');
      const own = labs.filter(({ name }) => name.endsWith(`-${provider}`));
      expect(own.length).toBeGreaterThan(5);
      const seen = await few(own, 2, ({ folder }) => calls(path.join(folder, 'Vagrantfile')));
      expect([...new Set(seen.flat())].sort()).toEqual([...(allowed[provider] ?? [])].sort());
    },
    120_000,
  );

  test('would be caught at reading, running and asking, in a block of Vagrant’s, too', async () => {
    requirePrograms('ruby');
    const file = path.join(root, 'Vagrantfile');
    writeFileSync(
      file,
      [
        'A = [ENV["HOME"], File.read(__FILE__), `true`, Dir.glob("*")]',
        'require "open3"',
        'Vagrant.configure("2") do |config|',
        '  config.vm.define("a") { |machine| machine.vm.provider("x") { |vb| vb.name = Open3.capture2("true") } }',
        'end',
        '',
      ].join('\n'),
    );
    expect(await calls(file)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^#<Class:#<Object:.*#\[\]$/),
        '#<Class:IO>#read',
        'Kernel#`',
        '#<Class:Dir>#glob',
        'Kernel#require',
        '#<Class:Open3>#capture2',
      ]),
    );
  });
});
