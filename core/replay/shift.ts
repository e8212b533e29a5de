import type { Evidence } from '../decide/evidence.ts';
import { advanceForecasts } from '../forecast/advance.ts';
import type { IssuedForecast } from '../forecast/issued.ts';
import type { BandState } from '../forecast/band.ts';
import type { DayScore } from '../forecast/score.ts';
import type { DriftReference } from '../drift/distribution/reference.ts';
import { sliceSeries, type Series } from '../series/price.ts';
import type { ReplayModel } from './workshop.ts';

/** A champion's time in service. */
export interface Shift {
  readonly model: ReplayModel;
  /** Indexes of days: last validated on, end of the drift check's reference. */
  validatedOn: number;
  referenceTo: number;
  reference: DriftReference | null;
  evidence: Evidence;
  /** One day ahead, of the days it had not seen up to its promotion. */
  readonly unseenBefore: readonly DayScore[];
  band: BandState;
  pending: readonly IssuedForecast[];
  /** Days before this index have been lived. */
  livedTo: number;
  /** One day ahead, in time order; may reach past the day being decided on, and is then read only up to it. */
  readonly scores: DayScore[];
}

/** Days lived in one pass of the network. */
const STRIDE = 40;

/**
 * Makes sure the champion has lived up to and including the day with index `today`. It lives some days more in the same pass:
 * a forecast depends only on the closes before its day, so these are the forecasts it will give if it stays.
 */
export function liveThrough(shift: Shift, series: Series, today: number): void {
  if (shift.livedTo > today) return;
  const end = Math.min(series.closes.length, today + STRIDE);
  const { scored, issued, band } = advanceForecasts({
    predictor: shift.model.predictor,
    calibration: shift.model.calibration,
    series: sliceSeries(series, 0, end),
    band: shift.band,
    pending: shift.pending,
    from: shift.livedTo,
  });
  for (const { score } of scored) if (score.horizon === 1) shift.scores.push(score);
  const met = new Set(scored.map((each) => each.issued));
  shift.pending = [...shift.pending, ...issued].filter((each) => !met.has(each));
  shift.band = band;
  shift.livedTo = end;
}
