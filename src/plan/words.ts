import { closest } from '../lab/suggest.js';

/** `a`, `a and b`, `a, b and c` */
export function list(words: readonly string[], conjunction = 'and'): string {
  const last = words.at(-1);
  if (last === undefined) return 'none';
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}

/** `1 worker`, `2 workers` */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** What follows a name that is not known: `; did you mean calico?`, or the names there are. */
export function unknownName(name: string, known: readonly string[]): string {
  const meant = closest(name, known);
  return meant === undefined ? `; there is ${list(known)}.` : `; did you mean ${meant}?`;
}
