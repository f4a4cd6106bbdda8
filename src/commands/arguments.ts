/** Commands whose tail belongs to another program, with the number of our own positionals before it. */
const passThrough: Record<string, number> = { kubectl: 0, ssh: 1 };

const flagsWithValue = new Set(['--dir', '-C']);

/**
 * Takes the raw arguments; gives them with `--` set before the part that is meant for another program,
 * so that `k8slab kubectl get nodes -o wide` needs no `--` of the person's.
 */
export function protectForeignArguments(raw: readonly string[]): string[] {
  const verbAt = skipFlags(raw, 0);
  const own = passThrough[raw[verbAt] ?? ''];
  if (own === undefined) return [...raw];
  let tail = skipFlags(raw, verbAt + 1);
  for (let taken = 0; taken < own && tail < raw.length; taken++) tail = skipFlags(raw, tail + 1);
  const rest = raw.slice(tail);
  // One that stands here is the person's own; a later one is meant for the other program: kubectl exec POD -- sh
  if (raw.slice(0, tail + 1).includes('--')) return [...raw];
  const asksForHelp = rest.length === 1 && (rest[0] === '--help' || rest[0] === '-h');
  return rest.length === 0 || asksForHelp ? [...raw] : [...raw.slice(0, tail), '--', ...rest];
}

function skipFlags(raw: readonly string[], from: number): number {
  let at = from;
  for (;;) {
    const word = raw[at] ?? '';
    if (flagsWithValue.has(word)) at += 2;
    else if (word.startsWith('--dir=')) at += 1;
    else return at;
  }
}
