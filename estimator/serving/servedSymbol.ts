import type { BandState } from '../../core/forecast/band.ts';
import { recentQuality, type ForecastQuality } from '../../core/forecast/quality.ts';
import type { Calibration } from '../../core/forecast/calibration.ts';
import type { Predictor } from '../../core/model/network.ts';
import { nextTradingDays } from '../../core/series/calendar.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { ForecastScore } from '../../db/tables/scores.ts';
import type { PredictionAhead } from '../schemas/answer.ts';

/** A model that has passed every check and answers. Never changed: a promotion puts another in its place. */
export interface ActiveModel {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  /** As `WatchedChampion.identity`. */
  readonly identity: string;
  readonly sha256: string;
  readonly trainedTo: TradingDay;
  readonly predictor: Predictor;
  readonly calibration: Calibration;
}

/**
 * Everything an answer about one symbol is made of. Immutable and replaced whole, so a request that has taken one
 * never mixes two models, two days or two records.
 */
export interface ServedSymbol {
  readonly symbol: SeriesSymbol;
  readonly model: ActiveModel;
  readonly series: Series;
  /** The trading days after the last stored one, as many as can be asked for. */
  readonly upcoming: readonly TradingDay[];
  /** How the last days met the forecasts that were issued for them one day ahead, days ascending; up to `SCORES_KEPT`. */
  readonly scores: readonly ForecastScore[];
  /** Over the last of these scores; null before the first. */
  readonly quality: ForecastQuality | null;
  /** State of the bands after the last scored day, or as the model began. */
  readonly band: BandState;
  /** Answers to "the next days" by horizon, made once and filled as they are asked for. */
  readonly rendered: Map<number, RenderedAnswer>;
}

export interface RenderedAnswer {
  readonly answer: PredictionAhead;
  /** `answer` as a body: text rather than bytes, as Node sends text and headers in one write. */
  readonly body: string;
}

/** Furthest day ahead that is answered: a trading quarter. Beyond the network's own horizon forecasts are iterated. */
export const MAX_HORIZON = 60;

/** Days of the past that the page draws, and whose issued forecasts are held for it. */
export const SCORES_KEPT = 120;

export function createServedSymbol(
  model: ActiveModel,
  series: Series,
  { scores, band }: { readonly scores: readonly ForecastScore[]; readonly band: BandState | null },
  timeZone: string,
): ServedSymbol {
  const upcoming = nextTradingDays(series.days, MAX_HORIZON, timeZone);
  return {
    symbol: model.symbol,
    model,
    series,
    upcoming,
    scores,
    quality: recentQuality(scores),
    band: band ?? model.calibration.band,
    rendered: new Map(),
  };
}
