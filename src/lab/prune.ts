import { childOf } from './findings.js';

/** A copy of plain data without the values at these paths; list items become empty groups, so that the others keep their places. */
export function without(value: unknown, paths: readonly string[]): unknown {
  if (paths.length === 0) return value;
  return copy(value, '', new Set(paths));
}

function copy(value: unknown, path: string, left: ReadonlySet<string>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      const child = childOf(path, index);
      return left.has(child) ? {} : copy(item, child, left);
    });
  }
  const kept = Object.entries(value)
    .filter(([key]) => !left.has(childOf(path, key)))
    .map(([key, item]) => [key, copy(item, childOf(path, key), left)] as const);
  return Object.fromEntries(kept);
}
