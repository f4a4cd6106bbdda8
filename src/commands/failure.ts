import { K8slabError, K8slabErrors } from '../errors/error.js';
import { errorToJson, formatError } from '../errors/format.js';
import type { Context, Status } from './context.js';

/** Prints what went wrong, for people on stderr and for programs in `--json`; gives the exit status. */
export function reportError(error: unknown, context: Context): Status {
  if (context.signal.aborted) {
    process.stderr.write('\nStopped. Nothing is half written; the same command goes on where it stopped.\n');
    context.result({ errors: [{ code: 'INTERRUPTED', message: 'stopped by the user' }] });
    return 130;
  }
  const known = knownErrors(error);
  if (known.length === 0) return reportBug(error, context);
  for (const one of known) process.stderr.write(`${formatError(one, context.palette)}\n\n`);
  if (known.length > 1) process.stderr.write(`${String(known.length)} errors.\n`);
  context.result({ errors: known.map(errorToJson) });
  return known[0]?.exitCode ?? 2;
}

function knownErrors(error: unknown): readonly K8slabError[] {
  if (error instanceof K8slabErrors) return error.errors;
  return error instanceof K8slabError ? [error] : [];
}

function reportBug(error: unknown, context: Context): Status {
  const message = error instanceof Error ? error.message : String(error);
  const details =
    process.env.K8SLAB_DEBUG && error instanceof Error
      ? `\n${error.stack ?? ''}\n`
      : '\nRun it again with K8SLAB_DEBUG=1 to see where, and please report it with the command you ran.\n';
  process.stderr.write(`This is a bug of k8slab's, not of your lab: ${message}\n${details}`);
  context.result({ errors: [{ code: 'BUG', message }] });
  return 70;
}
