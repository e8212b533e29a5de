import { toLossDay, type LossDay } from '../cycle/losses.ts';
import { scoreUnseen } from '../cycle/heldOut.ts';
import type { Tenure } from '../cycle/tenure.ts';
import { advanceForecasts } from '../forecast/advance.ts';
import type { IssuedForecast } from '../forecast/issued.ts';
import type { BandState } from '../forecast/band.ts';
import type { DayScore } from '../forecast/score.ts';
import type { TradingDay } from '../series/day.ts';
import { sliceSeries, type Series } from '../series/price.ts';
import type { ReplayModel } from './workshop.ts';

/** A champion of the replay: its model, its tenure, and what it has lived through. */
export interface ReplayChampion {
  readonly model: ReplayModel;
  tenure: Tenure;
  /** One day ahead, of the days it had not seen up to its promotion. */
  readonly unseenBefore: readonly LossDay[];
  /** The bands' state and the forecasts that wait for their day, after the last day lived. */
  band: BandState;
  pending: readonly IssuedForecast[];
  /** Days before this index have been lived. */
  livedTo: number;
  /** One day ahead, in time order; may reach past the day being decided on, and is then read only up to it. */
  readonly scores: DayScore[];
}

/** @param series up to the day of its promotion. */
export function putIntoService(model: ReplayModel, tenure: Tenure, series: Series): ReplayChampion {
  return {
    model,
    tenure,
    unseenBefore: scoreUnseen(model, series).map(toLossDay),
    band: tenure.band,
    pending: [],
    livedTo: series.days.length - 1,
    scores: [],
  };
}

/** Days lived in one pass of the network. */
const STRIDE = 40;

/**
 * Makes sure the champion has lived up to and including the day with index `today`. It lives some days more in the same pass:
 * a forecast depends only on the closes before its day, so these are the forecasts it will give if it stays.
 */
export function liveThrough(champion: ReplayChampion, series: Series, today: number): void {
  if (champion.livedTo > today) return;
  const end = Math.min(series.closes.length, today + STRIDE);
  const { scored, issued, band } = advanceForecasts({
    predictor: champion.model.predictor,
    calibration: champion.model.calibration,
    series: sliceSeries(series, 0, end),
    band: champion.band,
    pending: champion.pending,
    from: champion.livedTo,
  });
  for (const { score } of scored) if (score.horizon === 1) champion.scores.push(score);
  const met = new Set(scored.map((each) => each.issued));
  champion.pending = [...champion.pending, ...issued].filter((each) => !met.has(each));
  champion.band = band;
  champion.livedTo = end;
}

/** Its scores as they are known at the end of `day`. */
export function scoresUpTo({ scores }: ReplayChampion, day: TradingDay): DayScore[] {
  return scores.filter((score) => score.day <= day);
}
