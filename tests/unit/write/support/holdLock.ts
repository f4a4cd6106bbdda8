import { withLabLock } from '../../../../src/write/lock.js';

/** Takes the lock of a lab and keeps it until it is killed. */
await withLabLock(process.argv[2] ?? '', 'k8slab up', async () => {
  console.log('locked');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});
