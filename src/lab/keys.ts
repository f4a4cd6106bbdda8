import type { Assets } from '../assets/manifests.js';
import { childOf, parentOf, shorten, type Finding } from './findings.js';
import { labJsonSchema, type JsonSchema } from './jsonSchema.js';
import { closest } from './suggest.js';

/** Words people use for a key of ours. */
const synonyms: Readonly<Record<string, string>> = {
  masters: 'controlPlanes',
  master: 'controlPlanes',
  nodes: 'workers',
  ram: 'memory',
  mem: 'memory',
  vcpus: 'cpus',
  cores: 'cpus',
  ip: 'address',
  podCIDR: 'podSubnet',
  podNetworkCidr: 'podSubnet',
  serviceCIDR: 'serviceSubnet',
  clusterDomain: 'dnsDomain',
  containerRuntime: 'runtime',
  network: 'networking',
  replicas: 'count',
  image: 'box',
  hypervisor: 'provider',
};

/** Every group of a lab file with the keys it may have; list items are `*`. */
export type KnownKeys = ReadonlyMap<string, readonly string[]>;

const collected = new WeakMap<Assets, KnownKeys>();

export function knownKeys(assets: Assets): KnownKeys {
  const before = collected.get(assets);
  if (before) return before;
  const groups = new Map<string, string[]>();
  const walk = (schema: JsonSchema, path: string): void => {
    for (const variant of schema.anyOf ?? []) walk(variant, path);
    if (schema.items) walk(schema.items, childOf(path, '*'));
    if (!schema.properties) return;
    groups.set(path, Object.keys(schema.properties));
    for (const [name, child] of Object.entries(schema.properties)) walk(child, childOf(path, name));
  };
  walk(labJsonSchema(assets), '');
  collected.set(assets, groups);
  return groups;
}

/**
 * What to say about a key that does not exist: misspelt, in the wrong group, or unknown.
 * `allowed` replaces the group's keys where they depend on a choice. Gives the path meant beside it, if one was.
 */
export function unknownKey(
  group: string,
  key: string,
  known: KnownKeys,
  allowed?: readonly string[],
): Finding & { meant?: string } {
  const siblings = allowed ?? known.get(group.replaceAll(/\b\d+\b/g, '*')) ?? [];
  const base = { code: 'LAB_UNKNOWN_KEY' as const, path: childOf(group, key), key: true };
  const where = group === '' ? 'at the top level of a lab' : `under \`${group}\``;
  const synonym = Object.hasOwn(synonyms, key) ? synonyms[key] : undefined;

  if (key.includes('.') && !key.startsWith('.')) {
    return {
      ...base,
      code: 'LAB_WRONG_PLACE',
      message: `\`${shorten(key)}\` is written as one key.`,
      fix: [nested(key)],
    };
  }
  const elsewhere = groupsWith(key, group, known);
  const sibling = synonym !== undefined && siblings.includes(synonym) ? synonym : closest(key, siblings);
  if (elsewhere.length > 0 && (sibling === undefined || sibling.length < 3)) {
    return {
      ...base,
      code: 'LAB_WRONG_PLACE',
      message: `There is no \`${key}\` ${where}: ${belongs(elsewhere)}.`,
      fix: placed(key, elsewhere),
    };
  }
  const message = `There is no \`${shorten(key)}\` ${where}.`;
  if (sibling !== undefined)
    return { ...base, message, fix: [`Did you mean \`${sibling}\`?`], meant: childOf(group, sibling) };
  const every = [...new Set([...known.values()].flat())];
  const far = synonym ?? closest(key, every);
  const farGroups = far === undefined ? [] : groupsWith(far, group, known);
  if (far !== undefined && farGroups.length > 0) {
    return {
      ...base,
      message,
      fix: [`Did you mean \`${far}\`? It belongs elsewhere:`, ...placed(far, farGroups)],
    };
  }
  return { ...base, message, fix: [`Known here: ${siblings.join(', ') || 'nothing'}.`] };
}

/** Where a key of several groups is usually meant. */
const likely = ['', 'kubernetes', 'networking'];

/** Other groups that have a key, the likely ones first. */
function groupsWith(key: string, except: string, known: KnownKeys): string[] {
  const groups = [...known]
    .filter(([group, keys]) => group !== except && keys.includes(key))
    .map(([group]) => group);
  return groups.sort((a, b) => Number(likely.includes(b)) - Number(likely.includes(a)));
}

function belongs(groups: readonly string[]): string {
  const names = groups.map((group) => (group === '' ? 'the top level' : `\`${group.replace('.*', '')}\``));
  return `it belongs ${groups[0] === '' ? 'at' : 'under'} ${names.slice(0, 3).join(' or ')}`;
}

function placed(key: string, groups: readonly string[]): string[] {
  if (groups[0] === '') return [`Write \`${key}:\` without indentation.`];
  const plain = groups.filter((group) => !group.includes('*'));
  if (plain.length > 0) return plain.slice(0, 3).map((group) => nested(`${group}.${key}`));
  return [`Write it for one machine of a role: \`${parentOf(groups[0] ?? '')}: [{${key}: …}]\``];
}

/** `networking.podSubnet` → two lines of YAML. */
function nested(path: string): string {
  return path
    .split('.')
    .slice(0, 8)
    .map(
      (part, depth, parts) =>
        `${'  '.repeat(depth)}${shorten(part)}:${depth === parts.length - 1 ? ' …' : ''}`,
    )
    .join('\n');
}
