import type { Report } from './report.js';
import { verdict } from './verdict.js';

/** The report as one JSON document: the report itself, the verdict in words, and counts by status. */
export function reportJson(report: Report): string {
  return `${JSON.stringify(reportDocument(report), null, 2)}\n`;
}

/** What `--json` prints, as a value. */
export function reportDocument(report: Report): Report & { verdict: string; counts: Record<string, number> } {
  const counts = { ok: 0, warning: 0, failed: 0, unknown: 0 };
  for (const result of report.results) counts[result.status] += 1;
  return { ...report, verdict: verdict(report), counts };
}
