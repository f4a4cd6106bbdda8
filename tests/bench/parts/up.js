import { timelineOfK8slab, timelineOfVagrant } from '../lib/timeline.js';
import { median } from '../lib/statistics.js';

/** The two ways to the same machines, from the same files. */
const ways = {
  serial: {
    title: 'vagrant up --no-parallel',
    up: (lab) => lab.vagrant('up', '--no-parallel'),
    timeline: timelineOfVagrant,
  },
  overlapped: {
    title: 'k8slab up --no-verify',
    up: (lab) => lab.k8slab('up', '--no-verify'),
    timeline: timelineOfK8slab,
  },
};

const states = ['fresh', 'halted', 'running'];

/**
 * Time of `up` of three machines by both ways: of machines that do not exist, that are halted, and that run already.
 * The ways take turns and begin alternately: serial, overlapped, overlapped, serial, …
 */
export async function up(lab, { rounds, say }) {
  await prepare(lab, say);
  const times = Object.fromEntries(
    Object.keys(ways).map((name) => [name, { fresh: [], halted: [], running: [] }]),
  );
  const timelines = {};
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? ['serial', 'overlapped'] : ['overlapped', 'serial'];
    for (const name of order) {
      const { up: bring, timeline } = ways[name];
      const measure = async (state) => {
        const run = await bring(lab);
        times[name][state].push(run.seconds);
        say(`  round ${round + 1}: ${name}, ${state}: ${run.seconds.toFixed(1)} s`);
        return run;
      };
      timelines[name] = timeline(lab.machines, await measure('fresh'));
      await measure('running');
      await lab.k8slab('halt');
      await measure('halted');
      await lab.destroy();
    }
  }
  return {
    rounds,
    rows: states.map((state) => {
      const serial = median(times.serial[state]);
      const overlapped = median(times.overlapped[state]);
      return {
        state,
        serial,
        overlapped,
        ratio: serial / overlapped,
        all: { serial: times.serial[state], overlapped: times.overlapped[state] },
      };
    }),
    panels: Object.entries(ways).map(([name, { title }]) => ({ title, rows: timelines[name] })),
  };
}

/** Builds the box if need be and lets its root be unpacked, which happens once a host and would hit the first run. */
async function prepare(lab, say) {
  say('  box …');
  await lab.k8slab('up', lab.machines[0], '--no-verify');
  await lab.destroy();
}
