import type { Finding, Layer } from '../checks/check.js';
import type { Matrix } from './matrices.js';

export interface CheckResult {
  id: string;
  title: string;
  layer: Layer;
  /** `skipped`: was not asked, which leaves a lab sound. */
  status: 'ok' | 'warning' | 'failed' | 'unknown' | 'skipped';
  /** Why there is no answer, or not a whole one. */
  reason?: string;
  findings: ReportedFinding[];
}

/** A finding whose `consequenceOf` names all findings that explain it, those of other checks, too: mend those first. */
export type ReportedFinding = Finding;

/** The verdict on a lab; `sound` when no check failed and none is unknown. */
export interface Report {
  schema: 1;
  lab: string;
  takenAt: string;
  sound: boolean;
  results: CheckResult[];
  /** Who reaches whom, as far as that was asked. */
  matrices: Matrix[];
}

/** Whether these results leave a lab sound. */
export const isSound = (results: readonly CheckResult[]): boolean =>
  results.every(({ status }) => status !== 'failed' && status !== 'unknown');
