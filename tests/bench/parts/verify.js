import path from 'node:path';
import { timed } from '../lib/programs.js';
import { summary } from '../lib/statistics.js';

const rounds = 5;
/** Calls measured on each machine; the sum is computed from their median. */
const calls = 2;

/**
 * Verifying a running, sound lab: all checks through one connection a machine, against a `vagrant ssh` for each check
 * on each machine. The latter runs `true`, which is less than any check would.
 */
export async function verify(lab, { say }) {
  await lab.k8slab('up', '--no-verify');
  const report = JSON.parse((await lab.k8slab('verify', '--json')).output);
  const ours = [];
  const vagrants = [];
  const plain = [];
  for (let round = 0; round < rounds; round++) ours.push((await lab.k8slab('verify')).seconds);
  const config = path.join(lab.folder, '.k8slab', 'ssh-config');
  for (let call = 0; call < calls; call++) {
    for (const machine of lab.machines) {
      vagrants.push((await lab.vagrant('ssh', machine, '-c', 'true')).seconds);
      plain.push((await timed('ssh', ['-F', config, '-o', 'BatchMode=yes', machine, 'true'])).seconds);
    }
  }
  const checks = report.results.length;
  const looks = checks * lab.machines.length;
  const whole = summary(ours);
  const ways = [
    { name: 'a `vagrant ssh` a check and machine', each: summary(vagrants) },
    { name: 'an `ssh` a check and machine', each: summary(plain) },
  ].map(({ name, each }) => {
    const total = each.median * looks;
    return { name, each: each.median, calls: each.runs, total, ratio: total / whole.median };
  });
  say(`  ${checks} checks, ${lab.machines.length} machines: ${whole.median.toFixed(1)} s`);
  return { rounds, checks, machines: lab.machines.length, looks, whole, ways };
}
