import YahooFinance from 'yahoo-finance2';
import { ShepherdError } from '../../core/errors.ts';
import type { FetchedBars } from '../../core/feed/fetched.ts';
import type { RandomSource } from '../../core/random.ts';
import { addDays, dayNumber, dayOfInstant, parseDay, type TradingDay } from '../../core/series/day.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { DayRange } from '../../db/tables/prices.ts';
import { DEFAULT_RETRY, systemClock, TriesExhausted, withRetry, type NextTry, type RetryClock } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import { clipToRange, type PriceSource } from './source.ts';
import { readYahooChart } from './yahooChart.ts';
import { createYahooFetch, YahooRefusal } from './yahooFetch.ts';
import { plural } from '../../core/prose/plural.ts';

export interface YahooOptions {
  /** `YAHOO_HOST`: a host name, or an origin such as `http://127.0.0.1:8080`; Yahoo's own when left out. */
  readonly host?: string | undefined;
  readonly random: RandomSource;
  readonly clock?: RetryClock;
  readonly retry?: Partial<RetryPolicy>;
}

/** Before any exchange in Yahoo's data (the S&P 500 begins in 1927). */
const FIRST_DAY = parseDay('1900-01-01');
/** Asked for before `from`: makes the opening instants of any time zone fall inside, and shows what preceded a holiday's row. */
const LEAD_DAYS = 10;
const SECONDS_A_DAY = 86_400;
const silent = (): void => undefined;

/** Daily prices from Yahoo Finance, through the yahoo-finance2 client. Closes are adjusted for splits as of the moment of asking. */
export function createYahooSource(options: YahooOptions): PriceSource {
  const clock = options.clock ?? systemClock;
  const policy = { ...DEFAULT_RETRY, ...options.retry };
  const timeZones = new Map<string, string>();
  const client = new YahooFinance({
    fetch: createYahooFetch(options.host, clock.now),
    logger: { info: silent, warn: silent, error: silent, debug: silent, dir: silent },
    suppressNotices: ['yahooSurvey', 'ripHistorical'],
    versionCheck: false,
    validation: { logErrors: false, logOptionsErrors: false },
  });

  const today = (): TradingDay => dayOfInstant(clock.now());

  const ask = async (symbol: SeriesSymbol, range: DayRange, signal: AbortSignal): Promise<FetchedBars> => {
    // `period2` is the first second that is not asked for; a day may still be running a day behind UTC.
    const period1 = dayNumber(range.from === undefined ? FIRST_DAY : addDays(range.from, -LEAD_DAYS)) * SECONDS_A_DAY;
    const period2 = dayNumber(addDays(range.to ?? today(), 2)) * SECONDS_A_DAY;
    const answer: unknown = await client.chart(
      encodeURIComponent(symbol),
      { period1, period2, interval: '1d', return: 'object' },
      // The feed's schema judges the answer: the client's own refuses whole histories for one odd field.
      { validateResult: false, fetchOptions: { signal } },
    );
    const fetched = readYahooChart(symbol, answer, clock.now());
    timeZones.set(symbol, fetched.timeZone);
    return fetched;
  };

  const fetchBars = async (symbol: SeriesSymbol, range: DayRange, signal?: AbortSignal): Promise<FetchedBars> => {
    try {
      const work = (tryLimit: AbortSignal): Promise<FetchedBars> => ask(symbol, range, tryLimit);
      const fetched = await withRetry(work, { policy, clock, random: options.random, signal, judge });
      return {
        ...fetched,
        bars: clipToRange(fetched.bars, range),
        problems: clipToRange(fetched.problems, range),
        splits: clipToRange(fetched.splits, range),
      };
    } catch (error) {
      if (hasNoRows(error)) return { bars: [], problems: [], splits: [], timeZone: timeZones.get(symbol) ?? 'UTC' };
      throw explain(symbol, error);
    }
  };

  return {
    name: 'yahoo',
    today,
    fetchBars,
    describe: async (symbol, signal) => {
      const known = timeZones.get(symbol);
      if (known !== undefined) return { timeZone: known };
      const { timeZone } = await fetchBars(symbol, { from: addDays(today(), -LEAD_DAYS) }, signal);
      return { timeZone };
    },
  };
}

/** Refusals that a second try may overcome: overload, a server's fault, a lost or cut connection, a garbled body. */
function judge(error: unknown): NextTry {
  if (error instanceof ShepherdError) return 'no';
  if (error instanceof YahooRefusal) {
    const passing = error.status < 400 || error.status >= 500 || error.status === 408 || error.status === 429;
    return passing ? error.retryAfterMs : 'no';
  }
  return isTimeout(error) || isConnectionFailure(error) ? 0 : 'no';
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}

/** What `fetch` throws when the connection fails or the body breaks off: a TypeError with the socket's error as its cause. */
function isConnectionFailure(error: unknown): error is TypeError {
  return error instanceof TypeError && error.cause !== undefined;
}

/** Yahoo answers 400 or 422 where a known symbol has nothing in the period asked for. */
function hasNoRows(error: unknown): boolean {
  const refused = error instanceof YahooRefusal && (error.status === 400 || error.status === 422);
  return refused && error.message.startsWith("Data doesn't exist for startDate");
}

function explain(symbol: SeriesSymbol, error: unknown): ShepherdError {
  if (error instanceof ShepherdError) return error;
  if (error instanceof TriesExhausted) {
    const tries = plural(error.tries, 'try', 'tries');
    const what = `Yahoo did not answer for ${symbol} in ${tries}: ${nameFailure(error.cause)}.`;
    return new ShepherdError('FEED_UNAVAILABLE', `${what} Stored prices are kept; the next run asks again.`, {
      cause: error.cause,
    });
  }
  if (error instanceof YahooRefusal && error.status === 404) {
    const advice = 'Look the symbol up on finance.yahoo.com.';
    const said = error.message.replace(/\.$/, '');
    return new ShepherdError('UNKNOWN_SYMBOL', `Yahoo does not know the symbol "${symbol}" (${said}). ${advice}`, {
      cause: error,
    });
  }
  const what = `Yahoo's answer for ${symbol} cannot be used: ${nameFailure(error)}.`;
  return new ShepherdError('FEED_UNAVAILABLE', what, { cause: error });
}

function nameFailure(error: unknown): string {
  if (error instanceof YahooRefusal) {
    return error.status < 400
      ? `it sent ${error.message}`
      : `HTTP ${error.status}, ${error.message.replace(/\.$/, '')}`;
  }
  if (isTimeout(error)) return 'the time limit passed';
  if (isConnectionFailure(error)) return error.cause instanceof Error ? error.cause.message : error.message;
  return error instanceof Error ? error.message.slice(0, 200) : String(error);
}
