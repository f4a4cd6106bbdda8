import type { HelperOptions } from 'handlebars';
import { K8slabError } from '../errors/error.js';
import {
  bareWord,
  codeText,
  commentLines,
  htmlText,
  inlineText,
  markdownText,
  quoteJson,
  quoteRuby,
  quoteSh,
  quoteYaml,
} from './quote.js';

/** Text of the package itself (shell of a step, a function file), which templates print as it is. */
export class PackageText {
  constructor(readonly text: string) {}
}

/** Helpers that make any value safe for the language they are named after. Templates print values through these alone. */
export const quotingHelpers = {
  sh: quoteSh,
  ruby: quoteRuby,
  yaml: quoteYaml,
  json: quoteJson,
  /** TOML's basic strings and lists are written like JSON's. */
  toml: quoteYaml,
  word: bareWord,
  comment: commentLines,
  text: inlineText,
  md: markdownText,
  code: codeText,
  html: htmlText,
  verbatim: packageText,
} satisfies Record<string, (value: unknown) => string>;

/** Helpers that arrange what a quoting helper gave. */
export const layoutHelpers = {
  pad: (text: unknown, width: unknown): string => {
    if (typeof text !== 'string' || typeof width !== 'number') {
      throw new K8slabError('RENDER_TEMPLATE', 'pad takes a quoted value and a width.');
    }
    return text.padEnd(width);
  },
};

/** `each` of Handlebars skips what is missing without a word; this one does not. */
export function each(this: unknown, items: unknown, options: HelperOptions): string {
  if (!Array.isArray(items))
    throw new K8slabError('RENDER_TEMPLATE', 'each was given something that is not a list.');
  return items
    .map((item: unknown, index) =>
      options.fn(item, {
        data: { ...(options.data as object), index, first: index === 0, last: index === items.length - 1 },
        blockParams: [item, index],
      }),
    )
    .join('');
}

function packageText(value: unknown): string {
  if (value instanceof PackageText) return value.text;
  throw new K8slabError('RENDER_TEMPLATE', 'verbatim prints text of the package only, never a value.');
}
