import type { TradingDay } from '../../../../core/series/day.ts';
import { crps, mean } from './arithmetic.ts';
import type { PriceBook } from './prices.ts';
import type { ForecastRow } from './rows.ts';

/** What must have come of a forecast. Errors are against the closes as they stand when the day has come, in their unit. */
export interface Score {
  readonly day: TradingDay;
  readonly actual: number;
  readonly squaredError: number;
  readonly absoluteError: number;
  readonly absolutePercentageError: number;
  readonly naiveSquaredError: number;
  readonly crps: number;
  readonly naiveCrps: number;
  readonly volatility: number;
  readonly change: number;
  readonly changeError: number;
  readonly covered: boolean;
  /** Given by the model that was in service when the day ended: of two forecasts of a day this one counts. */
  readonly inService: boolean;
}

export interface Quality {
  readonly days: number;
  readonly mse: number;
  readonly mae: number;
  readonly mape: number;
  readonly crps: number;
  readonly naiveMse: number;
  readonly skill: number;
  readonly coverage: number;
}

/** A forecast is of a change: where the close it began at has been corrected or restated since, its levels move with that close. */
export function scoreOf(
  row: ForecastRow,
  naiveSpread: number,
  prices: PriceBook,
  day: TradingDay,
): Omit<Score, 'inService'> {
  const [actual, naive] = [prices.closeOf(day), prices.closeOf(row.asOf)];
  const now = (level: number): number => (level / row.naive) * naive;
  const { mean: centre, spread, dof } = row.distribution;
  const error = Math.abs(actual - now(row.prediction));
  const change = Math.log(actual / naive);
  return {
    day,
    actual,
    squaredError: error ** 2,
    absoluteError: error,
    absolutePercentageError: error / actual,
    naiveSquaredError: (actual - naive) ** 2,
    crps: crps(centre, spread, dof, change),
    naiveCrps: crps(0, naiveSpread, null, change),
    volatility: naiveSpread,
    change,
    changeError: change - centre,
    covered: now(row.lower) <= actual && actual <= now(row.upper),
  };
}

/** Quality over the newest 60 days one day ahead, of the forecasts that count; undefined before the first. */
export function qualityOf(scores: readonly Score[]): Quality | undefined {
  const byDay = new Map(scores.filter(({ inService }) => inService).map((score) => [score.day, score]));
  const last = [...byDay.values()].sort((a, b) => (a.day < b.day ? -1 : 1)).slice(-60);
  if (last.length === 0) return undefined;
  const average = (value: (score: Score) => number): number => mean(last.map(value));
  const [mse, naiveMse] = [average((score) => score.squaredError), average((score) => score.naiveSquaredError)];
  return {
    days: last.length,
    mse,
    mae: average((score) => score.absoluteError),
    mape: average((score) => score.absolutePercentageError),
    crps: average((score) => score.crps),
    naiveMse,
    skill: 1 - mse / naiveMse,
    coverage: average((score) => (score.covered ? 1 : 0)),
  };
}
