import { closest } from '../lab/suggest.js';

/** The command line was not understood: exit status 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';

  /** `advice` is what the person probably meant, or where to look. */
  constructor(
    message: string,
    readonly advice: string[],
  ) {
    super(message);
  }
}

/** What the parser knows at the moment it gives up. */
export interface Usage {
  /** The raw words, as a person wrote them. */
  raw: readonly string[];
  /** Every verb. */
  commands: readonly string[];
  /** Verbs below a verb, such as those of `bundle`. */
  below?: Readonly<Record<string, readonly string[]>>;
  /** Every flag that the verb knows, without dashes. */
  flags: readonly string[];
}

/** Takes yargs' own message; gives one that names the word that is wrong and what was probably meant. */
export function explainUsage(message: string, { raw, commands, below = {}, flags }: Usage): UsageError {
  const words = ownWords(raw);
  const outer = words.find((word) => commands.includes(word));
  if (outer === undefined) return wrongVerb(words, commands, '');
  const inner = Object.hasOwn(below, outer) ? (below[outer] ?? []) : [];
  const further = words.slice(words.indexOf(outer) + 1);
  const first = further.find((word) => !word.startsWith('-'));
  if (inner.length > 0 && (first === undefined || !inner.includes(first)))
    return wrongVerb(further, inner, `${outer} `);
  const verb = inner.length > 0 && first !== undefined ? `${outer} ${first}` : outer;
  const help = `k8slab ${verb} --help`;
  const stranger = words.filter((word) => word.startsWith('-')).find((word) => !isKnown(word, flags));
  if (stranger !== undefined) {
    const meant = closest(nameOf(stranger), flags);
    return new UsageError(`k8slab ${verb} has no flag ${stranger.split('=')[0] ?? stranger}.`, [
      ...(meant === undefined ? [] : [`Did you mean --${meant}?`]),
      `See: ${help}`,
    ]);
  }
  const missing = message.startsWith('Not enough non-option arguments');
  return new UsageError(missing ? `Something is missing after: k8slab ${verb}` : message, [`See: ${help}`]);
}

/** The word where a verb should stand is none of `verbs`, or is missing; `before` is the verb that they are below. */
function wrongVerb(words: readonly string[], verbs: readonly string[], before: string): UsageError {
  const help = `See: k8slab ${before}--help`;
  const first = words.find((word) => !word.startsWith('-'));
  if (first === undefined)
    return before === ''
      ? new UsageError('Which command?', [help])
      : new UsageError(`Which command of k8slab ${before.trimEnd()}? There are ${verbs.join(', ')}.`, [help]);
  const meant = closest(first, verbs);
  return new UsageError(`There is no command ${JSON.stringify(`${before}${first}`)}.`, [
    ...(meant === undefined ? [] : [`Did you mean ${before}${meant}?`]),
    help,
  ]);
}

/** Flags that take one value; `--set` may come many times, and `verify --from` names many snapshots. */
const valueFlags = [
  'dir',
  'provider',
  'bundle',
  'from',
  'save',
  'html',
  'junit',
  'wait',
  'out',
  'listen',
  'kubernetes',
].concat(['kubernetes-source', 'platform']);

/** Takes what was parsed. Throws UsageError for a flag without its value, and for one that is given twice. */
export function checkFlagValues(argv: Readonly<Record<string, unknown>>): true {
  for (const flag of valueFlags) {
    const value = argv[flag];
    if (Array.isArray(value) && !(flag === 'from' && verbOf(argv) === 'verify'))
      throw new UsageError(`--${flag} is given ${value.length} times.`, ['Give it once.']);
    if (typeof value === 'string' && value.trim() === '')
      throw new UsageError(`--${flag} needs a value.`, [`Write it after the flag: --${flag} <value>`]);
  }
  return true;
}

/** Words before `--`: what follows belongs to another program. */
function ownWords(raw: readonly string[]): readonly string[] {
  const end = raw.indexOf('--');
  return end === -1 ? raw : raw.slice(0, end);
}

function isKnown(word: string, flags: readonly string[]): boolean {
  const name = nameOf(word);
  return flags.includes(name) || (name.startsWith('no-') && flags.includes(name.slice(3)));
}

/** `--dir=x` → `dir` */
const nameOf = (word: string): string => word.replace(/^--?/, '').split('=')[0] ?? '';

const verbOf = ({ _: words }: Readonly<Record<string, unknown>>): unknown =>
  Array.isArray(words) ? words[0] : undefined;
