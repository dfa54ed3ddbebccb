/** The smallest value that at least `share` (0 to 1) of all values do not exceed. NaN of nothing. */
export const quantile = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
};

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** What a table shows of a distribution besides its median. */
export const tail = (values: readonly number[]): Readonly<Record<string, number>> => ({
  p95: quantile(values, 0.95),
  max: quantile(values, 1),
});

export const range = (values: readonly number[]): Readonly<Record<string, number>> => ({
  min: quantile(values, 0),
  max: quantile(values, 1),
});
