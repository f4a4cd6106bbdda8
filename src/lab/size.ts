const binaryUnits: Readonly<Record<string, number>> = { m: 1, g: 1024, t: 1024 * 1024 };

/**
 * Takes `2GiB`, `2048MiB`, `2G`, `1.5Gi`, `512MB` or a bare number of the given unit; gives MiB.
 * Every unit counts in powers of 1024, as hypervisors do. Undefined: not a size, or not a whole number of MiB.
 */
export function parseMiB(value: number | string, bareUnit: 'm' | 'g'): number | undefined {
  const match = /^(?<amount>\d{1,9}(?:\.\d{1,3})?)\s*(?:(?<unit>[mgt])(?:i?b|i)?)?$/i.exec(
    String(value).trim(),
  );
  if (!match?.groups) return undefined;
  const unit = (match.groups.unit ?? bareUnit).toLowerCase();
  const mebibytes = Number(match.groups.amount) * (binaryUnits[unit] ?? Number.NaN);
  return Number.isInteger(mebibytes) ? mebibytes : undefined;
}

/** Like parseMiB, in GiB; undefined when it is not a whole number of GiB. */
export function parseGiB(value: number | string): number | undefined {
  const mebibytes = parseMiB(value, 'g');
  return mebibytes !== undefined && mebibytes % 1024 === 0 ? mebibytes / 1024 : undefined;
}

/** 2048 → `2 GiB`, 1536 → `1536 MiB` */
export function formatMiB(mebibytes: number): string {
  return mebibytes % 1024 === 0 && mebibytes > 0 ? `${mebibytes / 1024} GiB` : `${mebibytes} MiB`;
}
