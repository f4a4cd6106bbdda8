// `npm run e2e`: the scenarios of this folder, small labs two at a time. `-- all`: those of more/ as well; `-- NAME…`: these alone.
// K8SLAB_E2E_UNTIL, milliseconds since 1970: what would hardly be over by then is left out, and the table says so.
// `-- --again`: one that fails is run once more, by itself: machines that share two processors with others can be late for
// anything. What fails again has failed; the table and docs/tested.md name the second try.
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
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
const again = args.includes('--again');
const options = args.filter((arg) => arg.startsWith('-') && arg !== '--again');
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

/** Begun first, the ones that prove most; the others as their files are named. */
const first = ['calico-1cp-2w', 'faults-first', 'kills', 'hard-way-1cp-2w', 'bridge-2n', 'side-by-side'];
const rank = (file) => (first.includes(nameOf(file)) ? first.indexOf(nameOf(file)) : first.length);
wanted.sort((one, other) => rank(one) - rank(other));

/** Labs of five machines and more have the computer to themselves: etcd must not wait long for the disk. */
const isLarge = (file) => /^(ha-|faults-ha|hard-way-3cp|reset-3cp|crio)/.test(nameOf(file));
const rounds = [
  { workers: 1, files: wanted.filter(isLarge) },
  { workers: 2, files: wanted.filter((file) => !isLarge(file)) },
];

/** Milliseconds that a scenario took when docs/tested.md got its row; none where it has no row yet. */
function usual(file) {
  const row = page.find((line) => line.startsWith(`| \`${nameOf(file)}\` |`)) ?? '';
  const [, minutes = '0', seconds = '0'] = / steps, (?:(\d+) min )?(\d+) s/.exec(row) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}
const page = readFileSync(path.join(root, 'docs/tested.md'), 'utf8').split('\n');

/** How many times longer than usual scenarios may take here: more, once one has. */
let slowness = 2;
function learn({ file, milliseconds, failed }) {
  if (failed === 0 && usual(file) > 0) slowness = Math.max(slowness, (milliseconds / usual(file)) * 1.2);
}

/** Runs scenarios; gives the number of steps that passed and failed for each. `env`: what else the tests and reporters are told. */
function run(files, workers, env) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'k8slab-e2e-results-'));
  const results = path.join(scratch, 'results.json');
  const lengths = JSON.stringify(
    Object.fromEntries(files.map((file) => [nameOf(file), usual(file) * slowness])),
  );
  const { status } = spawnSync(
    process.execPath,
    [
      ...['--experimental-vm-modules', '--no-warnings', path.join(root, 'node_modules/jest/bin/jest.js')],
      ...['--selectProjects', 'e2e', '--verbose', `--maxWorkers=${workers}`, ...options],
      ...['--json', '--outputFile', results],
      ...['--testSequencer', path.join(folder, 'support/sequencer.js')],
      ...['--runTestsByPath', ...files],
    ],
    // Jest prints what it did to stderr; the JSON that it would print goes to the file.
    {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...env, K8SLAB_E2E_LENGTHS: lengths, K8SLAB_TALLY: '' },
    },
  );
  try {
    return readResults(results);
  } catch {
    process.exitCode = status || 1;
    return [];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function readResults(file) {
  return JSON.parse(readFileSync(file, 'utf8')).testResults.map(
    ({ name, status, assertionResults, startTime, endTime }) => {
      const count = (wanted) => assertionResults.filter((step) => step.status === wanted).length;
      // A file that could not even be loaded has no steps.
      const failed = count('failed') || (status === 'failed' ? 1 : 0);
      return { file: name, passed: count('passed'), failed, milliseconds: endTime - startTime };
    },
  );
}

const until = Number(process.env.K8SLAB_E2E_UNTIL ?? Infinity);
const tally = { passed: 0, failed: 0 };
for (const { workers, files } of rounds) {
  if (files.length === 0) continue;
  const once = run(files, workers);
  once.forEach(learn);
  const failed =
    again && Date.now() < until ? once.filter((result) => result.failed > 0).map(({ file }) => file) : [];
  const second = failed.length > 0 ? run(failed, 1, { K8SLAB_E2E_AGAIN: 'yes' }) : [];
  for (const result of [...once.filter(({ file }) => !failed.includes(file)), ...second]) {
    tally.passed += result.passed;
    tally.failed += result.failed;
  }
}
if (tally.failed > 0) process.exitCode = 1;
if (process.env.K8SLAB_TALLY) appendFileSync(process.env.K8SLAB_TALLY, `${tally.passed} ${tally.failed}\n`);
