/** The successive highs of a watched statistic: when each level was passed for the first time. Days 1-based, both ascending. */
export interface RecordHighs {
  readonly days: readonly number[];
  readonly values: readonly number[];
  /** Days watched. */
  readonly horizon: number;
}

/** @param values a value a day. */
export function recordHighsOf(values: Float64Array | readonly number[]): RecordHighs {
  const days: number[] = [];
  const highs: number[] = [];
  let high = 0;
  for (const [t, value] of values.entries()) {
    if (value <= high) continue;
    high = value;
    days.push(t + 1);
    highs.push(value);
  }
  return { days, values: highs, horizon: values.length };
}

/** The level that is reached for the first time after `everyDays` days on average, by bisection over the histories' highs. */
export function levelForRunLength(records: readonly RecordHighs[], everyDays: number): number {
  let low = 0;
  let high = Math.max(...records.map((record) => record.values.at(-1) ?? 0));
  for (let step = 0; step < 40; step += 1) {
    const middle = (low + high) / 2;
    if (meanRunLength(records, middle) < everyDays) low = middle;
    else high = middle;
  }
  return high;
}

/** Mean days to the first value at or above `level`; histories that end before it are censored, as in an exponential law. */
function meanRunLength(records: readonly RecordHighs[], level: number): number {
  let days = 0;
  let alarms = 0;
  for (const record of records) {
    const at = record.values.findIndex((value) => value >= level);
    days += record.days[at] ?? record.horizon;
    if (at !== -1) alarms += 1;
  }
  return alarms === 0 ? Infinity : days / alarms;
}
