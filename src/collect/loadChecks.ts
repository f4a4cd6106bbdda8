import { readdir } from 'node:fs/promises';
import { layers, type Check } from '../checks/check.js';

const folder = new URL('../checks/', import.meta.url);

/**
 * Every check of the package, lowest layer first: one for each folder `src/checks/<id>/` (or its built form) that
 * has a `check` module. Throws when a folder has none, or its check calls itself otherwise: a bug of ours.
 */
export async function loadChecks(): Promise<Check[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const ids = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const checks: Check[] = [];
  for (const id of ids) {
    const loaded = (await import(`../checks/${id}/check.js`)) as { check?: Check };
    if (loaded.check?.id !== id) {
      throw new Error(`src/checks/${id}/check.ts must export a check with the id ${id}`);
    }
    checks.push(loaded.check);
  }
  return checks.sort(byLayerAndDepth(checks));
}

/** Within a layer, checks that explain others come before those. */
function byLayerAndDepth(checks: readonly Check[]): (one: Check, other: Check) => number {
  const depth = (id: string, below: string[] = []): number => {
    const check = checks.find((entry) => entry.id === id);
    if (!check || below.includes(id)) return 0;
    const causes = [...(check.follows?.here ?? []), ...(check.follows?.anywhere ?? [])];
    return Math.max(0, ...causes.map((cause) => 1 + depth(cause, [...below, id])));
  };
  const depths = new Map(checks.map((check) => [check.id, check.id === 'reachable' ? -1 : depth(check.id)]));
  return (one, other) =>
    layers.indexOf(one.layer) - layers.indexOf(other.layer) ||
    (depths.get(one.id) ?? 0) - (depths.get(other.id) ?? 0) ||
    one.id.localeCompare(other.id);
}
