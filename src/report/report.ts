import type { Finding, Layer } from '../checks/check.js';
import type { ErrorCode } from '../errors/catalogue/index.js';

export interface CheckResult {
  id: string;
  title: string;
  layer: Layer;
  status: 'ok' | 'warning' | 'failed' | 'unknown';
  /** Why the answer is unknown. */
  reason?: string;
  findings: ReportedFinding[];
}

export interface ReportedFinding extends Finding {
  /** Codes of findings lower down that explain this one: mend those first. */
  consequenceOf?: ErrorCode[];
}

/** The verdict on a lab; `sound` when no check failed and none is unknown. */
export interface Report {
  schema: 1;
  lab: string;
  takenAt: string;
  sound: boolean;
  results: CheckResult[];
}
