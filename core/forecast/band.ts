import { upperQuantile } from '../stats/studentT.ts';

/**
 * Prediction bands whose level adapts (Gibbs & Candès 2021): the band is the forecast plus and minus a quantile, and the level asked
 * of that quantile moves after every outcome so that the realised coverage is held near the nominal one even when the world changes.
 * The quantile is that of the forecast's own tail where the tail was fitted, else of recent scores |actual - mean| / spread.
 */

export interface HorizonBand {
  /** Miss rate asked of the score quantile now; starts at 1 - level. */
  readonly missRate: number;
  /** The last normalised scores, oldest first; null where the forecast's own tail is believed. */
  readonly scores: readonly number[] | null;
}

/** Plain JSON: stored with the model and moved on by `updateBand`. Element h - 1 is for h days ahead. */
export interface BandState {
  readonly level: number;
  readonly horizons: readonly HorizonBand[];
}

/** What came of one forecast. */
export interface BandOutcome {
  readonly horizon: number;
  /** |actual change - forecast mean| / forecast spread. */
  readonly score: number;
  /** Whether the band that was given at the time held the actual value. */
  readonly covered: boolean;
}

/** Nominal coverage of the bands. */
export const BAND_LEVEL = 0.9;

/**
 * Step of the adaptation a day (gamma of the paper): on six real series .02 held every one within .899 to .904 at 1 % more
 * width than no adaptation; .04 cost 4 %.
 */
export const ADAPTATION_RATE = 0.02;

/**
 * The same where the tail is fitted: misses come in the wild weeks, so a fast step narrows the band in the calm ones that follow. On the
 * days before the evaluation .02 held the calm third of AAPL's days at .869 and .005 at .887, all of them at .898 and .896.
 */
export const TAIL_ADAPTATION_RATE = 0.005;

/** Scores remembered: two trading years. */
const MEMORY = 500;

/** Bounds of the asked miss rate: outside them the quantile of some hundred scores says nothing. */
const MISS_RATE = { least: 0.005, most: 0.4 };

export function startBand(scoresByHorizon: readonly (readonly number[])[], level = BAND_LEVEL): BandState {
  return {
    level,
    horizons: scoresByHorizon.map((scores) => ({ missRate: 1 - level, scores: scores.slice(-MEMORY) })),
  };
}

/** Bands by the tails that forecasts have of themselves. */
export function tailBand(horizons: number, level = BAND_LEVEL): BandState {
  return { level, horizons: Array.from({ length: horizons }, () => ({ missRate: 1 - level, scores: null })) };
}

/**
 * Half-width of the band in units of the forecast's spread. By the tail: the quantile of a Student-t of `dof` degrees of freedom. By scores: the conformal quantile, the ceil((n + 1)(1 - missRate))-th smallest of n, or the largest when
 * there are too few; Infinity when there are none at all.
 */
export function bandWidth(state: BandState, horizon: number, dof = Infinity): number {
  const band = state.horizons[horizon - 1];
  if (band === undefined) return Infinity;
  if (band.scores === null) return upperQuantile(1 - band.missRate / 2, dof);
  const sorted = Float64Array.from(band.scores).sort();
  const rank = Math.ceil((sorted.length + 1) * (1 - band.missRate));
  return sorted[Math.min(rank, sorted.length) - 1] ?? Infinity;
}

/** The state after one more outcome; pure. An outcome of a horizon the state does not know, or NaN, changes nothing. */
export function updateBand(state: BandState, outcome: BandOutcome, rate?: number): BandState {
  if (Number.isNaN(outcome.score)) return state;
  const target = 1 - state.level;
  const horizons = state.horizons.map((band, i) => {
    if (i !== outcome.horizon - 1) return band;
    const step = rate ?? (band.scores === null ? TAIL_ADAPTATION_RATE : ADAPTATION_RATE);
    const moved = band.missRate + step * (target - (outcome.covered ? 0 : 1));
    return {
      missRate: Math.min(MISS_RATE.most, Math.max(MISS_RATE.least, moved)),
      scores: band.scores === null ? null : [...band.scores, outcome.score].slice(-MEMORY),
    };
  });
  return { level: state.level, horizons };
}
