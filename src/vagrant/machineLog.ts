import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** A log beyond this many bytes is put aside as `<name>.1` when the next run starts. */
const rotateAt = 8 * 1024 * 1024;

/** Everything one run of a program prints, appended to a log file between two lines of ours. */
export interface RunLog {
  write(chunk: Buffer): void;
  /** Closes the entry with how the run ended. */
  end(outcome: string): void;
}

/**
 * Opens a run's entry in a log file (created with its folder, mode 0600: a student's log may be private).
 * Written at once, so that a kill loses nothing.
 */
export function openRunLog(file: string, title: string): RunLog {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > rotateAt) renameSync(file, `${file}.1`);
  const descriptor = openSync(file, 'a', 0o600);
  let lineEnded = true;
  writeSync(descriptor, `=== ${new Date().toISOString()} ${title}\n`);
  return {
    write: (chunk) => {
      if (chunk.length === 0) return;
      writeSync(descriptor, chunk);
      lineEnded = chunk[chunk.length - 1] === 0x0a;
    },
    end: (outcome) => {
      writeSync(descriptor, `${lineEnded ? '' : '\n'}--- ${new Date().toISOString()} ${outcome}\n`);
      closeSync(descriptor);
    },
  };
}
