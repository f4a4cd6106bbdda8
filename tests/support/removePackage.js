import { rm } from 'node:fs/promises';

/** Removes what installPackage.js installed. */
export default async function tearDown() {
  const folder = process.env.K8SLAB_TEST_INSTALLED;
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
}
