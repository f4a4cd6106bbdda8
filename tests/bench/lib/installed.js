import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { root } from './place.js';

/**
 * Calls `work` with the path of the program as an installed package has it: the package's files in a
 * `node_modules`, its dependencies beside it. (They are linked, so that no registry is asked.)
 */
export async function withInstalled(work) {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'k8slab-bench-'));
  try {
    const modules = path.join(folder, 'node_modules');
    const target = path.join(modules, 'k8slab');
    await mkdir(target, { recursive: true });
    const { files } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8'));
    const shipped = ['package.json', ...files.filter((file) => !file.startsWith('!'))];
    for (const file of shipped) {
      await cp(path.join(root, file), path.join(target, file), { recursive: true });
    }
    for (const name of await readdir(path.join(root, 'node_modules'))) {
      if (name.startsWith('.')) continue;
      await symlink(path.join(root, 'node_modules', name), path.join(modules, name), 'junction');
    }
    return await work(path.join(target, 'dist', 'cli.js'), folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
