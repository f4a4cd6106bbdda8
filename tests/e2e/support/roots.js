import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

/** Where the lxc provider unpacks boxes, each once for all machines. */
const folder = '/var/lib/k8slab/roots';
const machines = '/var/lib/lxc';

const entries = (place) => (existsSync(place) ? readdirSync(place) : []);

/** Names of the roots that are unpacked on this host. */
export const unpackedRoots = () => entries(folder).filter((name) => !name.startsWith('.'));

/** Removes every root but those in `before` and those that a machine uses. */
export function removeUnusedRoots(before) {
  const configurations = entries(machines)
    .map((name) => path.join(machines, name, 'config'))
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'));
  for (const name of unpackedRoots()) {
    const root = path.join(folder, name);
    if (before.includes(name) || configurations.some((text) => text.includes(`overlay:${root}:`))) continue;
    rmSync(root, { recursive: true, force: true });
  }
}
