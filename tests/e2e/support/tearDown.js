import process from 'node:process';
import removePackage from '../../support/removePackage.js';
import { removeUnusedRoots } from './roots.js';

/** Once after all scenarios: removes the package and the roots that scenarios unpacked. */
export default async function tearDown() {
  await removePackage();
  removeUnusedRoots(JSON.parse(process.env.K8SLAB_TEST_ROOTS ?? '[]'));
}
