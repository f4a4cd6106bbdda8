import { K8slabError } from '../errors/error.js';

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const longest = 24 * 3_600_000;

/**
 * Takes `10m`, `90s`, `1h30m`, `500ms`; gives milliseconds, at most a day.
 * Throws GUEST_DURATION_INVALID for anything else, a number without a unit included.
 */
export function parseDuration(text: string): number {
  const parts = [...text.matchAll(/(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h)/g)];
  const whole = parts.map((part) => part[0]).join('');
  const milliseconds = parts.reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ''] ?? 0),
    0,
  );
  if (whole === '' || whole !== text || milliseconds > longest) {
    const shown = JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
    throw new K8slabError(
      'GUEST_DURATION_INVALID',
      `${shown} is not a duration such as 90s, 10m or 1h30m, at most 24h.`,
    );
  }
  return Math.round(milliseconds);
}
