/** Share of days whose actual value lay inside the band, bounds included. Null when there are none. */
export function coverage(days: readonly { readonly covered: boolean }[]): number | null {
  if (days.length === 0) return null;
  return days.filter((day) => day.covered).length / days.length;
}

/**
 * Score of an interval forecast at `level` (Gneiting & Raftery 2007, equation 43): its width plus 2 / (1 - level) times
 * the distance by which it missed. Lower is better; it rewards narrow bands only as long as they cover.
 */
export function intervalScore(lower: number, upper: number, level: number, actual: number): number {
  const miss = Math.max(lower - actual, 0, actual - upper);
  return upper - lower + (2 / (1 - level)) * miss;
}
