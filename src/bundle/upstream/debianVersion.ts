/**
 * Compares two versions as dpkg does: negative when `a` is older, 0 when equal.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
export function compareDebian(a: string, b: string): number {
  const [left, right] = [split(a), split(b)];
  return (
    left.epoch - right.epoch ||
    compareText(left.upstream, right.upstream) ||
    compareText(left.revision, right.revision)
  );
}

function split(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: colon < 0 ? 0 : Number(version.slice(0, colon)) || 0,
    upstream: hyphen < 0 ? rest : rest.slice(0, hyphen),
    revision: hyphen < 0 ? '0' : rest.slice(hyphen + 1),
  };
}

/** Alternately what is no digit, by the order below, and numbers. */
function compareText(a: string, b: string): number {
  let [left, right] = [a, b];
  while (left !== '' || right !== '') {
    const [words, others] = [/^\D*/.exec(left)?.[0] ?? '', /^\D*/.exec(right)?.[0] ?? ''];
    for (let index = 0; index < Math.max(words.length, others.length); index += 1) {
      const difference = order(words[index]) - order(others[index]);
      if (difference !== 0) return difference;
    }
    [left, right] = [left.slice(words.length), right.slice(others.length)];
    const [digits, others2] = [/^\d*/.exec(left)?.[0] ?? '', /^\d*/.exec(right)?.[0] ?? ''];
    const difference = compareDigits(digits, others2);
    if (difference !== 0) return difference;
    [left, right] = [left.slice(digits.length), right.slice(others2.length)];
  }
  return 0;
}

/** `~` before the end, the end before letters, letters before the rest. */
function order(char: string | undefined): number {
  if (char === undefined) return 0;
  if (char === '~') return -1;
  return /[A-Za-z]/.test(char) ? char.charCodeAt(0) : char.charCodeAt(0) + 256;
}

/** As numbers, however long. */
export function compareDigits(a: string, b: string): number {
  const [left, right] = [a.replace(/^0+/, ''), b.replace(/^0+/, '')];
  return left.length - right.length || (left < right ? -1 : left > right ? 1 : 0);
}
