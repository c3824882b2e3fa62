/**
 * @param {Iterable<number>} values
 * @param {number} share 0.99 is the 99th percentile
 */
export function percentile(values, share) {
  const sorted = Float64Array.from(values).toSorted();
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** @param {Iterable<number>} values */
export function median(values) {
  const sorted = Float64Array.from(values).toSorted();
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[middle - 1], sorted[middle]];
  return (sorted.length % 2 === 0 ? ((low ?? 0) + (high ?? 0)) / 2 : high) ?? Number.NaN;
}

/** @param {Iterable<number>} values */
export function highest(values) {
  let most = 0;
  for (const value of values) most = Math.max(most, value);
  return most;
}

/** @param {Iterable<number>} latencies milliseconds */
export function describeLatencies(latencies) {
  return {
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
    p999: percentile(latencies, 0.999),
    max: highest(latencies),
  };
}
