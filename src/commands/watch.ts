import { setTimeout as sleep } from 'node:timers/promises';
import { changesBetween } from '../report/changes.js';
import { reportDocument } from '../report/json.js';
import type { Report, ReportedFinding } from '../report/report.js';
import { verdict } from '../report/verdict.js';
import { printable } from '../report/wrap.js';
import type { Context, Status } from './context.js';
import { openLab, requireMachines } from './openLab.js';
import { selectionOf, wantsProbes } from './selection.js';
import { UsageError } from './usage.js';
import { sayReport, verifyUntil } from './verify.js';

interface WatchArguments {
  dir?: string | undefined;
  probe?: boolean | undefined;
  layer?: string[] | undefined;
  only?: string[] | undefined;
  skip?: string[] | undefined;
  from?: unknown;
  save?: unknown;
  wait?: unknown;
  html?: unknown;
  junit?: unknown;
}

/** From the end of one look to the beginning of the next, in milliseconds. */
const pause = 4000;
const clearScreen = '\u001b[H\u001b[2J\u001b[3J';

/**
 * `verify --watch`: looks again and again until Ctrl-C, and ends with the status of the last look. A terminal shows the whole report, anew
 * each time; anything else gets a line for each change. Starts pods of its own only when asked to by `--probe`.
 */
export async function watch(argv: WatchArguments, context: Context): Promise<Status> {
  for (const flag of ['from', 'save', 'wait', 'html', 'junit'] as const) {
    if (argv[flag] === undefined) continue;
    throw new UsageError(`--watch looks again and again, and has no --${flag}.`, [
      'Alone:  k8slab verify --watch',
    ]);
  }
  const selected = selectionOf(argv);
  const probe = argv.probe === true && wantsProbes(argv);
  const lab = await openLab(argv.dir);
  requireMachines(lab);
  let last: Report | undefined;
  try {
    for (;;) {
      const { report } = await verifyUntil(lab, context, { waitMs: 0, probe, selected });
      if (context.terminal && !context.json) redraw(report, context);
      else sayChanges(last, report, context);
      last = report;
      await sleep(pause, undefined, { signal: context.signal });
    }
  } catch (error) {
    if (!context.signal.aborted || last === undefined) throw error;
  }
  context.result(reportDocument(last));
  return last.sound ? 0 : 1;
}

function redraw(report: Report, context: Context): void {
  context.stream.write(clearScreen);
  sayReport(report, context);
  context.say(context.palette.dim(`${timeOf(report)}  looking again every few seconds, until Ctrl-C`));
}

/** The verdict at first and whenever it turns; in between, what has appeared and what has gone. */
function sayChanges(before: Report | undefined, after: Report, context: Context): void {
  const { palette } = context;
  const say = (line: string): void => {
    context.say(line);
  };
  const time = palette.dim(timeOf(after));
  const { appeared, gone, unanswered, answered } = changesBetween(before, after);
  for (const finding of gone) say(`${time} ${palette.green('-')} ${named(finding)}`);
  for (const { title } of answered) say(`${time} ${palette.green('-')} not known: ${title}`);
  for (const finding of appeared) {
    const mark = finding.severity === 'failed' ? palette.red('+') : palette.yellow('+');
    say(`${time} ${mark} ${named(finding)}: ${printable(finding.message)}`);
  }
  for (const { title, reason = '' } of unanswered)
    say(`${time} ${palette.yellow('+')} not known: ${title}: ${printable(reason)}`);
  if (before?.sound !== after.sound) say(`${time} ${printable(verdict(after))}`);
}

const named = ({ code, machine }: ReportedFinding): string =>
  machine === undefined ? code : `${code} on ${machine}`;

const timeOf = ({ takenAt }: Report): string => new Date(takenAt).toTimeString().slice(0, 8);
