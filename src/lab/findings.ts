import type { ErrorCode } from '../errors/catalogue/index.js';

/** A piece of the lab file's text, or of a `--set` argument, as offsets from 0. */
export interface Span {
  from: number;
  to: number;
  /** The whole argument of `--set` the offsets count in; absent: the lab file. */
  setting?: string;
}

/** Something found about a lab: where, what and what to do. */
export interface Finding {
  code: ErrorCode;
  message: string;
  /** What to write instead, most likely first. */
  fix?: string[];
  /** Does not stop anything. */
  warning?: boolean;
  /** Exact place; otherwise the place of `path`. */
  span?: Span;
  /** The value it is about (`workers.machines.0.name`); its nearest written parent is pointed at if it was not written. */
  path?: string;
  /** Point at the key instead of the value. */
  key?: boolean;
}

/** Segments to the dotted form used everywhere; a dot inside a key cannot be mistaken for a separator. */
export function pathKey(segments: readonly PropertyKey[]): string {
  return segments.map((segment) => String(segment).replaceAll('.', '\0')).join('.');
}

/** `workers.machines.0` gives `workers.machines`; a top-level path gives ''. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('.')));
}

/** `parent.child`, without the dot at the top level. */
export function childOf(parent: string, child: PropertyKey): string {
  const key = pathKey([child]);
  return parent === '' ? key : `${parent}.${key}`;
}

/** Text of a person's for use inside a message: its beginning, when it is long. */
export function shorten(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}

/** Whether one path is the other or lies above it. */
export function isWithin(outer: string, inner: string): boolean {
  return outer === inner || inner.startsWith(`${outer}.`);
}
