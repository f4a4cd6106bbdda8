const units = ['B', 'kB', 'MB', 'GB', 'TB'];

/** `12.3 MB`: three digits at most, powers of ten. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 99.5 || unit === 0 ? value.toFixed(0) : value.toPrecision(3)} ${units[unit] ?? ''}`;
}
