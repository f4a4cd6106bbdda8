import { catalogue, type ErrorCode } from '../errors/catalogue/index.js';
import { K8slabError } from '../errors/error.js';
import { explainPage } from '../errors/page.js';
import { closest } from '../lab/suggest.js';
import type { Context, Status } from './context.js';
import { table } from './table.js';

/** Prints one page of the catalogue, or its table of contents. */
export function explain(argv: { code?: string | undefined }, context: Context): Status {
  if (argv.code === undefined) return contents(context);
  const code = argv.code.toUpperCase();
  if (!isCode(code)) {
    const similar = closest(code, Object.keys(catalogue));
    throw new K8slabError('LAB_UNKNOWN_CODE', `There is no error or finding called ${code}.`, {
      fix: [...(similar ? [`k8slab explain ${similar}`] : []), 'k8slab explain'],
    });
  }
  context.result({ code, ...catalogue[code] });
  if (!context.json) context.say(explainPage(code, catalogue[code], context.palette));
  return 0;
}

function contents(context: Context): Status {
  context.result(Object.entries(catalogue).map(([code, { title, exit }]) => ({ code, title, exit })));
  if (context.json) return 0;
  context.say(
    table(
      ['CODE', 'WHAT IT SAYS'],
      Object.entries(catalogue).map(([code, { title }]) => [code, title]),
    ),
  );
  context.say('\nOne of them in full: k8slab explain CODE');
  return 0;
}

const isCode = (code: string): code is ErrorCode => Object.hasOwn(catalogue, code);
