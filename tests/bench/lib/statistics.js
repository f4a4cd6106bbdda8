/** Middle value; of an even number of values the mean of the two in the middle. */
export function median(values) {
  return quantile(values, 0.5);
}

/** Value below which the share `part` of the values lies, interpolated. */
export function quantile(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)];
  return below + (sorted[Math.ceil(at)] - below) * (at - Math.floor(at));
}

/** What is told of a series: its middle, and where its middle half lies. */
export function summary(values) {
  return {
    runs: values.length,
    median: median(values),
    low: quantile(values, 0.25),
    high: quantile(values, 0.75),
  };
}

/** 12.34 → `12`, 1.234 → `1.2`, 0.0234 → `0.023`: two figures, or all that stand before the point. */
export function figure(value) {
  if (value === 0) return '0';
  const digits = Math.max(0, 1 - Math.floor(Math.log10(Math.abs(value))));
  return value.toFixed(digits);
}

/** `2.87 ×` */
export function ratio(value) {
  return `${value.toFixed(2)} ×`;
}
