// `npm run e2e`: the scenarios of this folder, small labs two at a time. `-- all`: those of more/ as well; `-- NAME…`: these alone.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const folder = import.meta.dirname;
const root = path.resolve(folder, '../..');
const scenariosOf = (place) =>
  readdirSync(place)
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join(place, file));
const standard = scenariosOf(folder);
const all = [...standard, ...scenariosOf(path.join(folder, 'more'))];

const args = process.argv.slice(2);
const options = args.filter((arg) => arg.startsWith('-'));
const names = args.filter((arg) => !arg.startsWith('-') && arg !== 'all');
const nameOf = (file) => path.basename(file, '.test.ts');
/** A whole name means that scenario; the beginning of some, all of those. */
const matches = (file, name) =>
  all.some((one) => nameOf(one) === name) ? nameOf(file) === name : nameOf(file).startsWith(name);
const wanted =
  names.length > 0
    ? all.filter((file) => names.some((name) => matches(file, name)))
    : args.includes('all')
      ? all
      : standard;
if (wanted.length === 0) {
  const known = all.map(nameOf).join(', ');
  process.stderr.write(`There is no scenario ${names.join(' ')}. There are: ${known}\n`);
  process.exit(2);
}

/** Labs of five machines and more have the computer to themselves: etcd must not wait long for the disk. */
const isLarge = (file) => /^(ha-|faults-ha|hard-way-3cp|reset-3cp|crio)/.test(nameOf(file));
const rounds = [
  { workers: 1, files: wanted.filter(isLarge) },
  { workers: 2, files: wanted.filter((file) => !isLarge(file)) },
];

for (const { workers, files } of rounds) {
  if (files.length === 0) continue;
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings', path.join(root, 'node_modules/jest/bin/jest.js')],
      ...['--selectProjects', 'e2e', '--verbose', `--maxWorkers=${workers}`, ...options],
      ...['--runTestsByPath', ...files],
    ],
    { cwd: root, stdio: 'inherit' },
  );
  if (status !== 0) process.exitCode = status ?? 1;
}
