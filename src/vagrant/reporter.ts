import { plainReporter } from './progressPlain.js';
import { terminalReporter } from './progressTerminal.js';
import type { Reporter } from './progress.js';

/**
 * The reporter that fits where the output goes: live lines on a terminal, timestamped lines otherwise.
 * `json`: standard output belongs to one document, so progress goes to standard error.
 */
export function createReporter(options: { json?: boolean } = {}): Reporter {
  const stream = options.json === true ? process.stderr : process.stdout;
  const terminal = stream.isTTY && process.env.TERM !== 'dumb' && process.env.CI === undefined;
  if (terminal) return terminalReporter(stream);
  return plainReporter((line) => {
    stream.write(`${line}\n`);
  });
}
