import { performance } from 'node:perf_hooks';
import { built } from '../lib/place.js';
import { throwIfStopped } from '../lib/programs.js';
import { median } from '../lib/statistics.js';

const sizes = [3, 10, 50, 89];
const warmUp = 20;
const rounds = 25;

/** A host on which everything is possible: planning must not wait for a real one here. */
const host = {
  platform: 'linux',
  arch: 'x64',
  installedProviders: ['virtualbox'],
  virtualization: true,
  root: true,
  networks: [],
  otherLabs: [],
  vboxAllowedRanges: ['192.168.56.0/21'],
};
const secretFacts = { caCertHash: `sha256:${'0'.repeat(64)}` };

/** From the text of a lab to the text of its files, in one process, for labs of growing size. */
export async function planning() {
  const { loadAssets } = await built('assets/load.js');
  const { parseLab } = await built('lab/parse.js');
  const { planCluster } = await built('plan/plan.js');
  const { renderLab } = await built('render/renderLab.js');
  const assets = await loadAssets();

  const measure = (machines) => {
    const text = `name: bench\nprovider: virtualbox\ncontrolPlanes: 1\nworkers: ${machines - 1}\n`;
    const started = performance.now();
    const parsed = parseLab(text, 'lab.yaml', assets);
    const cluster = planCluster(parsed, host, assets);
    const planned = performance.now();
    const files = renderLab(cluster, secretFacts, assets);
    const rendered = performance.now();
    return { plan: planned - started, render: rendered - planned, files: files.size };
  };

  const runs = new Map(sizes.map((size) => [size, []]));
  for (let round = -warmUp; round < rounds; round++) {
    throwIfStopped();
    for (const size of sizes) {
      const run = measure(size);
      if (round >= 0) runs.get(size).push(run);
    }
  }
  const rows = [...runs].map(([machines, series]) => ({
    machines,
    files: series[0].files,
    plan: median(series.map((run) => run.plan)),
    render: median(series.map((run) => run.render)),
    total: median(series.map((run) => run.plan + run.render)),
  }));
  const first = rows[0];
  return {
    rounds,
    warmUp,
    rows: rows.map((row) => ({
      ...row,
      growth: row.total / first.total,
      perMachine: row.total / row.machines / (first.total / first.machines),
    })),
  };
}
