import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { K8slabError } from '../../errors/error.js';
import type { AddedArchive } from './archives.js';
import { removeTree } from './cache.js';
import { buildCheckout, type Checkout } from './checkout.js';
import type { BuildContext, Sources } from './context.js';
import { debianPackageFiles, readVersion } from './debianRoot.js';
import { buildPrograms, buildTitle } from './goBuild.js';
import { versionInTag, type WantedImages } from './imageNames.js';
import type { ComponentRecipe } from './recipe.js';

/** A component whose programs are there. */
export interface ReadyComponent {
  name: string;
  recipe: ComponentRecipe;
  sources: Sources;
  /** module@version, an archive's name, a Debian package. */
  origin: string;
  /** Its programs could not be had; its packages are made empty. */
  missing: boolean;
}

export interface ComponentInputs {
  archive: AddedArchive | undefined;
  /** Asked for by the person; only Kubernetes' can be. */
  version: string | undefined;
  checkout: Checkout | undefined;
  wanted: WantedImages;
}

/**
 * Gets a component's programs: from an added archive, else built from Go modules, else out of a Debian package. Nothing is given for one
 * that only an archive has. Throws what `go` throws, BUNDLE_ROOT.
 */
export async function prepareComponent(
  context: BuildContext,
  name: string,
  recipe: ComponentRecipe,
  inputs: ComponentInputs,
): Promise<ReadyComponent | undefined> {
  if (inputs.archive !== undefined) return fromArchive(context, name, recipe, inputs.archive);
  if (recipe.debian !== undefined) return fromDebian(context, name, recipe, recipe.debian);
  if (recipe.go.length > 0) return fromModules(context, name, recipe, inputs);
  if (recipe.archive !== undefined) return undefined;
  return ready(context, name, recipe, recipe.version?.default ?? '0', 'k8slab');
}

function ready(
  context: BuildContext,
  name: string,
  recipe: ComponentRecipe,
  version: string,
  origin: string,
): ReadyComponent {
  const sources: Sources = { version, programs: new Map(), folders: { asset: context.recipes.folder } };
  return { name, recipe, sources, origin, missing: false };
}

function fromArchive(
  context: BuildContext,
  name: string,
  recipe: ComponentRecipe,
  archive: AddedArchive,
): ReadyComponent {
  const component = ready(
    context,
    name,
    recipe,
    archive.version,
    `${path.basename(archive.file)} sha256:${archive.sha256}`,
  );
  component.sources.folders.archive = archive.folder;
  for (const [program, file] of Object.entries(recipe.archive?.programs ?? {})) {
    component.sources.programs.set(program, path.join(archive.folder, file));
  }
  return component;
}

async function fromDebian(
  context: BuildContext,
  name: string,
  recipe: ComponentRecipe,
  debian: NonNullable<ComponentRecipe['debian']>,
): Promise<ReadyComponent> {
  const { folder } = await debianPackageFiles(context, name, debian);
  const version = await readVersion(folder);
  const component = ready(context, name, recipe, version, `debian:${debian.suite}/${debian.package}`);
  component.sources.folders.debian = path.join(folder, 'files');
  return component;
}

async function fromModules(
  context: BuildContext,
  name: string,
  recipe: ComponentRecipe,
  inputs: ComponentInputs,
): Promise<ReadyComponent> {
  const usual = recipe.version?.default ?? '';
  const asked = inputs.version ?? askedVersion(recipe, inputs.wanted) ?? usual;
  try {
    return await build(context, name, recipe, asked, inputs.checkout);
  } catch (error) {
    if (!(error instanceof K8slabError) || error.code !== 'BUNDLE_VERSION' || inputs.version !== undefined)
      throw error;
    if (asked !== usual) {
      context.report({
        kind: 'note',
        text: `${recipe.title} ${asked} is not among the modules; ${usual} takes its place.`,
      });
      return build(context, name, recipe, usual, undefined);
    }
    if (recipe.whenMissing === undefined) throw error;
    context.report({ kind: 'note', text: recipe.whenMissing });
    return { ...ready(context, name, recipe, usual, 'k8slab'), missing: true };
  }
}

/** The version in the tag of the image that kubeadm asks for. */
function askedVersion(recipe: ComponentRecipe, wanted: WantedImages): string | undefined {
  const image = recipe.version?.image === undefined ? undefined : wanted.of(recipe.version.image)[0];
  return image === undefined ? undefined : versionInTag(image);
}

async function build(
  context: BuildContext,
  name: string,
  recipe: ComponentRecipe,
  version: string,
  checkout: Checkout | undefined,
): Promise<ReadyComponent> {
  const origins: string[] = [];
  const component = ready(context, name, recipe, version, '');
  for (const module of recipe.go) {
    const own = module.version ?? version;
    const title = buildTitle(recipe.title, module, own, recipe.go.length === 1);
    const { folder } =
      checkout === undefined
        ? await buildPrograms(context, name, title, module, own)
        : await buildCheckout(context, checkout, module);
    for (const program of await readdir(path.join(folder, 'bin'))) {
      component.sources.programs.set(program, path.join(folder, 'bin', program));
    }
    component.sources.folders.source ??= path.join(folder, 'source');
    origins.push(
      checkout === undefined ? `${module.module ?? `k8slab/${name}`}@v${own}` : `checkout ${version}`,
    );
  }
  return { ...component, origin: origins.join(' ') };
}

/** Removes what was built from changed files: it must not be taken for anything later. */
export async function removeScratch(context: BuildContext): Promise<void> {
  await removeTree(path.join(context.cache.folder, 'scratch'));
}
