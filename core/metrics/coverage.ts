/** Share of days whose actual value lay inside the band, bounds included. Null when there are none. */
export function coverage(days: readonly { readonly covered: boolean }[]): number | null {
  if (days.length === 0) return null;
  return days.filter((day) => day.covered).length / days.length;
}
