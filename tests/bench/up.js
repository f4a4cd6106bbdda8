import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { clusterText } from './clusterPage.js';
import { benchBundle } from './lib/benchBundle.js';
import { clusterChart } from './lib/clusterChart.js';
import { ClusterBench } from './lib/clusterLab.js';
import { lacking } from './lib/lab.js';
import { loadNow, thisMachine } from './lib/machine.js';
import { root } from './lib/place.js';
import { Stopped, stopOnSignals } from './lib/programs.js';
import { median } from './lib/statistics.js';
import { withClusterSection } from './page.js';
import { clusterWays, measureCluster } from './parts/cluster.js';

/**
 * npm run bench:up [-- WAY…] [-- --rounds N] [-- --bundle FOLDER] [-- --set PATH=VALUE]
 * Measures the ways to a running cluster (all when none is named), in one run, and prints a table. A run of all ways writes its section
 * of docs/performance.md and its picture.
 */
const ways = Object.keys(clusterWays);
const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2' },
    bundle: { type: 'string' },
    set: { type: 'string', multiple: true, default: [] },
    out: { type: 'string', default: path.join(root, 'docs') },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const unknown = positionals.find((way) => !ways.includes(way));
if (unknown !== undefined || !Number.isInteger(rounds) || rounds < 1) {
  console.error(`Ways: ${ways.join(', ')}. --rounds: runs of each but the cold one, 1 or more.`);
  process.exit(2);
}
const wanted = (way) => positionals.length === 0 || positionals.includes(way);

stopOnSignals();
const started = Date.now();
const say = (text) => console.log(text);

async function measureAll(bench) {
  const runs = [];
  const measure = async (way) => {
    say(`${way}, load ${loadNow()} …`);
    const run = await measureCluster(bench, way);
    const { api, nodes, pods, nginx } = run.reached;
    say(
      `  API ${api.toFixed(1)} s, nodes ${nodes.toFixed(1)} s, pods ${pods.toFixed(1)} s, nginx ${nginx.toFixed(1)} s`,
    );
    runs.push(run);
  };
  if (wanted('cold')) await measure('cold');
  else await box(bench);
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['serial', 'create'] : ['create', 'serial'];
    for (const way of order.filter(wanted)) await measure(way);
  }
  let baking;
  if (wanted('baked')) {
    say('box bake …');
    baking = (await bench.k8slab(bench.bakeArguments())).seconds;
    say(`  ${baking.toFixed(1)} s`);
    for (let round = 0; round < rounds; round++) await measure('baked');
  }
  return { runs, baking };
}

/** Builds the box and lets its root be unpacked, which happens once a host. */
async function box(bench) {
  say('box …');
  await bench.k8slab(['create', 'cni-2n', ...bench.settings(), '--no-up', '--dir', bench.folder]);
  await bench.k8slab(['up', 'node1', '--no-verify'], { cwd: bench.folder });
  await bench.clear();
}

async function main() {
  const missing = await lacking();
  if (missing.length > 0) {
    say(`Booting machines needs: ${missing.join(', ')} (k8slab setup --provider lxc).`);
    process.exitCode = 1;
    return;
  }
  const parent = await mkdtemp(path.join(os.tmpdir(), 'k8slab-bench-up-'));
  const machine = await thisMachine();
  say(`${machine.processors}, ${machine.memory}, load ${machine.load}`);
  let bench;
  try {
    bench = new ClusterBench(parent, {
      bundle: await benchBundle(values.bundle, parent, say),
      sets: values.set,
    });
    await bench.prepare();
    const result = await measureAll(bench);
    const best = ways.flatMap((way) => {
      const own = result.runs.filter(({ name }) => name === way);
      const middle = median(own.map(({ reached }) => reached.nginx));
      const near = ({ reached }) => Math.abs(reached.nginx - middle);
      return own.length === 0 ? [] : [{ ...own.toSorted((a, b) => near(a) - near(b))[0], middle, all: own }];
    });
    const text = clusterText(machine, best, result.baking);
    say(`\n${text}`);
    if (ways.every(wanted)) {
      const page = path.join(values.out, 'performance.md');
      await writeFile(page, withClusterSection(await readFile(page, 'utf8'), text));
      await writeFile(path.join(values.out, 'performance-cluster.svg'), clusterChart(best));
      say(`Written: ${page}, in ${Math.round((Date.now() - started) / 1000)} s.`);
    } else {
      await writeFile(path.join(os.tmpdir(), 'k8slab-performance-cluster.svg'), clusterChart(best));
      say('docs/performance.md stays as it is: only a run of all ways writes it.');
      say(`The picture: ${path.join(os.tmpdir(), 'k8slab-performance-cluster.svg')}`);
    }
  } finally {
    await bench?.tidy();
    await rm(parent, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Stopped)) throw error;
  say('Stopped; machines and folders of the bench are removed.');
  process.exitCode = 130;
}
