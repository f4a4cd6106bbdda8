import { isCollection, isMap, isScalar, isSeq, parseAllDocuments, type Document } from 'yaml';
import { K8slabError } from '../errors/error.js';
import { matchesFile } from '../plan/adaptations.js';
import type { Adaptation, Change } from '../plan/cluster.js';
import { commentLines } from './quote.js';

/**
 * A rendered configuration file with what this host's limits make different; each value that is set says why. Files that no
 * adaptation names come back as they are. Throws RENDER_TEMPLATE for a file in which a change has no place.
 */
export function adaptFile(name: string, text: string, adaptations: readonly Adaptation[]): string {
  let adapted = text;
  for (const { changes, why } of adaptations) {
    for (const change of changes) {
      if (!matchesFile(change.file, name)) continue;
      adapted = 'kind' in change ? setInYaml(name, adapted, change, why) : setInToml(adapted, change, why);
    }
  }
  return adapted;
}

function setInYaml(
  name: string,
  text: string,
  { kind, set }: Extract<Change, { kind: string }>,
  why: string,
): string {
  const documents = parseAllDocuments(text);
  if ('empty' in documents) return text;
  const wanted = documents.filter((document) => document.get('kind') === kind);
  if (wanted.length === 0) return text;
  for (const document of wanted) merge(document, [], set, why);
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) throw new K8slabError('RENDER_TEMPLATE', `${name}: ${error.message}`);
  return documents
    .map((document) => document.toString({ lineWidth: 0, flowCollectionPadding: false }))
    .join('---\n')
    .replaceAll('---\n---\n', '---\n');
}

function merge(
  document: Document,
  path: readonly string[],
  values: Readonly<Record<string, unknown>>,
  why: string,
): void {
  for (const [key, value] of Object.entries(values)) {
    const place = [...path, key];
    const there: unknown = document.getIn(place, true);
    if (isRecord(value) && isMap(there)) merge(document, place, value, why);
    else if (Array.isArray(value) && isSeq(there))
      for (const item of value) there.add(document.createNode(item));
    else {
      document.setIn(place, document.createNode(value));
      explain(document, path, key, why);
    }
  }
}

/** Puts the reason above a key. */
function explain(document: Document, path: readonly string[], key: string, why: string): void {
  const map: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  if (!isMap(map)) return;
  const pair = map.items.find(({ key: node }) => (isScalar(node) ? node.value : node) === key);
  if (pair === undefined) return;
  const node = document.createNode(key);
  node.commentBefore = comment(why).replaceAll(/^#/gm, '');
  pair.key = node;
  if (isCollection(pair.value) && path.length > 0) pair.value.flow = isSeq(pair.value);
}

/** The table's header may stand in the file already; a table may be given once only. */
function setInToml(text: string, { table, set }: Extract<Change, { table: string }>, why: string): string {
  const lines = text.trimEnd().split('\n');
  const header = lines.findIndex((line) => line.trim() === `[${table}]`);
  const indent = /^\s*/.exec(lines[header] ?? '')?.[0] ?? '';
  const body = [
    ...comment(why).split('\n'),
    ...Object.entries(set).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
  ].map((line) => `${indent}  ${line}`);
  if (header === -1) lines.push('', `[${table}]`, ...body);
  else lines.splice(header + 1, 0, ...body);
  return `${lines.join('\n')}\n`;
}

/** Lines of at most some hundred columns, each with a `#`. */
function comment(text: string): string {
  return commentLines(text.trim());
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
