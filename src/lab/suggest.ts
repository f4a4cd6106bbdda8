/**
 * Number of single-letter edits (insert, delete, replace, swap of neighbours) between two words:
 * the optimal string alignment distance.
 */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      let cost = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped =
        row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) cost = Math.min(cost, (beforeLast[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    beforeLast = last;
    last = current;
  }
  return last[to.length] ?? 0;
}

/** Longer words are nobody's typing error of a word of ours, and comparing them costs time. */
const longestWord = 64;

/**
 * Takes a word a person wrote and the words that were possible; gives the one probably meant, or undefined.
 * Case, `-`, `_` and spaces are of no account; about one letter in three may be wrong.
 */
export function closest(word: string, possible: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined;
  const plain = simplified(word);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of possible) {
    const target = simplified(candidate);
    if (plain !== '' && plain === target) return candidate;
    const distance = editDistance(plain, target);
    const allowed = Math.max(1, Math.floor(Math.min(plain.length, target.length) / 3));
    if (distance <= allowed && target.length > 1 && (!best || distance < best.distance))
      best = { candidate, distance };
  }
  return best?.candidate;
}

function simplified(word: string): string {
  return word.toLowerCase().replace(/[-_\s]/g, '');
}
