import { isAlias, isMap, isPair, isScalar, isSeq, type Document, type Node, type Scalar } from 'yaml';
import { childOf, shorten, type Finding, type Span } from './findings.js';
import type { TreeNode } from './places.js';

/** A lab as plain values, with the place of each. */
export interface Tree {
  value: unknown;
  nodes: Map<string, TreeNode>;
  findings: Finding[];
  /** Paths whose values were left out because of a finding. */
  blocked: string[];
}

/** Places of nodes that came from `--set` and so have none in the file. */
export type Origins = ReadonlyMap<unknown, Span>;

const plainTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((tag) => `tag:yaml.org,2002:${tag}`),
);
/** Groups that may stand there with all of their lines commented out. */
const mayBeEmpty = new Set(['networking', 'kubernetes']);

/**
 * Walks a document once: plain values without prototypes' tricks, their places, and what a lab may not use
 * (aliases, merge keys, tags, a key twice).
 */
export function buildTree(document: Document, origins: Origins): Tree {
  const tree: Tree = { value: undefined, nodes: new Map(), findings: [], blocked: [] };

  const span = (node: unknown): Span => {
    const origin = origins.get(node);
    if (origin) return origin;
    const range = (node as Node | null)?.range;
    return range ? { from: range[0], to: range[1] } : { from: 0, to: 1 };
  };

  const refuse = (
    code: Finding['code'],
    message: string,
    node: unknown,
    path: string,
    fix: string[],
  ): null => {
    tree.findings.push({ code, message, span: span(node), fix });
    tree.blocked.push(path);
    return null;
  };

  const visit = (node: unknown, path: string, key?: unknown): unknown => {
    const collection = isMap(node) || isSeq(node);
    const place: TreeNode = { value: span(node ?? key), collection };
    if (key !== undefined) place.key = span(key);
    tree.nodes.set(path, place);
    if (isAlias(node)) {
      return refuse(
        'LAB_ALIAS',
        `\`*${shorten(node.source)}\` is a YAML alias; a lab does not use them.`,
        node,
        path,
        ['Write the value itself.'],
      );
    }
    const tag = collection || isScalar(node) ? node.tag : undefined;
    if (tag !== undefined && !plainTags.has(tag)) {
      return refuse(
        'LAB_TAG',
        `\`${shorten(tag)}\` is a YAML tag; a lab has plain values only.`,
        node,
        path,
        ['Delete the tag.'],
      );
    }
    if (isMap(node)) return visitMap(node.items, path);
    if (isSeq(node)) return node.items.map((item, index) => visit(item, childOf(path, index)));
    return isScalar(node) ? visitScalar(node, place) : null;
  };

  const visitMap = (items: readonly unknown[], path: string): Record<string, unknown> => {
    const entries = new Map<string, unknown>();
    for (const pair of items) {
      if (!isPair(pair)) continue;
      const key = isScalar(pair.key) ? String(pair.key.source ?? pair.key.value) : undefined;
      const child = childOf(path, key ?? '');
      if (key === undefined) {
        refuse('LAB_SYNTAX', 'A key is one word.', pair.key, child, ['Write `key: value`.']);
      } else if (key === '__proto__') {
        refuse('LAB_UNKNOWN_KEY', 'There is no `__proto__` in a lab.', pair.key, child, ['Delete it.']);
      } else if (key === '<<') {
        refuse('LAB_MERGE_KEY', '`<<` is a YAML 1.1 merge key; a lab does not use them.', pair.key, child, [
          'Write the keys themselves.',
        ]);
      } else if (entries.has(key)) {
        refuse(
          'LAB_DUPLICATE_KEY',
          `\`${shorten(key)}\` is written twice in the same group.`,
          pair.key,
          child,
          ['Keep one of the two.'],
        );
      } else {
        const value = visit(pair.value, child, pair.key);
        if (value !== null || !mayBeEmpty.has(child)) entries.set(key, value);
      }
    }
    return Object.fromEntries(entries);
  };

  tree.value = document.contents === null ? null : visit(document.contents, '');
  return tree;
}

/** `.30`, the short form of an address, is a number to YAML; nothing else in a lab starts with a dot. */
function visitScalar(node: Scalar, place: TreeNode): unknown {
  const text = node.source ?? String(node.value);
  place.text = text;
  return typeof node.value === 'number' && /^\.\d{1,3}$/.test(text) ? text : node.value;
}
