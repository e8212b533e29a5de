import { ShepherdError } from '../../core/errors.ts';
import { ahead } from '../../core/forecast/ahead.ts';
import { applyCalibration } from '../../core/forecast/calibration.ts';
import { forecastDays } from '../../core/forecast/forecast.ts';
import { addDays, type TradingDay } from '../../core/series/day.ts';
import { dayAt, slicePrices } from '../../core/series/price.ts';
import type { RangePrediction } from '../schemas/answer.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import { inSlices } from '../serving/slices.ts';
import { firstIndexFrom } from './dayIndex.ts';
import { finite } from './forecast.ts';
import { hindsight } from './hindsight.ts';
import { qualityFields } from './quality.ts';

export interface RangeQuestion {
  readonly from: TradingDay;
  readonly to: TradingDay;
  readonly horizon: number;
  readonly sequenceLength: number | undefined;
}

/** Forecasts between two looks at the event loop. */
const STEP = 4;

/**
 * A forecast `horizon` days ahead for each day of the range that has a full window before it, and for the first day after.
 * The work gives way to other callers as it goes.
 * @param stopped true when the caller has gone away; the answer is then incomplete.
 * @throws ShepherdError NO_SUCH_DAYS when no day of the range has a full window before it.
 */
export async function answerRange(
  served: ServedSymbol,
  question: RangeQuestion,
  stopped?: () => boolean,
): Promise<RangePrediction> {
  const { horizon } = question;
  const { days, closes } = served.series;
  const { predictor, calibration } = served.model;
  const targets = findTargets(served, question);
  const predictions: RangePrediction['predictions'] = [];
  const nextDay = ahead(served.upcoming, 1);

  await inSlices(
    { ...targets, step: STEP },
    (from, to) => {
      const origins = predictor.predictRange(closes, from - horizon, to - horizon);
      for (const [i, raw] of origins.entries()) {
        const target = from + i;
        const { day: lastSeen, close: lastClose } = dayAt(served.series, target - horizon);
        const seen = slicePrices(served.series, 0, target - horizon + 1);
        const forecasts = forecastDays({
          distributions: applyCalibration(raw, calibration, seen, predictor.spec, horizon),
          lastClose,
          band: served.band,
          transform: predictor.spec.transform,
          horizon,
        });
        const [forecast] = finite([ahead(forecasts, horizon)]);
        const { prediction, lower, upper, naive } = forecast;
        const date = days[target] ?? nextDay;
        predictions.push({
          date,
          day: date,
          prediction,
          lower,
          upper,
          naive,
          actual: closes[target] ?? null,
          ...hindsight(served.model, lastSeen),
        });
      }
    },
    stopped,
  );
  return { predictions, horizon, ...qualityFields(served), asOf: days[targets.to - 1 - horizon] ?? null };
}

/** Indexes of the days to forecast; the last may be the first day after the stored ones. */
function findTargets(served: ServedSymbol, question: RangeQuestion): { from: number; to: number } {
  const { from, to, horizon, sequenceLength } = question;
  const { days } = served.series;
  const { window } = served.model.predictor.spec;
  const begin = firstIndexFrom(days, from);
  const end = firstIndexFrom(days, addDays(to, 1)); // the first day after the range
  const rows = end - begin;
  if (rows === 0) {
    throw new ShepherdError(
      'NO_SUCH_DAYS',
      `${served.symbol} has no days from ${from} to ${to}; its days run from ${days[0] ?? 'none'} to ${days.at(-1) ?? 'none'}.`,
    );
  }
  if (sequenceLength !== undefined && rows < sequenceLength) {
    throw new ShepherdError(
      'NO_SUCH_DAYS',
      `${served.symbol} has ${rows} days from ${from} to ${to}; a seq_length of ${sequenceLength} needs at least as many.`,
    );
  }
  const earliest = window - 1 + horizon;
  const first = Math.max(earliest, begin + (sequenceLength === undefined ? 0 : sequenceLength + horizon - 1));
  if (first > end) {
    throw new ShepherdError(
      'NO_SUCH_DAYS',
      `No day from ${from} to ${to} has the ${window} days before it that a forecast ${horizon} ahead needs; the first that has is ${days[earliest] ?? 'yet to come'}.`,
    );
  }
  return { from: first, to: end + 1 };
}
