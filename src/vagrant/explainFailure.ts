import { K8slabError } from '../errors/error.js';
import { knownFailures } from './knownFailures.js';
import { lastLines } from './lines.js';

/** What is known about a failed run besides its output. */
export interface FailureContext {
  /** What failed, for failures nobody knows: "`vagrant up cp1` failed with exit status 1". */
  words: string;
  /** Log with the whole output, as a person would name it. */
  log?: string;
  /** Machine it is about. */
  machine?: string;
}

/** Lines of output kept below our own words. */
const rawLines = 15;

/** Turns a program's output into an error with cause and fix; VAGRANT_FAILED when nobody knows it. */
export function explainFailure(output: string, context: FailureContext): K8slabError {
  const raw = lastLines(output, rawLines);
  const subject = context.machine === undefined ? '' : `${context.machine}: `;
  const details = { ...(raw === '' ? {} : { raw }) };
  const known = recognise(output);
  if (known !== undefined) return new K8slabError(known.code, `${subject}${known.message}`, details);
  const log = context.log === undefined ? '' : ` The whole output is in ${context.log}.`;
  return new K8slabError('VAGRANT_FAILED', `${subject}${context.words}.${log}`, details);
}

/** The known failure that a text shows, with our sentence filled in. */
export function recognise(output: string): { code: K8slabError['code']; message: string } | undefined {
  const text = output.replace(/\s+/g, ' ');
  for (const { code, pattern, message } of knownFailures) {
    const match = pattern.exec(text);
    if (match !== null) return { code, message: message.replaceAll('$1', () => match[1] ?? '') };
  }
  return undefined;
}
