import type { ChangeDistribution } from '../model/network.ts';
import type { TradingDay } from '../series/day.ts';
import { dayAt, type Series } from '../series/price.ts';
import type { Transform } from '../series/transform.ts';
import type { DayForecast } from './forecast.ts';
import { scoreForecast, type DayScore } from './score.ts';

/** A forecast given on the close of `asOf`, with the naive distribution known on that day. */
export interface IssuedForecast {
  readonly asOf: TradingDay;
  readonly forecast: DayForecast;
  readonly naiveDistribution: ChangeDistribution;
}

/** A forecast and the score that the close of its day gave it. */
export interface MetForecast<Issued extends IssuedForecast = IssuedForecast> {
  readonly issued: Issued;
  readonly score: DayScore;
}

export interface Market {
  readonly series: Series;
  /** Index of each of its days. */
  readonly indexOf: ReadonlyMap<TradingDay, number>;
  readonly transform: Transform;
}

/**
 * Sets the forecasts whose day lies at or before index `today` beside its close; `waiting` are those whose day has not come. The
 * day of a forecast is the `horizon`-th one of the series after `asOf`, as the series stands: where a day has arrived late, a forecast
 * may be due for a day that was there before.
 */
export function meetCloses<Issued extends IssuedForecast>(
  open: readonly Issued[],
  { series, indexOf, transform }: Market,
  today: number,
): { readonly met: MetForecast<Issued>[]; readonly waiting: Issued[] } {
  const met: MetForecast<Issued>[] = [];
  const waiting: Issued[] = [];
  for (const issued of open) {
    const origin = indexOf.get(issued.asOf);
    const due = origin === undefined ? Infinity : origin + issued.forecast.horizon;
    if (origin === undefined || due > today) {
      waiting.push(issued);
      continue;
    }
    const { naiveDistribution } = issued;
    const forecast = restate(issued.forecast, dayAt(series, origin).close, transform);
    const { day, close: actual } = dayAt(series, due);
    met.push({ issued, score: scoreForecast({ day, actual, forecast, naiveDistribution, transform }) });
  }
  return { met, waiting };
}

/**
 * What is forecast is a change. Where the close that it began at has been corrected or restated since (a split), its levels move with
 * that close: else the feed's error, or its new unit, would be scored as the model's.
 */
function restate(forecast: DayForecast, close: number, transform: Transform): DayForecast {
  const { naive, prediction, lower, upper } = forecast;
  if (close === naive) return forecast;
  const move = (level: number): number =>
    transform === 'log-return' ? (level / naive) * close : level - naive + close;
  return { ...forecast, naive: close, prediction: move(prediction), lower: move(lower), upper: move(upper) };
}
