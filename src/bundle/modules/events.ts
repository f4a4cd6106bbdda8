/** What the making of a bundle tells; a step's id is unique in one run. Seconds are estimates until it is done. */
export type BundleEvent =
  | { kind: 'plan'; steps: readonly BundleStep[]; seconds: number }
  | { kind: 'start'; id: string; title: string; seconds: number }
  | { kind: 'progress'; id: string; text: string }
  /** `cached`: nothing was to do. */
  | { kind: 'done'; id: string; title: string; seconds: number; cached: boolean }
  /** Something worth knowing: a part left out, a version other than asked for. */
  | { kind: 'note'; text: string };

export interface BundleStep {
  id: string;
  title: string;
  /** 0 when its result is cached. */
  seconds: number;
}
