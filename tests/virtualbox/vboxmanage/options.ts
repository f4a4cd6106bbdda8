// A test's tool, not VirtualBox: part of the stand-in for VBoxManage (see main.ts).
import { syntaxError } from './errors.js';

export interface Options {
  /** Arguments that are not options, in their order. */
  plain: string[];
  has: (name: string) => boolean;
  /** The option's last value. */
  get: (name: string) => string | undefined;
  /** Every value, in the order given. */
  all: (name: string) => string[];
}

/**
 * Reads options the way VBoxManage does: it refuses the ones it does not know, and those that lack their value.
 *
 * @param values options with a value; several spellings of one are separated by `|`, the first is its name
 * @param flags options without
 */
export function readOptions(
  args: readonly string[],
  values: readonly string[],
  flags: readonly string[] = [],
): Options {
  const nameOf = (spelling: string, known: readonly string[]): string | undefined =>
    known.find((entry) => entry.split('|').includes(spelling))?.split('|')[0];
  const given: [string, string][] = [];
  const plain: string[] = [];
  const rest = [...args];
  for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
    if (!argument.startsWith('-')) {
      plain.push(argument);
      continue;
    }
    const [spelling, inline] = splitOnce(argument, '=');
    const flag = nameOf(spelling, flags);
    if (flag !== undefined) {
      given.push([flag, '']);
      continue;
    }
    const option = nameOf(spelling, values);
    if (option === undefined) throw syntaxError(`Unknown option: ${argument}`);
    const value = inline ?? rest.shift();
    if (value === undefined) throw syntaxError(`Missing value for option: ${spelling}`);
    given.push([option, value]);
  }
  const all = (name: string): string[] => given.filter(([key]) => key === name).map(([, value]) => value);
  return { plain, all, get: (name) => all(name).at(-1), has: (name) => all(name).length > 0 };
}

function splitOnce(text: string, mark: string): [string, string?] {
  const at = text.indexOf(mark);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
