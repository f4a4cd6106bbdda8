/**
 * A page with rows put into the table between its two marks, `<!-- MARK: begin -->` and `<!-- MARK: end -->`. A row is known by its
 * first cell: it replaces the one of the same name, and all others stay. A page without the marks is given back as it is.
 *
 * @param {string} page
 * @param {{ mark: string, head: readonly string[] }} table
 * @param {readonly (readonly string[])[]} rows
 * @returns {string}
 */
export function withRows(page, { mark, head }, rows) {
  const begin = `<!-- ${mark}: begin -->`;
  const end = `<!-- ${mark}: end -->`;
  const [before, rest = ''] = page.split(begin);
  const [table = '', after] = rest.split(end);
  if (after === undefined) return page;
  const all = new Map(
    table
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .map((line) => [keyOf(line), line]),
  );
  for (const [name, ...cells] of rows) {
    const line = `| ${[`\`${name}\``, ...cells].map(cell).join(' | ')} |`;
    all.set(keyOf(line), line);
  }
  const lines = [...all].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line);
  const start = [`| ${head.join(' | ')} |`, `|${'---|'.repeat(head.length)}`];
  return [before + begin, ...start, ...lines, end + after].join('\n');
}

/** What ran on what: docs/tested.md. */
export const testedTable = { mark: 'e2e', head: ['scenario', 'machines', 'what ran', 'result', 'date'] };

/** Faults made for real: docs/tested.md. */
export const faultTable = {
  mark: 'faults',
  head: ['fault', 'found as', 'named after', 'mended by its own words in', 'date'],
};

/**
 * The row of one fault.
 *
 * @param {{ name: string, found: readonly string[], named: number, mended: number }} fault
 * @param {string} date
 * @returns {string[]}
 */
export function faultRow({ name, found, named, mended }, date) {
  const codes = [...new Set(found)].map((one) => one.replace(/ -$/, '')).join(', ');
  return [name, codes, `${named} s`, `${mended} s`, date];
}

/** How long the API did not answer: docs/performance.md. */
export const failoverTable = {
  mark: 'failover',
  head: ['preset', 'rounds, with the seconds without an answer', 'median', 'worst', 'date'],
};

/**
 * The row of one preset in the table of failovers.
 *
 * @param {{ preset: string, outages: readonly { blow: string, seconds: number }[] }} run
 * @param {string} date
 * @returns {string[]}
 */
export function failoverRow({ preset, outages }, date) {
  const seconds = outages.map((outage) => outage.seconds).sort((one, other) => one - other);
  const middle = Math.floor(seconds.length / 2);
  const median = seconds.length % 2 === 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
  const rounds = outages.map((outage) => `${outage.blow}: ${outage.seconds.toFixed(1)}`).join('; ');
  return [preset, rounds, `${median.toFixed(1)} s`, `${seconds.at(-1).toFixed(1)} s`, date];
}

/** @param {string} text */
const cell = (text) => text.replaceAll('|', '\\|').replace(/\s+/g, ' ').trim();

/** @param {string} line */
const keyOf = (line) => line.split('`')[1] ?? '';
