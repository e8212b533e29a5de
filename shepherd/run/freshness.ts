import { missedTradingDays } from '../../core/series/calendar.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { lastDayOf, type Series } from '../../core/series/price.ts';
import type { StepOutcome } from './journal.ts';

export interface Freshness {
  readonly lastDay: TradingDay;
  /** Trading days of the series' own calendar that the feed should have sent by now. */
  readonly missed: number;
}

/** Notices a feed that has stopped: after one missed trading day, and never on a weekend or holiday of the series' exchange. */
export function checkFreshness(
  series: Series,
  today: TradingDay,
  timeZone: string | undefined,
): StepOutcome<Freshness> {
  const missed = missedTradingDays(series.days, today, timeZone);
  const lastDay = lastDayOf(series);
  const result = { lastDay, missed: missed.length };
  const [first, last] = [missed[0], missed.at(-1)];
  if (first === undefined || last === undefined) return { result };
  const which = first === last ? first : `${first} to ${last}`;
  const sentence = `The feed is silent: ${missed.length} trading day(s) are missing after ${lastDay} (${which}).`;
  return { result, events: [{ kind: 'feed:silent', payload: { ...result, today }, sentence }] };
}
