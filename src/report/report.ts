import type { Finding, Layer } from '../checks/check.js';

export interface CheckResult {
  id: string;
  title: string;
  layer: Layer;
  status: 'ok' | 'warning' | 'failed' | 'unknown';
  /** Why the answer is unknown. */
  reason?: string;
  findings: Finding[];
}

/** The verdict on a lab; `sound` when no check failed and none that matters is unknown. */
export interface Report {
  schema: 1;
  lab: string;
  takenAt: string;
  sound: boolean;
  results: CheckResult[];
}
