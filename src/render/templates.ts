import Handlebars from 'handlebars';
import type { Assets } from '../assets/manifests.js';
import { K8slabError } from '../errors/error.js';
import { each, layoutHelpers, quotingHelpers } from './helpers.js';

type Fill = (context: object) => string;

const handlebars = Handlebars.create();
for (const name of Object.keys(handlebars.helpers)) {
  if (!['if', 'unless', 'with'].includes(name)) handlebars.unregisterHelper(name);
}
handlebars.registerHelper('each', each);

for (const [name, helper] of Object.entries({ ...quotingHelpers, ...layoutHelpers })) {
  handlebars.registerHelper(name, (...parameters: unknown[]) => {
    const { data, loc } = parameters.at(-1) as {
      data?: { template?: string };
      loc?: { start: { line: number } };
    };
    try {
      const [first, second] = parameters.slice(0, -1);
      return helper(first, second);
    } catch (error) {
      if (!(error instanceof K8slabError)) throw error;
      const place = `${data?.template ?? 'template'}, line ${loc?.start.line ?? '?'}`;
      throw new K8slabError(error.code, `${place}: ${error.message}`, { cause: error });
    }
  });
}

const compiled = new WeakMap<Assets, Map<string, Fill>>();

/** Text of an asset. Throws RENDER_ASSET when the package has none of that name. */
export function assetText(assets: Assets, path: string): string {
  const text = assets.texts[path];
  if (text === undefined) throw new K8slabError('RENDER_ASSET', `${path} is missing.`);
  return text;
}

/**
 * Fills in the template at `path` (relative to the package). Strict: a property that does not exist, a value that is not
 * quoted or an unknown helper is an error (RENDER_TEMPLATE), a value that cannot be quoted is RENDER_VALUE.
 * `partials` are texts by name. Compiled once per assets, path and partials' names.
 */
export function fillTemplate(
  assets: Assets,
  path: string,
  context: object,
  partials: Record<string, string> = {},
): string {
  const cache = compiled.get(assets) ?? new Map<string, Fill>();
  compiled.set(assets, cache);
  const key = [path, ...Object.values(partials)].join('\n');
  let fill = cache.get(key);
  if (fill === undefined) {
    const main = compile(assetText(assets, path));
    const parts = Object.fromEntries(Object.entries(partials).map(([name, text]) => [name, compile(text)]));
    fill = (value) => main(value, { partials: parts, data: { template: path } });
    cache.set(key, fill);
  }
  try {
    return fill(context);
  } catch (error) {
    if (error instanceof K8slabError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new K8slabError('RENDER_TEMPLATE', `${path}: ${reason}`, { cause: error });
  }
}

function compile(text: string): HandlebarsTemplateDelegate {
  const known = [
    ...Object.keys(quotingHelpers),
    ...Object.keys(layoutHelpers),
    'each',
    'if',
    'unless',
    'with',
  ];
  return handlebars.compile(text, {
    strict: true,
    noEscape: true,
    preventIndent: true,
    knownHelpersOnly: true,
    knownHelpers: Object.fromEntries(known.map((name) => [name, true])),
  });
}
