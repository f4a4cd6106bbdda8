import process from 'node:process';
import installPackage from '../../support/installPackage.js';
import { unpackedRoots } from './roots.js';

/** Once before all scenarios: installs the package, and notes which machines' roots were unpacked here before. */
export default async function setUp() {
  await installPackage();
  process.env.K8SLAB_TEST_ROOTS = JSON.stringify(unpackedRoots());
}
