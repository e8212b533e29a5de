import { ShepherdError, type ErrorCode } from '../../core/errors.ts';
import type { RecordedEvent } from '../../core/events.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import { chooseTransform } from '../../core/series/transform.ts';
import type { Database } from '../../db/client.ts';
import { appendEvent } from '../../db/events.ts';
import type { FeedFault } from '../../db/faults.ts';
import { listCloses, listLastCloses, type DayRange } from '../../db/prices.ts';
import { findSeries, type NewSeries, type StoredSeries } from '../../db/series.ts';
import { separatePrices } from './feedRow.ts';
import { reachesFurtherBack, type Restatement } from './restatement.ts';
import type { FetchedBars, PriceSource } from './source.ts';
import { storeBatch } from './store.ts';

/** Trading days fetched again, so that late corrections arrive and a restated history is noticed. */
const OVERLAP_DAYS = 10;
/** Trading days that new bars are judged against: a year. */
const CONTEXT_DAYS = 252;

export interface Pull {
  readonly source: PriceSource;
  readonly db: Database;
  readonly symbol: string;
  /** The days to ask for; from a little before the last stored day on when left out. */
  readonly range?: DayRange | undefined;
  readonly runId?: string | null;
  readonly signal?: AbortSignal | undefined;
  /** Told of each event once it is stored for good. */
  readonly onEvent?: (event: RecordedEvent) => void;
}

/** How a pull ended; an expected failure of the feed is an outcome, and what was stored before stays. */
export type PullOutcome = { readonly symbol: string; readonly sentence: string } & (
  | {
      readonly state: 'updated';
      /** New days. */
      readonly inserted: number;
      /** Past days with another close. */
      readonly revised: number;
      readonly restatement: Restatement | undefined;
      readonly faults: readonly FeedFault[];
      readonly lastDay: TradingDay;
    }
  | { readonly state: 'unchanged'; readonly lastDay: TradingDay }
  /** Something arrived, and all of it was held back. */
  | { readonly state: 'faults'; readonly faults: readonly FeedFault[] }
  | { readonly state: 'unavailable' | 'empty'; readonly code: ErrorCode }
);

/**
 * Brings one series up to date. Running it again changes nothing: rows are identified by symbol and day, and all that one pull
 * stores is stored in one transaction.
 * @throws ShepherdError CANCELLED, or DATABASE_UNAVAILABLE.
 */
export async function pullSymbol(pull: Pull): Promise<PullOutcome> {
  const { db, symbol, runId = null } = pull;
  const stored = await findSeries(db, symbol);
  const known = await (pull.range === undefined ? listLastCloses(db, symbol, CONTEXT_DAYS) : listCloses(db, symbol));
  let fetched: FetchedBars & { readonly whole: boolean };
  try {
    fetched = await fetchNew(pull, known);
  } catch (error) {
    if (!(error instanceof ShepherdError) || error.code === 'CANCELLED') throw error;
    return recordFailure(pull, 'unavailable', error.code, error.message);
  }
  if (fetched.bars.length === 0 && fetched.problems.length === 0) {
    return recordFailure(pull, 'empty', 'FEED_EMPTY', sayEmpty(pull, known));
  }

  const series = describeSeries(pull, stored, fetched);
  const { bars, problems } = separatePrices(symbol, fetched.bars, series.transform);
  const batch = {
    series,
    bars,
    problems: [...fetched.problems, ...problems],
    splits: fetched.splits,
    known: fetched.whole ? { days: [], closes: new Float64Array() } : known,
    runId,
  };
  const result = await db.transaction((client) => storeBatch(client, batch));
  for (const event of result.events) pull.onEvent?.(event);

  const { inserted, faults, restatement, lastDay } = result;
  const sentence = result.events.map((event) => event.sentence).join(' ');
  const revised = result.revised.length;
  if (inserted + revised > 0 && lastDay !== undefined) {
    return { state: 'updated', symbol, sentence, inserted, revised, restatement, faults, lastDay };
  }
  if (faults.length > 0 || lastDay === undefined) return { state: 'faults', symbol, sentence, faults };
  return { state: 'unchanged', symbol, sentence, lastDay };
}

/** The days since the last pull and an overlap; the whole history (`whole`) when the overlap shows that it was restated. */
async function fetchNew(
  { source, symbol, range, signal }: Pull,
  known: Series,
): Promise<FetchedBars & { readonly whole: boolean }> {
  const from = known.days.at(-OVERLAP_DAYS) ?? known.days[0];
  const recent = await source.fetchBars(symbol, range ?? (from === undefined ? {} : { from }), signal);
  if (!reachesFurtherBack(known, recent.bars)) return { ...recent, whole: known.days.length === 0 };
  return { ...(await source.fetchBars(symbol, {}, signal)), whole: true };
}

function describeSeries(pull: Pull, stored: StoredSeries | undefined, fetched: FetchedBars): NewSeries {
  const { source, symbol } = pull;
  const { timeZone, bars } = fetched;
  // Yahoo and the sample give prices; a file may hold anything.
  const suggested = source.name === 'csv' ? chooseTransform(bars.map(({ close }) => close)) : 'log-return';
  return { symbol, source: source.name, transform: stored?.transform ?? suggested, timeZone };
}

async function recordFailure(
  { db, symbol, runId = null, source, onEvent }: Pull,
  state: 'unavailable' | 'empty',
  code: ErrorCode,
  sentence: string,
): Promise<PullOutcome> {
  const payload = { source: source.name, code };
  onEvent?.(await appendEvent(db, { kind: 'feed:unavailable', symbol, runId, payload, sentence }));
  return { state, code, symbol, sentence };
}

function sayEmpty({ source, symbol, range }: Pull, known: Series): string {
  const lastDay = known.days.at(-1);
  const from = range?.from ?? lastDay;
  const period = from === undefined ? '' : ` from ${from} on`;
  return `The ${source.name} source has no rows for ${symbol}${period}; nothing was stored.`;
}
