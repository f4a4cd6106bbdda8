import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { installed, program, runProgram } from '../support/k8slab.js';
import { Place } from './support/place.js';

const root = installed('node_modules', 'k8slab');
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));

test('the package ships only what runs', () => {
  const top = [...new Set(files.map((file) => file.split('/')[0]))].sort();
  const folders = ['box-templates', 'dist', 'labs', 'provision-scripts', 'schema'];
  expect(top).toEqual(['LICENSE', 'README.md', ...folders, 'package.json'].sort());
  const tooMuch =
    /\.(ts|tsbuildinfo|map|test\.js)$|\.(log|tgz)$|(^|\/)(tests?|fixtures|src|node_modules|\.k8slab)\//;
  expect(files.filter((file) => tooMuch.test(file))).toEqual([]);
});

test('the package holds everything it needs', () => {
  const needed = [
    'dist/cli.js',
    'dist/assets.json',
    'schema/lab.schema.json',
    'box-templates/Vagrantfile.hbs',
  ];
  const presets = ['labs/1cp-2w/lab.yaml', 'labs/1cp-2w/README.md', 'labs/cni-2n/lab.yaml'];
  expect(files).toEqual(expect.arrayContaining([...needed, ...presets]));
});

test('files that run stay executable, and no text has Windows line ends', () => {
  if (process.platform !== 'win32') {
    const build = statSync(path.join(root, 'box-templates/lxc/box/lxc-template'));
    expect(build.mode & 0o111).not.toBe(0);
  }
  const texts = files.filter((file) => /^(provision-scripts|box-templates|labs)\//.test(file));
  expect(texts.filter((file) => readFileSync(path.join(root, file), 'utf8').includes('\r'))).toEqual([]);
});

test('what the packages of others bring is declared: nothing from the repository is in reach', async () => {
  const own = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  for (const name of Object.keys(own.dependencies)) {
    expect(statSync(installed('node_modules', ...name.split('/'))).isDirectory()).toBe(true);
  }
  const place = new Place();
  try {
    // Every module of the program loads: an import of a development dependency would fail here.
    const modules = files.filter(
      (file) => /^dist\/.*\.js$/.test(file) && !/^dist\/(cli|build)\.js$/.test(file),
    );
    const script = `for (const file of ${JSON.stringify(modules)}) await import(new URL(file, ${JSON.stringify(`file://${root}/`)}));`;
    execFileSync(process.execPath, ['--input-type=module', '--eval', script], { cwd: place.folder });
    const ran = await runProgram(program(), ['--version'], { cwd: place.folder, env: place.env });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
  } finally {
    place.remove();
  }
});

test('npx finds it', async () => {
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const ran = await runProgram(npx, ['--no-install', 'k8slab', 'list'], { cwd: installed() });
  expect(ran.status).toBe(0);
  expect(ran.stdout).toContain('1cp-2w');
});
