/** A place in a document that holds text, by the keys that lead there. */
export type Leaf = (string | number)[];

/** All places below `value` that hold text. */
export function leavesOf(value: unknown, place: Leaf = []): Leaf[] {
  if (typeof value === 'string') return [place];
  if (typeof value !== 'object' || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item: unknown, index) => [index, item])
    : Object.entries(value);
  return entries.flatMap(([key, item]) => leavesOf(item, [...place, key]));
}

/** What all places of one kind have in common: `machines.*.system.swap.*`. */
export const kindOf = (leaf: Leaf): string =>
  leaf.map((key, index) => (typeof key === 'number' || leaf[index - 1] === 'machines' ? '*' : key)).join('.');

/** Changes the text at each of these places in `document`; gives what puts everything back. */
export function poison(
  document: object,
  leaves: readonly Leaf[],
  change: (text: string) => string,
): () => void {
  const undo = leaves.map((leaf) => {
    let parent: unknown = document;
    for (const key of leaf.slice(0, -1)) parent = (parent as Record<string | number, unknown>)[key];
    const holder = parent as Record<string | number, unknown>;
    const last = leaf.at(-1) ?? '';
    const before = holder[last];
    if (typeof before !== 'string') throw new Error(`${leaf.join('.')} holds no text`);
    holder[last] = change(before);
    return () => {
      holder[last] = before;
    };
  });
  return () => {
    for (const one of undo) one();
  };
}
