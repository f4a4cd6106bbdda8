import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { ownProcessors } from '../lib/answers.js';
import { withLab } from '../lib/lab.js';
import { built } from '../lib/place.js';
import { timed } from '../lib/programs.js';
import { summary } from '../lib/statistics.js';

const rounds = 7;
/** Calls measured on each machine of the small lab; the sums are computed from their median. */
const calls = 2;
const large = 10;
const judged = { warmUp: 20, rounds: 50 };

/**
 * Verifying running, sound labs of three and of ten machines: all checks through one connection a machine, against a `vagrant ssh`
 * for each check on each machine. The latter runs `true`, which is less than any check would.
 */
export async function verify(small, { say }) {
  await small.k8slab('up', '--no-verify');
  return withLab(
    async (other) => {
      await other.k8slab('up', '--no-verify');
      return compare([small, other], say);
    },
    { name: 'bench-large', count: large },
  );
}

async function compare(labs, say) {
  const snapshots = [];
  for (const lab of labs) {
    const file = path.join(lab.folder, 'snapshot.json');
    await lab.k8slab('verify', '--save', file);
    snapshots.push(JSON.parse(await readFile(file, 'utf8')));
  }
  const wholes = labs.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [index, lab] of labs.entries()) wholes[index].push((await lab.k8slab('verify')).seconds);
  const [small] = labs;
  const vagrants = [];
  const plain = [];
  const config = path.join(small.folder, '.k8slab', 'ssh-config');
  for (let call = 0; call < calls; call++) {
    for (const machine of small.machines) {
      vagrants.push((await small.vagrant('ssh', machine, '-c', 'true')).seconds);
      plain.push((await timed('ssh', ['-F', config, '-o', 'BatchMode=yes', machine, 'true'])).seconds);
    }
  }
  const { checks, judging } = await judge(snapshots);
  const first = summary(wholes[0]).median;
  const sizes = labs.map(({ machines }, index) => {
    const whole = summary(wholes[index]);
    const one = (runs) => {
      const { median: each } = summary(runs);
      const total = each * checks * machines.length;
      return { each, total, ratio: total / whole.median };
    };
    say(`  ${checks} checks, ${machines.length} machines: ${whole.median.toFixed(1)} s`);
    const growth = whole.median / first;
    return { machines: machines.length, whole, growth, vagrant: one(vagrants), ssh: one(plain) };
  });
  const alone = await ownProcessors(labs, rounds);
  const own = alone.times.map((times) => summary(times).median);
  say(`  each machine with a processor of its own: ${own.map((value) => value.toFixed(1)).join(' and ')} s`);
  return { rounds, checks, sizes, calls: vagrants.length, judging, answer: alone.seconds, own };
}

/** How many checks apply, and how long judging takes, by number of checks. */
async function judge(documents) {
  const { loadChecks } = await built('collect/loadChecks.js');
  const { evaluate } = await built('report/evaluate.js');
  const all = (await loadChecks()).filter((check) => check.applies(documents[0].cluster));
  const numbers = [1, Math.ceil(all.length / 2), all.length];
  const judging = numbers.map((number) => {
    const some = all.slice(0, number);
    const times = documents.map(({ cluster, snapshot }) => {
      const took = [];
      for (let round = 0; round < judged.warmUp + judged.rounds; round++) {
        const started = performance.now();
        evaluate(cluster, snapshot, some);
        took.push(performance.now() - started);
      }
      return summary(took.slice(judged.warmUp)).median;
    });
    return { number, times };
  });
  return { checks: all.length, judging };
}
