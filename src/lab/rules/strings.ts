import { childOf, type Finding } from '../findings.js';
import { codePoint, invisibleCharacter } from '../text.js';
import type { Rule } from './rule.js';

const longestDescription = 200;
const longestString = 2048;

/** Every text of a lab reaches scripts, Ruby and YAML as one line. */
const plainStrings: Rule = { reads: [], check: ({ value }) => walk(value, '') };

function walk(value: unknown, path: string): Finding[] {
  if (typeof value === 'string') return checkString(value, path);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => walk(child, childOf(path, key)));
}

function checkString(value: string, path: string): Finding[] {
  const character = invisibleCharacter(value);
  if (character !== undefined) {
    const line = character === '\n' || character === '\r';
    return [
      {
        code: 'LAB_CONTROL_CHARACTER',
        message: line
          ? `\`${path}\` has more than one line; it has to be one.`
          : `\`${path}\` has an invisible character, ${codePoint(character)}.`,
        path,
        fix: [line ? 'Write it on one line, or after `>-` instead of `|` or `>`.' : 'Delete the character.'],
      },
    ];
  }
  if (value.length <= longestString) return [];
  const message = `\`${path}\` has ${value.length} characters; at most ${longestString} are allowed.`;
  return [{ code: 'LAB_TOO_LONG', message, path, fix: ['Shorten it.'] }];
}

const description: Rule = {
  reads: ['description'],
  check: ({ lab }) => {
    const { length } = Array.from(lab.description);
    if (length <= longestDescription || length > longestString) return [];
    return [
      {
        code: 'LAB_TOO_LONG',
        message: `\`description\` has ${length} characters; at most ${longestDescription} are allowed.`,
        path: 'description',
        fix: ['Say it in one sentence; the rest has room in comments (`# …`).'],
      },
    ];
  },
};

export const stringRules: readonly Rule[] = [plainStrings, description];
