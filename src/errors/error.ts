import { catalogue, type ErrorCode, type ExitStatus } from './catalogue/index.js';

/** Where in a text file something was found; lines and columns count from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
  /** The line itself, without its end. */
  text: string;
  /** Number of characters the caret underlines; 1 when left out. */
  length?: number;
}

export interface ErrorDetails {
  /** Position in the lab file, for errors about what a person wrote. */
  where?: Place;
  /** What to do now, most likely first; commands stand alone on their line. Defaults to the catalogue's. */
  fix?: string[];
  /** Raw text of the program that failed, printed below our own words. */
  raw?: string;
  cause?: unknown;
}

/** An error a person can act on. Everything else that is thrown is a bug of ours (exit status 70). */
export class K8slabError extends Error {
  override readonly name = 'K8slabError';
  readonly code: ErrorCode;
  readonly where: Place | undefined;
  readonly fix: string[];
  readonly raw: string | undefined;
  readonly exitCode: ExitStatus;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    const entry = catalogue[code];
    this.code = code;
    this.where = details.where;
    this.fix = details.fix ?? entry.fix;
    this.raw = details.raw;
    this.exitCode = entry.exit;
  }
}

/** Several errors found in one pass, reported together. */
export class K8slabErrors extends Error {
  override readonly name = 'K8slabErrors';
  constructor(readonly errors: readonly K8slabError[]) {
    super(errors.map((error) => error.message).join('\n'));
  }

  /** The exit status of the gravest error. */
  get exitCode(): ExitStatus {
    return this.errors[0]?.exitCode ?? 2;
  }
}
