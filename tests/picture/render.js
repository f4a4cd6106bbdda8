#!/usr/bin/env node
/**
 * npm run picture -- RECORDING OUT.svg [TITLE]
 *
 * RECORDING is what tests/picture/record.sh wrote: the rows of a terminal as `tmux capture-pane -e -p` prints them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { rowsOf } from './ansi.js';
import { pictureOf } from './svg.js';

const [recording, out, title = 'k8slab'] = process.argv.slice(2);
if (recording === undefined || out === undefined) {
  console.error('usage: npm run picture -- RECORDING OUT.svg [TITLE]');
  process.exitCode = 2;
} else {
  try {
    const rows = rowsOf(readFileSync(recording, 'utf8'));
    writeFileSync(out, pictureOf(rows, title));
    console.log(`${out}: ${rows.length} rows`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
