import { crpsStudentT } from '../metrics/crps.ts';
import type { PastForecast } from './pastForecast.ts';

/** Factors tried: 0.6 to 1.6, evenly in the logarithm. */
const FACTORS = Array.from({ length: 41 }, (_, i) => 0.6 * (1.6 / 0.6) ** (i / 40));

/**
 * Weight of "leave the spread as it is", in validation days: with 250 days the factor of least CRPS has a standard error of
 * about .06, as much as factors differ between models, so half of it is believed.
 */
const PRIOR_DAYS = 250;

/** The factor on the spread with the least CRPS over the trials, drawn towards 1 on the log scale. */
export function chooseSpreadFactor(trials: readonly PastForecast[]): number {
  let best = { factor: 1, score: Infinity };
  for (const factor of FACTORS) {
    let score = 0;
    for (const { actual, forecast } of trials) {
      // In units of the forecast's spread, so that calm and wild days count alike.
      score += crpsStudentT(0, factor, forecast.dof, (actual - forecast.mean) / forecast.spread);
    }
    if (score < best.score) best = { factor, score };
  }
  return Math.exp((Math.log(best.factor) * trials.length) / (trials.length + PRIOR_DAYS));
}
