import { z } from 'zod';
import type { Assets } from '../assets/manifests.js';
import type { OptionManifest } from '../assets/manifestParts.js';
import { labSchema } from './schema.js';

/** A JSON Schema node, as far as this module looks into it. */
export interface JsonSchema {
  [keyword: string]: unknown;
  properties?: Record<string, JsonSchema>;
  anyOf?: JsonSchema[];
  items?: JsonSchema;
}

/** Where the schema is published; editors find it by `# yaml-language-server: $schema=`. */
export const schemaUrl = 'https://unpkg.com/k8slab/schema/lab.schema.json';

/**
 * The JSON Schema (draft 2020-12) of a lab file, for editors: descriptions, defaults, examples, and the options of
 * each CNI, runtime, bootstrapper and load balancer the assets have.
 */
export function labJsonSchema(assets: Assets): JsonSchema {
  const schema = z.toJSONSchema(labSchema(assets), { target: 'draft-2020-12', io: 'input' }) as JsonSchema;
  addOptions(schema.properties?.provider, assets.providers);
  addOptions(schema.properties?.bootstrap, assets.bootstraps);
  addOptions(schema.properties?.runtime, assets.runtimes);
  addOptions(schema.properties?.cni, assets.cnis);
  addOptions(schema.properties?.loadBalancer, assets.loadBalancers);
  return { $id: schemaUrl, ...schema };
}

/** Puts the folders' options beside `name`; each is valid only with the names that have it. */
function addOptions(
  choice: JsonSchema | undefined,
  folders: Readonly<Record<string, { options?: Readonly<Record<string, OptionManifest>> | undefined }>>,
): void {
  const long = choice?.anyOf?.find(({ properties }) => properties !== undefined);
  if (!long?.properties) return;
  for (const { options = {} } of Object.values(folders)) {
    for (const [name, option] of Object.entries(options))
      long.properties[name] = anyValue(option, long.properties[name]);
  }
  long.additionalProperties = false;
  long.allOf = Object.entries(folders).map(([name, { options = {} }]) => ({
    if: { properties: { name: { const: name } }, required: ['name'] },
    then: {
      propertyNames: { enum: ['name', ...Object.keys(options)] },
      properties: Object.fromEntries(
        Object.entries(options).map(([key, option]) => [key, optionSchema(option)]),
      ),
    },
  }));
}

/** An option as editors show it before `name` is written: what it is, in each variant that has it. */
const anyValue = ({ description }: OptionManifest, others: JsonSchema | undefined): JsonSchema => ({
  description: others === undefined ? description : `${String(others.description)} ${description}`,
});

function optionSchema({ description, type, values, default: preset }: OptionManifest): JsonSchema {
  return { description, type, ...(values && { enum: values }), default: preset };
}
