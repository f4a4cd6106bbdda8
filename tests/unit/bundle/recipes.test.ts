import { access, readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { packageRoot } from '../../../src/assets/load.js';
import { fill, loadRecipes } from '../../../src/bundle/modules/loadRecipes.js';
import type { ComponentRecipe, Recipes } from '../../../src/bundle/modules/recipe.js';

let recipes: Recipes;
beforeAll(async () => {
  recipes = await loadRecipes();
});

function references(recipe: ComponentRecipe): string[] {
  return [
    ...recipe.manifests,
    ...recipe.packages.flatMap((one) => [...one.files.map((file) => file.from), one.afterInstall ?? '']),
    ...recipe.downloads.flatMap((one) => [one.from ?? '', ...Object.values(one.entries ?? {})]),
    ...recipe.images.flatMap((one) => [...one.files, ...one.trees].map((file) => file.from)),
  ].filter((reference) => reference !== '');
}

describe('the recipes', () => {
  test('refer only to what their component provides', async () => {
    for (const [name, recipe] of Object.entries(recipes.components)) {
      const programs = new Set([
        ...recipe.go.flatMap((build) => Object.keys(build.programs)),
        ...Object.keys(recipe.archive?.programs ?? {}),
      ]);
      for (const reference of references(recipe)) {
        const [kind, ...parts] = reference.split('/');
        const rest = parts.join('/');
        const where = `${name}: ${reference}`;
        if (kind === 'programs') expect([where, programs.has(rest)]).toEqual([where, true]);
        else if (kind === 'source') expect([where, recipe.go[0]?.keep.includes(rest)]).toEqual([where, true]);
        else if (kind === 'debian')
          expect([where, recipe.debian?.keep.includes(rest)]).toEqual([where, true]);
        else if (kind === 'archive') expect([where, recipe.archive !== undefined]).toEqual([where, true]);
        else await access(path.join(recipes.folder, rest));
      }
    }
  });

  test('name roots that exist', () => {
    const named = Object.values(recipes.components).flatMap((recipe) =>
      recipe.images.flatMap((image) => image.root ?? []),
    );
    expect(Object.keys(recipes.roots)).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  test('put Kubernetes first, for its kubeadm says what the others must be', () => {
    expect(Object.keys(recipes.components)[0]).toBe('kubernetes');
  });

  test('lay downloads where the runtime’s provisioners look for them', async () => {
    const manifest = parse(
      await readFile(path.join(packageRoot, 'provision-scripts/runtime/containerd/manifest.yaml'), 'utf8'),
    ) as { sources: { url: string }[] };
    const asked = manifest.sources.map(({ url }) => url.replace('https://', ''));
    const made = Object.values(recipes.components).flatMap((recipe) =>
      recipe.downloads.map((download) => download.path),
    );
    expect(made).toEqual(expect.arrayContaining(asked));
  });
});

describe('fill', () => {
  test('fills names in and refuses unknown ones', () => {
    expect(fill('v{version}-{arch}', { version: '1', arch: 'amd64' })).toBe('v1-amd64');
    expect(() => fill('{nothing}', {})).toThrow(expect.objectContaining({ code: 'RENDER_ASSET' }));
  });
});
