import type { BundleEvent } from '../modules/events.js';

/** What the making of a bundle from upstream tells. Sizes in bytes. */
export type UpstreamEvent =
  | Exclude<BundleEvent, { kind: 'plan' }>
  /** Before the first large download. `cached`: there already; `unknown`: downloads whose host did not say their size. */
  | { kind: 'size'; total: number; cached: number; downloads: number; images: number; unknown: number }
  /** A few times a second while downloading; `done` counts what was cached, too. */
  | { kind: 'bytes'; done: number; total: number; perSecond: number };

/** A download that is kept by its checksum. */
export interface Wanted {
  url: string;
  /** In hexadecimal. */
  sha256: string;
  size?: number;
  /** Of a registry's token: `repository:etcd:pull`. */
  scope?: string;
  /** How messages call it. */
  what: string;
}

/** One file of the bundle: small ones are in memory, others come from the store. */
export type Piece = {
  /** Below the bundle, with forward slashes. */
  place: string;
  origin: string;
} & ({ bytes: Buffer } | { wanted: Wanted });

/** Waiting, in milliseconds. */
export interface Patience {
  /** Attempts in a row without progress. */
  tries: number;
  /** Before the second attempt; doubled each time. */
  firstWait: number;
  /** A host that asks to wait longer is given up. */
  longestWait: number;
  /** Without a byte for so long, a connection counts as dead. */
  stall: number;
}

export const defaultPatience: Patience = {
  tries: 6,
  firstWait: 1_000,
  longestWait: 180_000,
  stall: 60_000,
};
