import type { AddedArchive } from './archives.js';
import { packingSeconds } from './assemble.js';
import type { Checkout } from './checkout.js';
import type { BuildContext } from './context.js';
import type { BundleStep } from './events.js';
import { buildKey, buildTitle, scaled } from './goBuild.js';
import type { Recipes } from './recipe.js';

/**
 * What is going to be done, with estimates. Versions that only kubeadm knows are not known yet; where the usual one is cached
 * an estimate may be too low, never the other way round by more than that component.
 */
export async function planSteps(
  context: BuildContext,
  archives: ReadonlyMap<string, AddedArchive>,
  kubernetes: string | undefined,
  checkout: Checkout | undefined,
): Promise<{ steps: BundleStep[]; toBuild: number }> {
  const steps: BundleStep[] = [];
  let toBuild = 0;
  for (const [name, recipe] of Object.entries(context.recipes.components)) {
    if (archives.has(name)) continue;
    for (const module of recipe.go) {
      const usual = recipe.version?.default ?? '';
      const version = module.version ?? (name === 'kubernetes' ? (kubernetes ?? usual) : usual);
      const cached = await isBuilt(
        context,
        name,
        module,
        version,
        name === 'kubernetes' ? checkout : undefined,
      );
      if (!cached) toBuild += 1;
      const title = `Build ${buildTitle(recipe.title, module, version, recipe.go.length === 1)}`;
      steps.push({
        id: `go:${name}:${Object.keys(module.programs)[0] ?? ''}`,
        title,
        seconds: cached ? 0 : scaled(module.seconds),
      });
    }
  }
  const packing = scaled(toBuild === 0 ? packingSeconds.cached : packingSeconds.fresh);
  return { steps: [...steps, { id: 'pack', title: 'Make packages and images', seconds: packing }], toBuild };
}

/** What building everything takes when nothing is cached, in seconds on this host. */
export function mostSeconds({ components }: Recipes): number {
  const builds = Object.values(components).flatMap(({ go }) => go);
  return builds.reduce((sum, { seconds }) => sum + scaled(seconds), scaled(packingSeconds.fresh));
}

async function isBuilt(
  context: BuildContext,
  name: string,
  module: Parameters<typeof buildKey>[1],
  version: string,
  checkout: Checkout | undefined,
): Promise<boolean> {
  if (checkout !== undefined) return false;
  if (await context.cache.has('programs', `${name}-${version}`, await buildKey(context, module, version)))
    return true;
  // Another version of the same component was built: the one that kubeadm asked for.
  return name !== 'kubernetes' && (await context.cache.hasAny('programs', `${name}-`));
}
