import { roleName } from '../plan/topology.js';
import { status as machineStatus } from '../vagrant/status.js';
import type { Context, Status } from './context.js';
import { openLab } from './openLab.js';
import { table } from './table.js';

/** Prints a line a machine. */
export async function status(argv: { dir?: string | undefined }, context: Context): Promise<Status> {
  const lab = await openLab(argv.dir);
  const machines = await machineStatus(lab, { signal: context.signal });
  context.result({ lab: lab.cluster.name, folder: lab.folder, provider: lab.cluster.provider, machines });
  if (context.json) return 0;
  const { green, yellow, dim } = context.palette;
  const colour = { running: green, stopped: yellow, 'not created': dim, unknown: yellow };
  context.say(
    table(
      ['MACHINE', 'ROLE', 'ADDRESS', 'STATE', 'PROVISIONED'],
      machines.map(({ name, role, address, state, provisioned }) => [
        name,
        roleName(lab.cluster, role),
        address,
        colour[state](state),
        provisioned,
      ]),
    ),
  );
  const allUp = machines.every(({ state, provisioned }) => state === 'running' && provisioned === 'yes');
  context.say(`\nWhat now?  k8slab ${allUp ? 'verify' : 'up'}`);
  return 0;
}
