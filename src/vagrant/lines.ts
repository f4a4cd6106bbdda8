import { StringDecoder } from 'node:string_decoder';
import { stripVTControlCharacters } from 'node:util';

/** Longest line handed on, in characters; what goes beyond is cut, and the cut shown by `…`. */
const maxLineLength = 2000;

export interface LineSplitter {
  write(chunk: Buffer): void;
  /** Hands on the last line, if it had no end. */
  end(): void;
}

/**
 * Cuts a stream of bytes into lines. Invalid UTF-8 becomes U+FFFD, escape sequences are removed, and
 * carriage returns (progress bars) end a line too. Empty lines are dropped. Memory stays bounded however
 * long a line is.
 */
export function splitLines(onLine: (line: string) => void): LineSplitter {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  let cut = false;

  const emit = (): void => {
    const line = stripVTControlCharacters(rest).trimEnd();
    rest = '';
    if (line !== '') onLine(cut ? `${line}…` : line);
    cut = false;
  };
  const keep = (text: string): void => {
    const room = maxLineLength - rest.length;
    if (text.length > room) cut = true;
    rest += text.slice(0, Math.max(0, room));
  };
  const take = (text: string): void => {
    const parts = text.split(/[\r\n]+/);
    parts.forEach((part, index) => {
      if (index > 0) emit();
      keep(part);
    });
  };

  return {
    write: (chunk) => {
      take(decoder.write(chunk));
    },
    end: () => {
      take(decoder.end());
      emit();
    },
  };
}

/** The last `count` lines of a text that are not empty. */
export function lastLines(text: string, count: number): string {
  const lines = stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => (line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line));
  return lines.slice(-count).join('\n');
}
