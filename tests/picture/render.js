#!/usr/bin/env node
/**
 * npm run picture -- RECORDING OUT.svg [--title TEXT] [--last ROWS | --rows RANGES]
 *
 * RECORDING is what tests/picture/record.sh wrote: the rows of a terminal as `tmux capture-pane -e -p` prints them. With
 * --last, the first row (the command) and that many of the last ones are shown; with --rows 1,19-35,839- those. A mark stands
 * for what is left out.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { rowsOf } from './ansi.js';
import { lastRows, pictureOf, someRows } from './svg.js';

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      title: { type: 'string', default: 'k8slab' },
      last: { type: 'string' },
      rows: { type: 'string' },
    },
  });
  const [recording, out] = positionals;
  if (out === undefined || positionals.length > 2 || !/^([1-9]\d*)?$/.test(values.last ?? '')) {
    throw new Error(
      'usage: npm run picture -- RECORDING OUT.svg [--title TEXT] [--last ROWS | --rows RANGES]',
    );
  }
  const all = rowsOf(readFileSync(recording, 'utf8'));
  const last = values.last === undefined ? all : lastRows(all, Number(values.last));
  const rows = values.rows === undefined ? last : someRows(all, values.rows);
  writeFileSync(out, pictureOf(rows, values.title));
  console.log(`${out}: ${rows.length} of ${all.length} rows`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
