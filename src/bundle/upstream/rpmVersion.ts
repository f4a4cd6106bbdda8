import { compareDigits } from './debianVersion.js';

/** Epoch, version and release of an rpm package. */
export interface RpmVersion {
  epoch: string;
  version: string;
  release: string;
}

/** Compares as rpm does: negative when `a` is older. A release that is not given fits any. */
export function compareRpm(a: RpmVersion, b: RpmVersion): number {
  return (
    compareDigits(a.epoch, b.epoch) ||
    compareRpmText(a.version, b.version) ||
    (a.release === '' || b.release === '' ? 0 : compareRpmText(a.release, b.release))
  );
}

/**
 * rpm's `rpmvercmp`: runs of digits and of letters, whatever separates them; `~` before everything, `^` after the end.
 * https://rpm-software-management.github.io/rpm/manual/dependencies.html#versioning
 */
export function compareRpmText(a: string, b: string): number {
  let [left, right] = [a, b];
  for (;;) {
    left = left.replace(/^[^A-Za-z0-9~^]+/, '');
    right = right.replace(/^[^A-Za-z0-9~^]+/, '');
    if (left.startsWith('~') || right.startsWith('~')) {
      if (!left.startsWith('~')) return 1;
      if (!right.startsWith('~')) return -1;
      [left, right] = [left.slice(1), right.slice(1)];
      continue;
    }
    if (left.startsWith('^') || right.startsWith('^')) {
      if (left === '') return -1;
      if (right === '') return 1;
      if (!left.startsWith('^')) return 1;
      if (!right.startsWith('^')) return -1;
      [left, right] = [left.slice(1), right.slice(1)];
      continue;
    }
    if (left === '' || right === '') return left.length - right.length;
    const numeric = /^\d/.test(left);
    const run = numeric ? /^\d+/ : /^[A-Za-z]+/;
    const [one, other] = [run.exec(left)?.[0] ?? '', run.exec(right)?.[0] ?? ''];
    // Of different kinds: the number is the newer one.
    if (other === '') return numeric ? 1 : -1;
    const difference = numeric ? compareDigits(one, other) : one < other ? -1 : one > other ? 1 : 0;
    if (difference !== 0) return difference;
    [left, right] = [left.slice(one.length), right.slice(other.length)];
  }
}
