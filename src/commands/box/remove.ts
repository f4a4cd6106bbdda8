import { join } from 'node:path';
import { packageRoot } from '../../assets/load.js';
import { pruneRoot } from '../../box/bake.js';
import { ownBoxes } from '../../box/installed.js';
import { K8slabError } from '../../errors/error.js';
import { vagrantBoxRemove } from '../../vagrant/vagrant.js';
import { sizeText } from '../bundle/sizes.js';
import type { Context, Status } from '../context.js';
import { labsFrom } from './list.js';

/** Removes a box of ours from Vagrant, and its unpacked root where no machine uses it. */
export async function remove(
  argv: { name: string; boxVersion?: string | undefined; force: boolean },
  context: Context,
): Promise<Status> {
  const all = await ownBoxes();
  const boxes = all.filter(
    ({ name, version }) =>
      name === argv.name && (argv.boxVersion === undefined || version === argv.boxVersion),
  );
  if (boxes.length === 0) {
    const version = argv.boxVersion === undefined ? '' : ` of version ${argv.boxVersion}`;
    const known = [...new Set(all.map(({ name }) => name))];
    throw new K8slabError('BOX_UNKNOWN', `There is no box ${argv.name}${version} of k8slab’s on this host.`, {
      fix: known.length === 0 ? ['There is none at all.'] : known.map((name) => `k8slab box remove ${name}`),
    });
  }
  for (const box of boxes) {
    const users = (await labsFrom(box, all)).filter(({ made }) => made);
    if (users.length === 0 || argv.force) continue;
    throw new K8slabError(
      'BOX_IN_USE',
      `Machines of ${users.map(({ name }) => name).join(', ')} are made of ${box.name} (${box.version}).`,
      {
        fix: [
          ...users.map(({ folder }) => `k8slab destroy --dir ${folder}`),
          `k8slab box remove ${box.name} ${box.version} --force   # in spite of it`,
        ],
      },
    );
  }
  for (const box of boxes) {
    await vagrantBoxRemove(box, { signal: context.signal });
    const { root } = box;
    const shared = root !== undefined && all.some((other) => !boxes.includes(other) && other.root === root);
    if (root !== undefined && !shared)
      await pruneRoot({}, join(packageRoot, 'box-templates', box.provider), root);
    context.say(`Removed ${box.name} (${box.version}): ${sizeText(box.size)}.`);
  }
  context.result(boxes.map(({ name, version, provider, size }) => ({ name, version, provider, size })));
  return 0;
}
