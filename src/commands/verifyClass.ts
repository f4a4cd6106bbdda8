import { K8slabError, K8slabErrors } from '../errors/error.js';
import { reportDocument } from '../report/json.js';
import { firstCause } from '../report/verdict.js';
import { printable } from '../report/wrap.js';
import type { Context, Status } from './context.js';
import type { Selected } from './selection.js';
import { table } from './table.js';
import { judge } from './verify.js';

/** Judges the saved snapshots of a whole class: a line each. A file that is no snapshot is a line, too, and spoils no other. */
export async function verifyClass(
  files: readonly string[],
  selected: Selected,
  context: Context,
): Promise<Status> {
  const judged = await Promise.all(
    files.map(async (file) => ({ file, ...(await tryToJudge(file, selected)) })),
  );
  context.result(
    judged.map(({ file, report, problem }) => ({ file, ...(report ? reportDocument(report) : { problem }) })),
  );
  const { green, red } = context.palette;
  const rows = judged.map(({ file, report, problem }) => {
    if (report === undefined) return [file, '-', '-', red('unreadable'), printable(problem)];
    const first = firstCause(report);
    const place = first?.machine === undefined ? '' : ` on ${first.machine}`;
    const unknown = report.results.find(({ status }) => status === 'unknown');
    const begin = first ? `${first.code}${place}` : (unknown?.reason ?? '');
    const state = report.sound ? green('sound') : red('not sound');
    return [file, report.lab, report.takenAt, state, report.sound ? '' : begin].map((cell, column) =>
      column === 3 ? cell : printable(cell),
    );
  });
  const sound = judged.filter(({ report }) => report?.sound).length;
  context.say(table(['FILE', 'LAB', 'SEEN', 'STATE', 'BEGIN WITH'], rows));
  context.say(`${sound} of ${files.length} labs are sound.`);
  return sound === files.length ? 0 : 1;
}

async function tryToJudge(file: string, selected: Selected) {
  try {
    return { report: (await judge(file, selected)).report, problem: '' };
  } catch (error) {
    if (error instanceof K8slabErrors) return { report: undefined, problem: error.errors[0]?.message ?? '' };
    if (error instanceof K8slabError) return { report: undefined, problem: error.message };
    throw error;
  }
}
