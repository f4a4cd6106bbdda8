import { ownBoxes, type InstalledOwnBox } from '../../box/installed.js';
import { listLabs } from '../../write/labsRegistry.js';
import { labPaths } from '../../write/labFolder.js';
import { clusterDocument, readState } from '../../write/stateStore.js';
import { vagrantKnows } from '../../vagrant/lab.js';
import { sizeText } from '../bundle/sizes.js';
import type { Context, Status } from '../context.js';
import { table } from '../table.js';

/** Prints the boxes that k8slab made and Vagrant has. */
export async function list(_argv: object, context: Context): Promise<Status> {
  const boxes = await ownBoxes();
  const users = await Promise.all(boxes.map((box) => labsFrom(box, boxes)));
  context.result(boxes.map((box, index) => ({ ...box, labs: users[index] ?? [] })));
  if (context.json) return 0;
  if (boxes.length === 0) {
    context.say(
      'There is none yet.\n\nWhat now?  k8slab box bake   # makes one; `k8slab up` builds what it needs',
    );
    return 0;
  }
  context.say(
    table(
      ['BOX', 'VERSION', 'PROVIDER', 'SIZE', 'AGE', 'INSIDE', 'LABS'],
      boxes.map((box, index) => [
        box.name,
        box.version,
        box.provider,
        sizeText(box.size),
        ageText(box.created),
        inside(box),
        (users[index] ?? []).map(({ name }) => name).join(', ') || '-',
      ]),
    ),
  );
  context.say('\nWhat now?  k8slab box remove NAME [VERSION]');
  return 0;
}

function inside({ baked }: InstalledOwnBox): string {
  if (baked === undefined) return 'Debian';
  const parts = Object.entries(baked.contents).filter(([component]) => component !== 'bundle');
  const images = baked.images.length > 0 ? [`${baked.images.length} images`] : [];
  return [...parts.map((pair) => pair.join(' ')), ...images].join(', ');
}

/** `5 min`, `3 h`, `12 days` */
function ageText(created: string): string {
  const minutes = Math.max(0, Math.round((Date.now() - Date.parse(created)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.round(minutes / 60)} h`;
  return `${Math.round(minutes / 1440)} days`;
}

/** Labs of this user whose machines are made of a box; of several versions without a pin, the newest is meant. */
export async function labsFrom(
  box: InstalledOwnBox,
  all: readonly InstalledOwnBox[],
): Promise<{ name: string; folder: string; made: boolean }[]> {
  const newest = all.find(({ name, provider }) => name === box.name && provider === box.provider);
  const labs = await Promise.all(
    (await listLabs()).map(async ({ name, folder }) => {
      const cluster = await readState(labPaths(folder).state, clusterDocument).catch(() => undefined);
      if (cluster?.provider !== box.provider || cluster.box.name !== box.name) return [];
      if ((cluster.box.version ?? newest?.version) !== box.version) return [];
      const made = cluster.machines.some((machine) => vagrantKnows({ cluster, folder }, machine.name));
      return [{ name, folder, made }];
    }),
  );
  return labs.flat();
}
