import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where builds and downloads are kept between runs. */
export function cacheFolder(): string {
  return join(hostCache(), 'bundle');
}

/** Where bundles are kept that were built because a lab's hosts could not be reached. */
export function bundlesFolder(): string {
  return join(hostCache(), 'bundles');
}

function hostCache(): string {
  const base = process.env.XDG_CACHE_HOME;
  return join(base === undefined || base === '' ? join(homedir(), '.cache') : base, 'k8slab');
}
