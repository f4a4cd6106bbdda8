import { performance } from 'node:perf_hooks';
import { Api } from '../lib/kubernetes.js';
import { milestones } from '../lib/milestones.js';
import { barsOf, longestPath } from '../lib/steps.js';
import { timelineOfK8slab, timelineOfVagrant } from '../lib/timeline.js';
import { watchUsage } from '../lib/usage.js';
import { loadNow } from '../lib/machine.js';

/** Seconds in which a way must be done. */
const most = 900;

/**
 * The ways from a description to a cluster that serves pages. Each begins without a lab folder and ends when nginx
 * answers on every machine.
 */
export const clusterWays = {
  cold: { title: 'k8slab create, without a box', run: create, timeline: timelineOfK8slab },
  serial: { title: 'vagrant up --no-parallel', run: serial, timeline: timelineOfVagrant },
  create: { title: 'k8slab create', run: create, timeline: timelineOfK8slab },
  baked: { title: 'k8slab create, baked box', run: create, timeline: timelineOfK8slab },
};

/** Our program: renders, boots, provisions and verifies. */
async function create(bench) {
  await bench.k8slab(bench.createArguments('--no-up'));
  return { work: bench.k8slab(['up'], { cwd: bench.folder }), end: () => Promise.resolve() };
}

/** The same files, by Vagrant alone. */
async function serial(bench) {
  await bench.k8slab(bench.createArguments('--no-up'));
  const end = bench.serve(await bench.plan());
  return { work: bench.vagrant('up', '--no-parallel'), end };
}

/** Runs one way once, from nothing to a page of nginx, and removes the machines again. */
export async function measureCluster(bench, name) {
  const way = clusterWays[name];
  await bench.clear();
  const load = loadNow();
  const begun = performance.now();
  const { work, end } = await way.run(bench);
  const rendered = performance.now();
  const plan = await bench.plan();
  const names = plan.machines.map((machine) => machine.name);
  const usage = watchUsage(bench.folder, names);
  const api = await Api.of(bench.kubeconfig);
  try {
    // The work may fail before, or end after, what is waited for.
    const failed = work.then(() => new Promise(() => undefined));
    const seen = await milestones(api, plan.machines, { started: begun, seconds: most, failed });
    const run = await work;
    const shift = (rendered - begun) / 1000;
    const rows = barsOf(way.timeline(names, shifted(run, shift)), plan.machines);
    return {
      name,
      title: way.title,
      load,
      rendered: (rendered - begun) / 1000,
      ended: shift + run.seconds,
      ...seen,
      rows,
      longest: longestPath(rows, seen),
      usage: usage.stop(),
      machines: plan.machines.map(({ name: machine, memoryMiB }) => ({ name: machine, memory: memoryMiB })),
      box: plan.box.baked === undefined ? plan.box.name : `${plan.box.name}, baked`,
      kubernetes: plan.kubernetes.version,
      cni: plan.cni.name,
    };
  } finally {
    usage.stop();
    api.close();
    await end();
    await work.catch(() => undefined);
    await bench.clear();
  }
}

/** A run whose clock began earlier. */
function shifted({ lines, seconds }, by) {
  return { lines: lines.map(({ at, text }) => ({ at: at + by, text })), seconds: seconds + by };
}
