import type { K8slabError } from '../../../src/errors/error.js';
import { K8slabErrors } from '../../../src/errors/error.js';
import type { ParsedLab } from '../../../src/lab/lab.js';
import { parseLab } from '../../../src/lab/parse.js';
import { testAssets } from './assets.js';

const assets = testAssets();

export function parse(text: string, set: readonly string[] = []): ParsedLab {
  return parseLab(text, 'lab.yaml', assets, { set });
}

/** The errors a lab is refused with; fails when it is accepted. */
export function errorsOf(text: string, set: readonly string[] = []): readonly K8slabError[] {
  try {
    parse(text, set);
  } catch (error) {
    if (error instanceof K8slabErrors) return error.errors;
    throw error;
  }
  throw new Error(`accepted:\n${text}`);
}

export const codesOf = (text: string, set: readonly string[] = []): string[] =>
  errorsOf(text, set).map(({ code }) => code);

/** What a caret under the error would mark. */
export function marked({ where }: K8slabError): string {
  return where === undefined
    ? ''
    : where.text.slice(where.column - 1, where.column - 1 + (where.length ?? 1));
}
