import { readFileSync } from 'node:fs';
import yargs from 'yargs';
import { interruptible } from '../vagrant/interrupt.js';
import { protectForeignArguments } from './arguments.js';
import { makeContext, type Context } from './context.js';
import { declareCommands } from './declare.js';

/**
 * 0 fine, 1 checks failed, 2 usage or lab, 3 host or Vagrant, 70 a bug of ours, 130 ended by Ctrl-C;
 * `ssh` and `kubectl` give the status of what they ran.
 */
export type Status = number;

/** Takes the arguments after the program's name; gives the exit status. Prints everything itself. */
export async function main(raw: readonly string[]): Promise<Status> {
  const { signal, release } = interruptible(() =>
    process.stderr.write('\nStopping … (once more: at once)\n'),
  );
  const version = ownVersion();
  const asksForJson = raw.slice(0, indexOrEnd(raw, '--')).includes('--json');
  let context: Context | undefined;
  const run = async (work: (context: Context) => Status | Promise<Status>): Promise<void> => {
    context = await makeContext(asksForJson, signal, version);
    status = await work(context);
  };
  let status: Status = 0;
  const cli = yargs(protectForeignArguments(raw))
    .scriptName('k8slab')
    .usage('$0 <command>\n\nMulti-machine Kubernetes labs: describe, boot, verify.')
    .parserConfiguration({ 'populate--': true, 'parse-positional-numbers': false })
    .locale('en')
    .version(version)
    .help()
    .alias('h', 'help')
    .wrap(Math.min(100, process.stdout.columns || 100))
    .demandCommand(1, 1, 'Which command? See: k8slab --help')
    .strict()
    .recommendCommands()
    .completion('completion', 'Print a completion script for bash or zsh')
    .epilogue(
      'k8slab create 1cp-2w      is the place to start\nk8slab explain CODE       explains every error and finding',
    )
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? new UsageError(message ?? 'Wrong usage.');
    });
  try {
    await declareCommands(cli, run).parseAsync();
    return status;
  } catch (error) {
    if (error instanceof UsageError) {
      process.stderr.write(`${error.message}\n\nSee: k8slab --help, or k8slab <command> --help\n`);
      return 2;
    }
    const { reportError } = await import('./failure.js');
    return reportError(error, context ?? (await makeContext(asksForJson, signal, version)));
  } finally {
    release();
  }
}

class UsageError extends Error {}

function indexOrEnd(words: readonly string[], word: string): number {
  const at = words.indexOf(word);
  return at === -1 ? words.length : at;
}

function ownVersion(): string {
  const manifest = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
}
