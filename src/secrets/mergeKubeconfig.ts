import { isMap, isSeq, parseDocument, type Document } from 'yaml';
import { K8slabError } from '../errors/error.js';

const lists = ['clusters', 'contexts', 'users'] as const;

/**
 * Takes a person's kubeconfig (empty when there is none) and a lab's; gives the former with the lab's entries added or
 * replaced by name, and its context made current. Everything else, comments too, stays as it was.
 * Throws LAB_KUBECONFIG when the person's file is not a kubeconfig; `file` names it.
 */
export function mergeKubeconfig(existing: string, lab: string, file: string): string {
  const empty = existing.trim() === '';
  const target = parseDocument(empty ? 'apiVersion: v1\nkind: Config\n' : existing);
  if (target.errors.length > 0 || !isMap(target.contents)) {
    throw new K8slabError(
      'LAB_KUBECONFIG',
      `${file} is not a kubeconfig: ${target.errors[0]?.message ?? 'no mapping'}`,
    );
  }
  const source = parseDocument(lab);
  for (const list of lists) mergeList(target, source, list, file);
  target.set('current-context', source.get('current-context'));
  return target.toString({ lineWidth: 0 });
}

function mergeList(target: Document, source: Document, list: (typeof lists)[number], file: string): void {
  const incoming = source.get(list);
  const there = target.get(list);
  if (!isSeq(incoming)) return;
  if (there === undefined || there === null) {
    target.set(list, incoming);
    return;
  }
  if (!isSeq(there))
    throw new K8slabError('LAB_KUBECONFIG', `${file} is not a kubeconfig: ${list} is not a list.`);
  for (const item of incoming.items) {
    const name = nameOf(item);
    const at = there.items.findIndex((other) => nameOf(other) === name);
    if (at === -1) there.add(item);
    else there.set(at, item);
  }
}

const nameOf = (item: unknown): unknown => (isMap(item) ? item.get('name') : undefined);
