import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { packageRoot } from '../../assets/load.js';
import { K8slabError } from '../../errors/error.js';
import { componentRecipe, rootRecipe, type ComponentRecipe, type Recipes } from './recipe.js';

/** Reads the recipes of the package. Throws RENDER_ASSET that names file and field. */
export async function loadRecipes(
  folder: string = path.join(packageRoot, 'box-templates', 'bundle'),
): Promise<Recipes> {
  const names = (await namesIn(path.join(folder, 'components')))
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const components: Record<string, ComponentRecipe> = {};
  for (const name of ['kubernetes.yaml', ...names.filter((other) => other !== 'kubernetes.yaml')]) {
    components[path.basename(name, '.yaml')] = await read(
      path.join(folder, 'components', name),
      componentRecipe,
    );
  }
  return {
    folder,
    components,
    roots: await read(path.join(folder, 'roots.yaml'), z.record(z.string(), rootRecipe)),
  };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw damaged(folder, cause instanceof Error ? cause.message : String(cause));
  }
}

async function read<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  let document: unknown;
  try {
    document = parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw damaged(file, cause instanceof Error ? cause.message : String(cause));
  }
  const result = schema.safeParse(document);
  if (!result.success) throw damaged(file, z.prettifyError(result.error));
  return result.data;
}

function damaged(file: string, reason: string): K8slabError {
  return new K8slabError('RENDER_ASSET', `${file} cannot be used.`, { raw: reason });
}

/** Fills `{name}` in. Throws RENDER_ASSET for a name without a value. */
export function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{([a-zA-Z]+)\}/g, (_, name: string) => {
    const value = values[name];
    if (value === undefined)
      throw damaged('A recipe of box-templates/bundle', `{${name}} has no value in: ${text}`);
    return value;
  });
}
