import type { ChangeDistribution } from '../../model/network.ts';
import { lastPrices, type Prices } from '../../series/price.ts';
import { toChanges, type Transform } from '../../series/transform.ts';
import { vary } from '../../stats/garch.ts';
import { rhythmFactors, type Rhythm } from '../rhythm.ts';
import { fitScale, type ScaleFit } from './fitScale.ts';
import { FLOCK } from './flock.ts';
import { measureDays } from './measures.ts';
import { MEMORY, readRegressors } from './regressors.ts';
import { FURTHEST_KNOT, hasRanges, KNOTS, rootMeanSquare, samplesOf, WIDTH, type Kind } from './samples.ts';

/**
 * A volatility model that needs no network: the spread of the change over h days is log-linear in volatilities of several decays,
 * ranges, volume and falls (heterogeneous as HAR: Corsi 2009; measured by ranges as realised GARCH: Hansen, Huang & Shek 2012),
 * its tail a Student-t's. Plain JSON.
 */
export interface ScaleModel {
  /** Root mean square of the training days' changes. */
  readonly deviation: number;
  /** A fit for each of `KNOTS`, of closes alone. */
  readonly closes: readonly ScaleFit[];
  /** The same with the whole bar; null where too few training days have one. */
  readonly bars: readonly ScaleFit[] | null;
}

/** Days of a series that the flock's coefficients count beside its own, for each day ahead (horizons overlap). */
const PRIOR_DAYS = 1000;
/** Windows with bars, from which on a series has coefficients of its own for them. */
const LEAST_WINDOWS = 60;

/** Null where the prices never change, or are too few for one window and a day after it. */
export function fitScaleModel(prices: Prices, transform: Transform, rhythm: Rhythm | null): ScaleModel | null {
  if (prices.closes.length < MEMORY + 2) return null;
  const changes = toChanges(prices.closes, transform);
  if (!vary(changes)) return null;
  const fit = (kind: Kind): ScaleFit[] => {
    const samples = samplesOf(prices, transform, rhythm, kind);
    return KNOTS.map((horizon, knot) => {
      const [sample, prior] = [samples[knot], FLOCK[kind][knot]];
      if (sample === undefined || prior === undefined) throw new RangeError(`no sample or prior ${horizon} days ahead`);
      return fitScale(sample, { prior, days: PRIOR_DAYS * horizon });
    });
  };
  const measures = measureDays(prices, transform);
  const ranged = Array.from(changes.keys()).filter((at) => at >= MEMORY - 1 && hasRanges(measures, at)).length;
  return {
    deviation: rootMeanSquare(changes),
    closes: fit('closes'),
    bars: ranged < LEAST_WINDOWS ? null : fit('bars'),
  };
}

/** Everything the model reads of a window: the same for all days ahead. */
export interface ScaleView {
  readonly volatility: number;
  readonly row: Float64Array;
  readonly fits: readonly ScaleFit[];
  /** Of the rhythm, by days ahead; empty where there is none. */
  readonly factors: readonly number[];
}

/**
 * What the last `MEMORY` changes say, and nothing before them; by ranges where nine in ten of their bars are sound.
 * @param prices a window at least.
 */
export function viewPrices(
  { deviation, closes, bars }: ScaleModel,
  prices: Prices,
  transform: Transform,
  rhythm: Rhythm | null,
): ScaleView {
  const measures = measureDays(lastPrices(prices, MEMORY + 1), transform);
  const at = measures.changes.length - 1;
  const ranged = bars !== null && hasRanges(measures, at);
  const row = new Float64Array(WIDTH[ranged ? 'bars' : 'closes']);
  const volatility = readRegressors(measures, at, deviation, row);
  const factors = rhythm === null ? [] : rhythmFactors(rhythm, measures.changes, FURTHEST_KNOT);
  return { volatility, row, fits: ranged ? bars : closes, factors };
}

/** The distribution of the cumulative change over `horizon` days, 1 to the last of `KNOTS`; between them straight in log h. */
export function distributionAt({ volatility, row, fits, factors }: ScaleView, horizon: number): ChangeDistribution {
  const upper = Math.max(
    1,
    KNOTS.findIndex((knot) => knot >= horizon),
  );
  const [low, high, from, to] = [fits[upper - 1], fits[upper], KNOTS[upper - 1], KNOTS[upper]];
  if (low === undefined || high === undefined || from === undefined || to === undefined)
    throw new RangeError(`the model has no fit ${horizon} days ahead`);
  const share = Math.log(horizon / from) / Math.log(to / from);
  const between = (a: number, b: number): number => a + share * (b - a);
  const logScale = ({ coefficients }: ScaleFit): number =>
    coefficients.reduce((sum, each, k) => sum + each * (row[k] ?? 0), 0);
  const unit = volatility * Math.sqrt(horizon);
  const dof = 2 + Math.exp(between(Math.log(low.dof - 2), Math.log(high.dof - 2)));
  const deviation = unit * Math.exp(between(logScale(low), logScale(high))) * (factors[horizon - 1] ?? 1);
  return { mean: unit * between(low.location, high.location), spread: deviation * Math.sqrt((dof - 2) / dof), dof };
}
