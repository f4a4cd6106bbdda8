import type { AdaptationManifest, ProviderManifest } from '../assets/providerManifest.js';
import { run } from './runner.js';

type Environment = Record<string, string | undefined>;

/** Seconds that a probe may take. */
const patience = 10;

/**
 * Finds out which of the limits that providers know of this host has: ids by provider. Changes nothing. Providers that
 * do not run on this system have none.
 */
export async function findLimits(
  providers: Readonly<Record<string, ProviderManifest>>,
  env: Environment,
): Promise<Record<string, string[]>> {
  const here = Object.entries(providers).filter(([, { platforms }]) =>
    platforms.some((platform) => platform === process.platform),
  );
  const found = await Promise.all(
    here.map(async ([name, { adaptations = [] }]) => {
      const holds = await Promise.all(adaptations.map((adaptation) => isLimited(adaptation, env)));
      return [name, adaptations.filter((_, index) => holds[index]).map(({ id }) => id)] as const;
    }),
  );
  return Object.fromEntries(found.filter(([, ids]) => ids.length > 0));
}

async function isLimited({ probe }: AdaptationManifest, env: Environment): Promise<boolean> {
  if (probe === undefined) return true;
  const result = await run('sh', ['-c', probe], { env, timeout: patience }).catch(() => undefined);
  return result?.exitCode === 0;
}
