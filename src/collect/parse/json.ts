import { clean } from './sections.js';

/** Reading JSON of unknown shape: whatever does not fit becomes absent, nothing throws. */

/** The value below `path`, or undefined. Only own properties count. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  let current: unknown = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** The array at `path`, at most `limit` entries; empty when there is none. */
export function listAt(value: unknown, path: (string | number)[], limit = 20_000): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? (found.slice(0, limit) as unknown[]) : [];
}

/** The string at `path`, cleaned and cut; null when it is something else. */
export function textAt(value: unknown, ...path: (string | number)[]): string | null {
  const found = at(value, ...path);
  return typeof found === 'string' ? clean(found) : null;
}

/** The whole number at `path`, or null. */
export function integerAt(value: unknown, ...path: (string | number)[]): number | null {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isSafeInteger(found) ? found : null;
}

/** Strings of an array at `path`. */
export function textsAt(value: unknown, path: (string | number)[], limit = 1000): string[] {
  return listAt(value, path, limit).flatMap((entry) => (typeof entry === 'string' ? [clean(entry)] : []));
}
