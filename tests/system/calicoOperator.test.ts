import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { loadAssets } from '../../src/assets/load.js';
import type { Assets } from '../../src/assets/manifests.js';
import { renderLab } from '../../src/render/renderLab.js';
import { facts, planOf } from '../golden/support/cases.js';
import { requirePrograms, say } from './support/programs.js';

/** The operator whose release is that of the manifests which the lab downloads. */
const operator = 'github.com/tigera/operator@v1.42.3';

/** As much of OpenAPI as the description of an Installation uses where a lab has values. */
interface Schema {
  type?: string;
  enum?: unknown[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

interface Definition {
  spec: { versions: { schema: { openAPIV3Schema: Schema } }[] };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'k8slab-operator-'));
let assets: Assets;
let schema: Schema;
beforeAll(async () => {
  requirePrograms('go', 'kubectl');
  assets = await loadAssets();
  const { status, stdout, text } = await say('go', ['mod', 'download', '-json', operator], { cwd: folder });
  expect({ status, text: status === 0 ? '' : text }).toEqual({ status: 0, text: '' });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const file = path.join(Dir, 'pkg/imports/crds/operator/operator.tigera.io_installations.yaml');
  const definition = parse(readFileSync(file, 'utf8')) as Definition;
  schema = definition.spec.versions[0]?.schema.openAPIV3Schema ?? {};
  expect(Object.keys(schema.properties?.spec?.properties ?? {}).length).toBeGreaterThan(20);
}, 300_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What of a value its description does not know or allow. */
function faults(known: Schema, value: unknown, where = ''): string[] {
  if (known.enum && !known.enum.includes(value)) return [`${where}: ${String(value)} is not one of them`];
  if (Array.isArray(value)) {
    if (known.type !== 'array') return [`${where}: a list`];
    return value.flatMap((item) => faults(known.items ?? {}, item, `${where}[]`));
  }
  if (typeof value === 'object' && value !== null) {
    if (known.type !== 'object') return [`${where}: a mapping`];
    return Object.entries(value).flatMap(([key, inner]) => {
      const own = known.properties?.[key];
      return own ? faults(own, inner, `${where}.${key}`) : [`${where}.${key}: unknown`];
    });
  }
  const type = Number.isInteger(value) ? 'integer' : typeof value;
  return type === known.type ? [] : [`${where}: ${type} in place of ${known.type ?? 'nothing'}`];
}

/** The object that the machine hands to the API, made of a lab's files by kubectl as its step does. */
async function installation(options: Record<string, string>, ...set: string[]): Promise<{ spec: object }> {
  const name = Object.values(options).join('-');
  const cni = Object.entries(options).map(([key, value]) => `cni.${key}=${value}`);
  const cluster = planOf(
    {
      name,
      text: 'name: operator\nworkers: 1\nprovider: virtualbox\ncni:\n  name: calico\n  install: operator\n',
      set: [...cni, ...set],
    },
    assets,
  );
  const target = path.join(folder, name);
  mkdirSync(target);
  for (const [file, { content }] of renderLab(cluster, facts, assets)) {
    const own = /^provision\/cp1\/(installation|operator-.*)\.yaml$/.exec(file)?.[1];
    const placed = own?.replace(/^operator-/, '').replace(/^(autodetection|encapsulation)-.*/, '$1');
    if (placed !== undefined)
      writeFileSync(path.join(target, `${placed}.yaml`), content.replace('@ADAPTER@', 'eth1'));
  }
  const { status, stdout, text } = await say('kubectl', ['kustomize', target]);
  expect({ status, text: status === 0 ? '' : text }).toEqual({ status: 0, text: '' });
  return parse(stdout) as { spec: object };
}

describe('the Installation of a lab fits the description of the operator it downloads', () => {
  test.each([
    ['ipip', { encapsulation: 'IPIP', bgp: 'Enabled' }],
    ['vxlan', { encapsulation: 'VXLAN', bgp: 'Disabled' }],
    ['none', { encapsulation: 'None', bgp: 'Enabled' }],
  ])('encapsulation %s', async (encapsulation, { bgp, ...pool }) => {
    const object = await installation({ encapsulation }, 'networking.mtu=1400');
    expect(faults(schema, { spec: object.spec })).toEqual([]);
    expect(object.spec).toMatchObject({
      calicoNetwork: {
        bgp,
        mtu: 1400,
        ipPools: [{ cidr: '10.244.0.0/16', natOutgoing: 'Enabled', ...pool }],
      },
    });
  });

  test.each([
    ['can-reach', { canReach: '192.168.56.10' }],
    ['cidr', { cidrs: ['192.168.56.0/24'] }],
    ['interface', { interface: '^eth1$' }],
    ['kubernetes-internal-ip', { kubernetes: 'NodeInternalIP' }],
    ['first-found', { firstFound: true }],
  ])('autodetection %s', async (autodetection, method) => {
    const object = await installation({ autodetection });
    expect(faults(schema, { spec: object.spec })).toEqual([]);
    expect(object.spec).toMatchObject({ calicoNetwork: { nodeAddressAutodetectionV4: method } });
  });

  test('and one that does not fit would be found', () => {
    const wrong = { spec: { calicoNetwork: { ipPools: [{ encapsulation: 'ipip' }], canReach: '1.2.3.4' } } };
    expect(faults(schema, wrong)).toHaveLength(2);
  });
});
