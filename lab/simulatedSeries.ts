import { createRandom, normal, type RandomSource } from '../core/random.ts';
import { addDays, parseDay } from '../core/series/day.ts';
import type { Bars, Series } from '../core/series/price.ts';

export interface SimulationOptions {
  readonly length: number;
  readonly seed: number;
  /** Standard deviation of a day's log return at index i. */
  readonly volatility?: (i: number) => number;
  /** First-order autocorrelation of the returns. */
  readonly autocorrelation?: number;
}

/** A seeded series of daily closes from 2000-01-01 with Gaussian log returns. */
export function simulateSeries({
  length,
  seed,
  volatility = () => 0.01,
  autocorrelation = 0,
}: SimulationOptions): Series {
  const random: RandomSource = createRandom(seed);
  const closes = new Float64Array(length);
  let level = Math.log(100);
  let before = 0;
  for (let i = 0; i < length; i += 1) {
    closes[i] = Math.exp(level);
    before = autocorrelation * before + volatility(i) * normal(random);
    level += before;
  }
  const first = parseDay('2000-01-01');
  return { days: Array.from({ length }, (_, i) => addDays(first, i)), closes };
}

/** Steps of a simulated day, the first of which is the gap since the close before. */
const STEPS = 50;

/** Sound bars for the days of a series: a seeded Brownian bridge from close to close, as wild as each day's own change and `deviation`. */
export function simulateBars(
  { closes }: Pick<Series, 'closes'>,
  { seed, deviation = () => 0.01 }: { readonly seed: number; readonly deviation?: (i: number) => number },
): Bars {
  const random = createRandom(seed);
  const column = (): Float64Array => new Float64Array(closes.length);
  const bars = { open: column(), high: column(), low: column(), volume: column() };
  closes.forEach((close, i) => {
    const steps = Array.from({ length: STEPS }, () => (deviation(i) / Math.sqrt(STEPS)) * normal(random));
    const total = steps.reduce((sum, step) => sum + step, 0);
    const move = Math.log(close / (closes[i - 1] ?? close));
    let level = closes[i - 1] ?? close;
    const path = steps.map((step) => (level *= Math.exp(step + (move - total) / STEPS)));
    bars.open[i] = path[0] ?? close;
    bars.high[i] = Math.max(close, ...path);
    bars.low[i] = Math.min(close, ...path);
    bars.volume[i] = Math.exp(10 + 0.3 * normal(random));
  });
  return bars;
}
