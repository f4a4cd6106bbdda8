import { readFileSync } from 'node:fs';

/** k8slab's own version, from its package.json. */
export function ownVersion(): string {
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
