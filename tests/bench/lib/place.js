import path from 'node:path';

/** Root of the repository, and the program as the build left it. */
export const root = path.resolve(import.meta.dirname, '../../..');
export const builtProgram = path.join(root, 'dist', 'cli.js');

/** A module of the built program, such as `plan/plan.js`. */
export async function built(module) {
  return import(`../../../dist/${module}`);
}
