/** A role as written: how many machines, or a group that may say so. */
export type WrittenCount =
  number | { count?: number | undefined; machines?: readonly unknown[] | undefined } | undefined;

/** A group without `count` has the machines it lists; with neither, as many as the role has by itself. */
export function countOf(role: WrittenCount, byDefault: number): number {
  if (role === undefined || typeof role === 'number') return role ?? byDefault;
  return role.count ?? role.machines?.length ?? byDefault;
}
