/**
 * Prediction bands by adaptive conformal inference (Gibbs & Candès 2021): the band is the forecast plus and minus a
 * quantile of recent scores |actual - mean| / spread, and the level asked of that quantile moves after every outcome so
 * that the realised coverage is held near the nominal one even when the world changes.
 */

export interface HorizonBand {
  /** Miss rate asked of the score quantile now; starts at 1 - level. */
  readonly missRate: number;
  /** The last normalised scores, oldest first. */
  readonly scores: readonly number[];
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

/**
 * Half-width of the band in units of the forecast's spread: the conformal quantile of the scores, the
 * ceil((n + 1)(1 - missRate))-th smallest of n, or the largest when there are too few.
 * Infinity when there are no scores at all.
 */
export function bandWidth(state: BandState, horizon: number): number {
  const band = state.horizons[horizon - 1];
  if (band === undefined) return Infinity;
  const sorted = Float64Array.from(band.scores).sort();
  const rank = Math.ceil((sorted.length + 1) * (1 - band.missRate));
  return sorted[Math.min(rank, sorted.length) - 1] ?? Infinity;
}

/** The state after one more outcome; pure. An outcome of a horizon the state does not know, or NaN, changes nothing. */
export function updateBand(state: BandState, outcome: BandOutcome, rate = ADAPTATION_RATE): BandState {
  if (Number.isNaN(outcome.score)) return state;
  const target = 1 - state.level;
  const horizons = state.horizons.map((band, i) => {
    if (i !== outcome.horizon - 1) return band;
    const moved = band.missRate + rate * (target - (outcome.covered ? 0 : 1));
    return {
      missRate: Math.min(MISS_RATE.most, Math.max(MISS_RATE.least, moved)),
      scores: [...band.scores, outcome.score].slice(-MEMORY),
    };
  });
  return { level: state.level, horizons };
}
