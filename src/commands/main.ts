import yargs from 'yargs';
import { interruptible } from '../vagrant/interrupt.js';
import { protectForeignArguments } from './arguments.js';
import { makeContext, type Context, type Run, type Status } from './context.js';
import { declareCommands, verbs, verbsBelow } from './declare.js';
import { jsonText } from './jsonText.js';
import { checkFlagValues, explainUsage, UsageError, type Usage } from './usage.js';
import { ownVersion } from './version.js';

/** Takes the arguments after the program's name; gives the exit status. Prints everything itself. */
export async function main(raw: readonly string[]): Promise<Status> {
  survivePipes();
  const { signal, release } = interruptible(() =>
    process.stderr.write('\nStopping … (once more: at once)\n'),
  );
  const version = ownVersion();
  const asksForJson = raw.slice(0, indexOrEnd(raw, '--')).includes('--json');
  let context: Context | undefined;
  const run: Run = async (work, owner = 'ours') => {
    // Ctrl-C on a terminal reaches the other program by itself, and is its to understand.
    if (owner === 'foreign') release();
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
    .demandCommand(1)
    .strict()
    .check(checkFlagValues, true)
    .completion('completion', 'Print a completion script for bash or zsh', completeWith(raw))
    .epilogue(
      'k8slab create 1cp-2w      is the place to start\nk8slab explain CODE       explains every error and finding',
    )
    .exitProcess(false)
    .fail((message: string | null, error: Error | undefined) => {
      throw error ?? explainUsage(message ?? '', usage());
    });
  const usage = (): Usage => ({ raw, commands: verbs, below: verbsBelow, flags: flagNames(cli) });
  // yargs prints the script before it looks at flags, so stdout would carry two things.
  if (raw[0] === 'completion' && asksForJson) {
    return sayUsage(
      new UsageError('A completion script is for a shell; it has no --json.', [
        'See: k8slab completion --help',
      ]),
      true,
    );
  }
  try {
    await declareCommands(cli, run).parseAsync();
    return status;
  } catch (error) {
    if (raw[0] === completionFlag) return 0;
    if (error instanceof UsageError) return sayUsage(error, asksForJson);
    const { reportError } = await import('./failure.js');
    return reportError(error, context ?? (await makeContext(asksForJson, signal, version)));
  } finally {
    release();
  }
}

/** What the shell's completion calls us with, followed by the words of the line; half a line is no mistake. */
const completionFlag = '--get-yargs-completions';

/** The part of completion that depends on presets and machines; the rest is yargs'. */
function completeWith(raw: readonly string[]): FallbackCompletion {
  return (current, _argv, orElse, done) => {
    void import('./completion.js')
      .then(({ complete }) => complete(raw.slice(2), current))
      .then((found) => (found === undefined ? void orElse() : void done(found)));
  };
}

type FallbackCompletion = (
  current: string,
  argv: unknown,
  orElse: () => unknown,
  done: (words: string[]) => unknown,
) => void;

/** The flags of the verb that is being parsed; yargs has them, its types do not. */
function flagNames(parser: object): string[] {
  const { getOptions } = parser as { getOptions?: () => { key: Record<string, unknown> } };
  return Object.keys(getOptions?.call(parser).key ?? {});
}

function sayUsage({ message, advice }: UsageError, json: boolean): Status {
  process.stderr.write(`${[message, ...advice].join('\n')}\n`);
  if (json) {
    const errors = [{ code: 'USAGE', message, fix: advice }];
    process.stdout.write(`${jsonText({ errors })}\n`);
  }
  return 2;
}

/** A reader that has seen enough (`| head`) closes the pipe; that is no failure, and work under way goes on. */
function survivePipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

function indexOrEnd(words: readonly string[], word: string): number {
  const at = words.indexOf(word);
  return at === -1 ? words.length : at;
}
