import { Type, type Static } from '@sinclair/typebox';
import { TypeCompiler } from '@sinclair/typebox/compiler';
import { ShepherdError } from '../../core/errors.ts';
import { dayInZone, isTimeZone } from './exchangeDay.ts';
import { readFeedRows } from '../../core/feed/row.ts';
import type { FetchedBars, StockSplit } from '../../core/feed/fetched.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';

const SECOND = 1_000;
/** Free quotes run up to 20 minutes behind the exchange: a day counts as closed when its closing price must have arrived. */
const QUOTE_DELAY_MS = 20 * 60 * SECOND;

const Column = Type.Array(Type.Unknown());

/** `chart.result[0]` as far as it is used. Cells are left unknown: one bad price is that day's problem, not the answer's. */
const Chart = Type.Object({
  meta: Type.Object({
    exchangeTimezoneName: Type.String({ minLength: 1 }),
    currentTradingPeriod: Type.Optional(Type.Object({ regular: Type.Object({ end: Type.Unknown() }) })),
  }),
  timestamp: Type.Optional(Type.Array(Type.Integer())),
  indicators: Type.Object({
    quote: Type.Array(
      Type.Partial(Type.Object({ open: Column, high: Column, low: Column, close: Column, volume: Column })),
    ),
    adjclose: Type.Optional(Type.Array(Type.Partial(Type.Object({ adjclose: Column })))),
  }),
  events: Type.Optional(
    Type.Object({
      // Keyed by the timestamp of the day, in seconds.
      splits: Type.Optional(
        Type.Record(
          Type.String({ pattern: '^-?[0-9]+$' }),
          Type.Object({
            numerator: Type.Number({ exclusiveMinimum: 0 }),
            denominator: Type.Number({ exclusiveMinimum: 0 }),
          }),
        ),
      ),
    }),
  ),
});
const chartCheck = TypeCompiler.Compile(Chart);

/**
 * Reads Yahoo's chart of daily prices.
 * @param nowMs decides whether the last day is still running (left out).
 * @throws ShepherdError FEED_UNAVAILABLE naming the place in the answer that has the wrong shape.
 */
export function readYahooChart(symbol: SeriesSymbol, answer: unknown, nowMs: number): FetchedBars {
  const chart = requireChart(symbol, answer);
  const timeZone = chart.meta.exchangeTimezoneName;
  const quote = chart.indicators.quote[0] ?? {};
  const adjusted = chart.indicators.adjclose?.[0]?.adjclose ?? [];
  const today = dayInZone(nowMs, timeZone);
  const lastClosed = isSessionOver(chart, timeZone, nowMs) ? today : undefined;

  const rows = (chart.timestamp ?? []).map((seconds, i) => ({
    day: dayInZone(seconds * SECOND, timeZone),
    open: quote.open?.[i] ?? null,
    high: quote.high?.[i] ?? null,
    low: quote.low?.[i] ?? null,
    close: quote.close?.[i] ?? null,
    adjustedClose: adjusted[i] ?? null,
    volume: quote.volume?.[i] ?? null,
  }));
  const closed = rows.filter(({ day }) => day < today || day === lastClosed);
  return { ...readFeedRows(symbol, closed), splits: readSplits(chart, timeZone), timeZone };
}

function requireChart(symbol: SeriesSymbol, answer: unknown): Static<typeof Chart> {
  if (!chartCheck.Check(answer)) {
    const first = chartCheck.Errors(answer).First();
    throw unexpected(symbol, `${first?.message ?? 'no chart'} at "${first?.path ?? ''}"`);
  }
  const rows = answer.timestamp?.length ?? 0;
  const closes = answer.indicators.quote[0]?.close?.length ?? 0;
  if (rows !== closes) throw unexpected(symbol, `${rows} timestamps beside ${closes} closes`);
  const zone = answer.meta.exchangeTimezoneName;
  if (!isTimeZone(zone)) throw unexpected(symbol, `an unknown time zone "${zone.slice(0, 40)}"`);
  return answer;
}

function unexpected(symbol: SeriesSymbol, what: string): ShepherdError {
  return new ShepherdError('FEED_UNAVAILABLE', `Yahoo's answer for ${symbol} is not a chart of daily prices: ${what}.`);
}

/** True when the exchange's session of today, as the answer itself states it, ended long enough ago. */
function isSessionOver(chart: Static<typeof Chart>, timeZone: string, nowMs: number): boolean {
  const end = toSeconds(chart.meta.currentTradingPeriod?.regular.end);
  if (end === undefined || dayInZone(end * SECOND, timeZone) !== dayInZone(nowMs, timeZone)) return false;
  return nowMs >= end * SECOND + QUOTE_DELAY_MS;
}

/** The client turns some timestamps into dates while it checks them, and leaves others as seconds. */
function toSeconds(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime() / SECOND;
  return typeof value === 'number' ? value : undefined;
}

function readSplits(chart: Static<typeof Chart>, timeZone: string): StockSplit[] {
  return Object.entries(chart.events?.splits ?? {})
    .map(([seconds, { numerator, denominator }]) => ({
      day: dayInZone(Number(seconds) * SECOND, timeZone),
      numerator,
      denominator,
    }))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}
