/** One word for a POSIX shell, whatever characters it has. */
export function shellQuote(word: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/**
 * The line ssh hands to the machine's shell. A single word is a line of shell, as with ssh itself
 * (`k8slab ssh cp1 -- 'ls | wc -l'`); several are one command with exactly these arguments.
 */
export function remoteCommand(words: readonly string[]): string {
  const [only = ''] = words;
  return words.length === 1 ? only : words.map(shellQuote).join(' ');
}
