import { describe, expect, test } from '@jest/globals';
import { labJsonSchema, type JsonSchema } from '../../../src/lab/jsonSchema.js';
import { testAssets } from './assets.js';

const schema = labJsonSchema(testAssets());

function* fields(node: JsonSchema, path: string): Generator<[string, JsonSchema]> {
  for (const variant of node.anyOf ?? []) yield* fields(variant, path);
  if (node.items) yield* fields(node.items, `${path}[]`);
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    yield [`${path}.${name}`, child];
    yield* fields(child, `${path}.${name}`);
  }
}

describe('the JSON Schema', () => {
  test('is draft 2020-12 and closed', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toMatch(/^https:.*lab\.schema\.json$/);
    expect(schema.additionalProperties).toBe(false);
    expect(Object.keys(schema.properties ?? {})).toEqual([
      'name',
      'description',
      'provider',
      'box',
      'kubernetes',
      'bootstrap',
      'runtime',
      'cni',
      'loadBalancer',
      'networking',
      'controlPlanes',
      'workers',
      'loadBalancers',
    ]);
  });

  test('describes every field', () => {
    const all = [...fields(schema, '')];
    expect(all.length).toBeGreaterThan(50);
    expect(
      all.filter(([, { description }]) => typeof description !== 'string').map(([path]) => path),
    ).toEqual([]);
  });

  test('takes names from the assets', () => {
    expect(schema.properties?.provider?.anyOf?.[0]?.enum).toEqual(['auto', 'virtualbox', 'lxc']);
    expect(schema.properties?.box?.anyOf?.[0]?.enum).toEqual([
      'auto',
      'ubuntu-24.04',
      'debian-12',
      'rocky-9',
    ]);
    expect(schema.properties?.cni?.anyOf?.[0]?.enum).toEqual(['calico', 'flannel', 'bridge']);
  });

  test('has defaults and examples', () => {
    expect(schema.properties?.networking?.properties?.podSubnet?.default).toBe('10.244.0.0/16');
    expect(schema.properties?.kubernetes?.properties?.version?.examples).toEqual(['1.37', '1.37.1']);
    expect(schema.properties?.workers?.default).toBe(0);
  });

  test('knows each CNI’s options', () => {
    const long = schema.properties?.cni?.anyOf?.[1];
    expect(long?.additionalProperties).toBe(false);
    expect(Object.keys(long?.properties ?? {})).toEqual([
      'name',
      'version',
      'encapsulation',
      'blockSize',
      'bgp',
    ]);
    expect(long?.allOf).toContainEqual({
      if: { properties: { name: { const: 'bridge' } }, required: ['name'] },
      then: { propertyNames: { enum: ['name'] }, properties: {} },
    });
  });

  test('is the same each time', () => {
    expect(JSON.stringify(labJsonSchema(testAssets()))).toBe(JSON.stringify(schema));
  });
});
