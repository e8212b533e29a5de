import { createRandom, normal, type RandomSource } from '../core/random.ts';
import { addDays, parseDay } from '../core/series/day.ts';
import type { Series } from '../core/series/price.ts';

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
