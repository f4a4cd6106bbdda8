import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { builtProgram } from './place.js';
import { timed } from './programs.js';

/**
 * The bundle that machines are set up from: the given one, or one made from Go modules, for which the host's cache is used (minutes
 * the first time, seconds later). With Calico where K8SLAB_E2E_PROGRAMS names a folder that has its programs.
 */
export async function benchBundle(given, parent, say) {
  if (given !== undefined) return path.resolve(given);
  const folder = path.join(parent, 'bundle');
  const programs = process.env.K8SLAB_E2E_PROGRAMS ?? '';
  const names = programs === '' ? [] : await readdir(programs);
  const calico = names.filter((name) => /^calico-.*\.tar\.(xz|gz|zst)$/.test(name)).at(-1);
  const add = calico === undefined ? [] : ['--add', path.join(programs, calico)];
  say('bundle …');
  await timed(process.execPath, [
    builtProgram,
    'bundle',
    'create',
    '--from',
    'modules',
    '--out',
    folder,
    ...add,
  ]);
  return folder;
}
