import type { Report } from './report.js';
import { verdict } from './verdict.js';

/** What `--json` prints: the report itself, the verdict in words, and counts by status. */
export function reportDocument(report: Report): Report & { verdict: string; counts: Record<string, number> } {
  const counts = { ok: 0, warning: 0, failed: 0, unknown: 0, skipped: 0 };
  for (const result of report.results) counts[result.status] += 1;
  return { ...report, verdict: verdict(report), counts };
}
