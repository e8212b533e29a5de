import type { Calibration } from '../../../core/forecast/calibration.ts';
import { learnClassic } from '../../../core/forecast/classic.ts';
import { startBand } from '../../../core/forecast/band.ts';
import { createPredictor } from '../../../core/model/infer.ts';
import { parseVersion } from '../../../core/model/version.ts';
import { parseDay } from '../../../core/series/day.ts';
import type { Series } from '../../../core/series/price.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { ForecastScore } from '../../../db/tables/scores.ts';
import { createServedSymbol, type ServedSymbol } from '../../../estimator/serving/servedSymbol.ts';
import { randomNetwork, SMALL_SPEC } from '../../../lab/servedModel.ts';
import { TEST_SERIES } from './testApp.ts';

/**
 * Every part of a calibration at work, so that an answer depends on all of its window, and differently at each horizon:
 * the anchor on the volatility, the rhythm on where the week begins, bands of their own for each day ahead.
 */
export const FULL_CALIBRATION: Calibration = {
  ...learnClassic(TEST_SERIES, { from: 320, to: 320 }, SMALL_SPEC).known,
  rhythm: { factors: [0.5, 0.7, 0.9, 1, 1.1, 1.4, 2.06] },
  horizons: Array.from({ length: SMALL_SPEC.horizon }, (_, h) => ({
    shrinkage: 0.5,
    spreadFactor: 1 + h / 10,
  })),
  weight: 0.3,
  band: startBand(Array.from({ length: SMALL_SPEC.horizon }, (_, h) => [0.5, 1, 1.5 + h])),
  days: 3,
};

/** A fully calibrated model in service on as much of a series as is given. */
export function serveSeries(
  series: Series,
  { scores = [], spec = SMALL_SPEC }: { scores?: readonly ForecastScore[]; spec?: typeof SMALL_SPEC } = {},
): ServedSymbol {
  const model = {
    symbol: parseSymbol('CALM'),
    version: parseVersion(7),
    identity: '7',
    sha256: 'ab'.repeat(32),
    trainedTo: parseDay('2000-06-01'),
    predictor: createPredictor(randomNetwork(7, spec)),
    calibration: FULL_CALIBRATION,
  };
  // The live bands have moved on from those the model began with.
  const band = startBand(
    FULL_CALIBRATION.band.horizons.map(({ scores }) => (scores ?? []).map((score) => 1.3 * score)),
  );
  return createServedSymbol(model, series, { scores, band }, 'UTC');
}
