import { withInstalled } from '../lib/installed.js';
import { builtProgram } from '../lib/place.js';
import { timed } from '../lib/programs.js';
import { summary } from '../lib/statistics.js';

const rounds = 20;

/**
 * Time from the start of the process to its end, of commands that people wait for, against a Node that does nothing.
 * The commands take turns, so that whatever else the machine does meets all of them alike.
 */
export async function startup() {
  return withInstalled(async (installed, folder) => {
    const commands = {
      'node -e 0': ['-e', '0'],
      'k8slab --version': [installed, '--version'],
      'k8slab --help': [installed, '--help'],
      'completion of `k8slab pl`': [installed, '--get-yargs-completions', 'k8slab', 'pl'],
      'k8slab list': [installed, 'list'],
      'k8slab plan 1cp-2w': [installed, 'plan', '1cp-2w'],
      'k8slab plan 1cp-2w, in a checkout': [builtProgram, 'plan', '1cp-2w'],
    };
    const options = { cwd: folder, env: { K8SLAB_STATE_DIR: folder } };
    const times = Object.fromEntries(Object.keys(commands).map((name) => [name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const [name, args] of Object.entries(commands)) {
        const { seconds } = await timed(process.execPath, args, options);
        // The round before the first fills the file cache.
        if (round >= 0) times[name].push(seconds * 1000);
      }
    }
    const [bare] = Object.values(times).map(summary);
    return {
      rounds,
      rows: Object.entries(times).map(([name, values]) => {
        const row = summary(values);
        return { name, ...row, ratio: row.median / bare.median };
      }),
    };
  });
}
