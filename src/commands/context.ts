import type { Palette } from '../errors/palette.js';
import { jsonText } from './jsonText.js';

/**
 * 0 fine, 1 checks failed, 2 usage or lab, 3 host or Vagrant, 70 a bug of ours, 130 ended by Ctrl-C;
 * `ssh` and `kubectl` give the status of what they ran.
 */
export type Status = number;

/** Where a command prints, and how it is told to stop. */
export interface Context {
  /** One JSON document on stdout, nothing else there. */
  readonly json: boolean;
  /** Text for people: stdout, or stderr when stdout carries JSON. */
  say(text?: string): void;
  /** The result of the command for programs; prints nothing unless `json`. */
  result(document: unknown): void;
  readonly palette: Palette;
  /** The stream people's text goes to. */
  readonly stream: NodeJS.WriteStream;
  /** Whether that stream is a terminal that can redraw lines. */
  readonly terminal: boolean;
  /** Whether a person can be asked. */
  readonly canAsk: boolean;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /** k8slab's own version. */
  readonly version: string;
}

/** Runs a verb. `foreign`: another program takes the terminal over. */
export type Run = (
  work: (context: Context) => Status | Promise<Status>,
  owner?: 'ours' | 'foreign',
) => Promise<void>;

/** Takes the flags; gives the context of one run. `palette` is made for the stream that people read. */
export async function makeContext(json: boolean, signal: AbortSignal, version: string): Promise<Context> {
  const stream = json ? process.stderr : process.stdout;
  const { paletteFor } = await import('./palette.js');
  return {
    json,
    say: (text = '') => void stream.write(`${text}\n`),
    result: (document) => {
      if (json) process.stdout.write(`${jsonText(document)}\n`);
    },
    palette: paletteFor(stream),
    stream,
    terminal: stream.isTTY && process.env.TERM !== 'dumb' && process.env.CI === undefined,
    canAsk: process.stdin.isTTY && stream.isTTY,
    signal,
    version,
  };
}
