import type { IssuedForecast } from '../core/forecast/issued.ts';
import { measureQuality, type ForecastQuality } from '../core/forecast/quality.ts';
import { scoreForecast, type DayScore } from '../core/forecast/score.ts';
import { addDays, parseDay, type TradingDay } from '../core/series/day.ts';
import { parseSymbol, type SeriesSymbol } from '../core/series/symbol.ts';
import { parseVersion, type ModelVersion } from '../core/model/version.ts';
import type { ForecastScore } from '../db/tables/scores.ts';

/** What matters of a made-up forecast of 100: how far it was off, how far naive was, and how many days ahead it looked. */
export interface MadeUp {
  readonly error?: number;
  readonly naiveError?: number;
  readonly horizon?: number;
}

/** A forecast of 100 made at the end of `asOf`, with a band from 99 to 101. */
export function issueForecast(
  asOf: TradingDay,
  { error = 0, naiveError = 0, horizon = 1 }: MadeUp = {},
): IssuedForecast {
  const naive = 100 + error + naiveError;
  return {
    asOf,
    forecast: {
      horizon,
      prediction: 100,
      lower: 99,
      upper: 101,
      level: 0.9,
      naive,
      distribution: { mean: Math.log(100 / naive), spread: 0.01, dof: 5 },
    },
    naiveDistribution: { mean: 0, spread: 0.012, dof: Infinity },
  };
}

/** What came of it: a close of 100 + `error`, `horizon` calendar days later. */
export function scoreIssued({ asOf, forecast, naiveDistribution }: IssuedForecast, error = 0): DayScore {
  const day = addDays(asOf, forecast.horizon);
  return scoreForecast({ day, actual: 100 + error, forecast, naiveDistribution, transform: 'log-return' });
}

/** Scores of `days` days running up to `last`, as they are read from the database. */
export function scoresTo(
  last: TradingDay,
  days: number,
  {
    symbol = parseSymbol('CALM'),
    version = parseVersion(1),
    ...made
  }: MadeUp & { symbol?: SeriesSymbol; version?: ModelVersion } = {},
): ForecastScore[] {
  return Array.from({ length: days }, (_, i) => {
    const asOf = addDays(last, i - days);
    return { symbol, version, asOf, ...scoreIssued(issueForecast(asOf, made), made.error) };
  });
}

/** Held-out figures of a model that was never held to anything: those of one made-up day. */
export const MADE_UP_QUALITY: ForecastQuality = measureQuality(
  scoresTo(parseDay('2000-01-02'), 1, { error: 1, naiveError: 1 }),
);
