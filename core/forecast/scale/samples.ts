import type { Prices } from '../../series/price.ts';
import type { Transform } from '../../series/transform.ts';
import { rhythmFactors, type Rhythm } from '../rhythm.ts';
import type { ScaleSample } from './fitScale.ts';
import { measureDays, type DailyMeasures } from './measures.ts';
import { BAR_REGRESSORS, CLOSE_REGRESSORS, MEMORY, readRegressors } from './regressors.ts';

/** Days ahead that are fitted; those between lie on a line in log h. */
export const KNOTS = [1, 5, 20, 60] as const;
export const FURTHEST_KNOT = Math.max(...KNOTS);

/** With or without the bars. */
export type Kind = 'closes' | 'bars';
export const WIDTH: Readonly<Record<Kind, number>> = { closes: CLOSE_REGRESSORS.length, bars: BAR_REGRESSORS.length };

/** Days after which a day counts half: ten years. */
const HALF_LIFE = 2500;

/** Changes with a sound bar in the last `MEMORY`, from which on ranges are believed. */
const LEAST_MEASURED = Math.round(0.9 * MEMORY);

/** Whether ranges may be read of the window that ends with change `at`. */
export function hasRanges({ measured }: DailyMeasures, at: number): boolean {
  return measured.subarray(Math.max(0, at + 1 - MEMORY), at + 1).reduce((sum, each) => sum + each, 0) >= LEAST_MEASURED;
}

export function rootMeanSquare(changes: Float64Array): number {
  return Math.sqrt(changes.reduce((sum, change) => sum + (change * change) / changes.length, 0));
}

/**
 * What followed each full window of the prices, `KNOTS` days ahead: a sample a knot.
 * With bars, windows without ranges are rows as well, each change in the place of its range: they tell what they can of the rest.
 */
export function samplesOf(prices: Prices, transform: Transform, rhythm: Rhythm | null, kind: Kind): ScaleSample[] {
  const measures = measureDays(prices, transform);
  const { changes } = measures;
  const deviation = rootMeanSquare(changes);
  const cumulative = new Float64Array(changes.length + 1);
  changes.forEach((change, k) => (cumulative[k + 1] = (cumulative[k] ?? 0) + change));
  const windows: { at: number; row: Float64Array; volatility: number; factors: readonly number[] }[] = [];
  for (let at = MEMORY - 1; at < changes.length; at += 1) {
    const row = new Float64Array(WIDTH[kind]);
    const volatility = readRegressors(measures, at, deviation, row);
    const factors =
      rhythm === null ? [] : rhythmFactors(rhythm, changes.subarray(at + 1 - MEMORY, at + 1), FURTHEST_KNOT);
    windows.push({ at, row, volatility, factors });
  }
  return KNOTS.map((horizon) => {
    const known = windows.filter(({ at }) => at + horizon < changes.length);
    const rows = new Float64Array(known.length * WIDTH[kind]);
    known.forEach(({ row }, i) => {
      rows.set(row, i * WIDTH[kind]);
    });
    const change = (at: number): number => (cumulative[at + 1 + horizon] ?? 0) - (cumulative[at + 1] ?? 0);
    return {
      rows,
      targets: Float64Array.from(known, ({ at, volatility }) => change(at) / (volatility * Math.sqrt(horizon))),
      offsets: Float64Array.from(known, ({ factors }) => Math.log(factors[horizon - 1] ?? 1)),
      weights: Float64Array.from(known, ({ at }) => 0.5 ** ((changes.length - 1 - at) / HALF_LIFE)),
    };
  });
}
