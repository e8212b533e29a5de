import { ERROR_CODES, ShepherdError, type ErrorCode } from '../../core/errors.ts';
import type { FetchedBars } from '../../core/feed/fetched.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { Series } from '../../core/series/price.ts';
import { chooseTransform } from '../../core/series/transform.ts';
import type { Client, Database } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import type { NewFault } from '../../db/tables/faults.ts';
import { listCloses, listLastCloses, type DayRange } from '../../db/tables/prices.ts';
import { findSeries, lockSeries, type StoredSeries } from '../../db/tables/series.ts';
import type { Log } from '../../service/log.ts';
import { reachesFurtherBack, type Restatement } from '../../core/feed/restatement.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';
import type { RunId } from '../../core/runId.ts';
import type { PriceSource } from '../feeds/source.ts';
import { storeBatch, type Batch, type StoredBatch } from './store.ts';

/** Trading days fetched again, so that late corrections arrive and a restated history is noticed. */
const OVERLAP_DAYS = 10;
/** Trading days that new bars are judged against: a year. */
export const CONTEXT_DAYS = 252;

export interface PullContext {
  readonly source: PriceSource;
  readonly db: Database;
  readonly runId?: RunId | null;
  readonly signal?: AbortSignal | undefined;
  /** Tells each event once it is stored for good. */
  readonly log?: Pick<Log, 'event'>;
}

/** How a pull ended; an expected failure of the feed is an outcome, and what was stored before stays. */
export type PullOutcome = { readonly symbol: SeriesSymbol; readonly sentence: string } & (
  | {
      readonly kind: 'updated';
      /** New days. */
      readonly inserted: number;
      /** Past days with another close. */
      readonly revised: number;
      readonly restatement: Restatement | undefined;
      readonly faults: readonly NewFault[];
      readonly lastDay: TradingDay;
      /** Days of the series that wait in the quarantine, from whenever. */
      readonly held: number;
    }
  | { readonly kind: 'unchanged'; readonly lastDay: TradingDay; readonly held: number }
  /** Nothing was stored, and something was held back: `faults` for the first time. */
  | { readonly kind: 'faults'; readonly faults: readonly NewFault[]; readonly held: number }
  | { readonly kind: 'unavailable' | 'empty'; readonly code: ErrorCode }
);

/** For a command that only pulls: 0 when the feed answered usefully, else as its failure says. */
export function exitStatusOf(outcome: PullOutcome): number {
  if (outcome.kind === 'faults') return ERROR_CODES.INVALID_PRICE.exit;
  return outcome.kind === 'unavailable' || outcome.kind === 'empty' ? ERROR_CODES[outcome.code].exit : 0;
}

interface Question {
  readonly symbol: SeriesSymbol;
  readonly range: DayRange | undefined;
  readonly known: Series;
  /** As it was chosen at an import. */
  readonly column: string | null;
}

interface Answer extends FetchedBars {
  /** All days of the feed, which replace what is known. */
  readonly whole: boolean;
}

/**
 * Brings one series up to date. Running it again changes nothing: rows are identified by symbol and day, and all that one pull
 * stores is stored in one transaction.
 * @param range the days to ask for; from a little before the last stored day on when left out.
 * @throws ShepherdError CANCELLED, or DATABASE_UNAVAILABLE.
 */
export async function pullSymbol(context: PullContext, symbol: SeriesSymbol, range?: DayRange): Promise<PullOutcome> {
  const { db } = context;
  const before = await findSeries(db, symbol);
  const readKnown = (client: Client): Promise<Series> =>
    range === undefined ? listLastCloses(client, symbol, CONTEXT_DAYS) : listCloses(client, symbol);
  const question = { symbol, range, known: await readKnown(db), column: before?.column ?? null };
  let answer: Answer;
  try {
    answer = await fetchNew(context, question);
  } catch (error) {
    if (!(error instanceof ShepherdError) || error.code === 'CANCELLED') throw error;
    return recordFailure(context, symbol, 'unavailable', error.code, error.message);
  }
  if (answer.bars.length === 0 && answer.problems.length === 0) {
    return recordFailure(context, symbol, 'empty', 'FEED_EMPTY', sayEmpty(context.source, question));
  }
  const stored = await db.transaction(async (client) => {
    await lockSeries(client, symbol);
    // Read again: a person may have settled what was held back while the feed answered.
    const known = await readKnown(client);
    return storeBatch(client, toBatch(context, { ...question, known }, answer, before));
  });
  for (const event of stored.events) context.log?.event(event);
  return toOutcome(symbol, stored);
}

/** The days since the last pull and an overlap; the whole history when the overlap shows that it was restated. */
async function fetchNew({ source, signal }: PullContext, question: Question): Promise<Answer> {
  const { symbol, range, known } = question;
  const column = question.column === null ? {} : { column: question.column };
  const from = known.days.at(-OVERLAP_DAYS) ?? known.days[0];
  const recent = await source.fetchBars(
    symbol,
    { ...(range ?? (from === undefined ? {} : { from })), ...column },
    signal,
  );
  if (!reachesFurtherBack(known, recent.bars)) return { ...recent, whole: false };
  return { ...(await source.fetchBars(symbol, column, signal)), whole: true };
}

function toBatch(
  { source, runId = null }: PullContext,
  { symbol, known }: Question,
  answer: Answer,
  before: StoredSeries | undefined,
): Batch {
  const isNew = before === undefined || known.days.length === 0;
  // Yahoo and the sample give prices; a file may hold anything.
  const suggested = source.name === 'csv' ? chooseTransform(answer.bars.map(({ close }) => close)) : 'log-return';
  const transform = isNew ? suggested : before.transform;
  return {
    // A file does not say its exchange's zone; the import that did is believed.
    series: {
      symbol,
      source: source.name,
      transform,
      timeZone: source.name === 'csv' && before ? before.timeZone : answer.timeZone,
    },
    bars: answer.bars,
    problems: answer.problems,
    splits: answer.splits,
    known,
    replacesHistory: answer.whole,
    runId,
  };
}

function toOutcome(symbol: SeriesSymbol, stored: StoredBatch): PullOutcome {
  const { inserted, faults, restatement, lastDay, held, heldBackBars } = stored;
  const sentence = stored.events.map((event) => event.sentence).join(' ');
  const revised = stored.revised.length;
  if (inserted + revised > 0 && lastDay !== undefined) {
    return { kind: 'updated', symbol, sentence, inserted, revised, restatement, faults, lastDay, held };
  }
  if (faults.length > 0 || heldBackBars || lastDay === undefined)
    return { kind: 'faults', symbol, sentence, faults, held };
  return { kind: 'unchanged', symbol, sentence, lastDay, held };
}

async function recordFailure(
  { db, runId = null, source, log }: PullContext,
  symbol: SeriesSymbol,
  kind: 'unavailable' | 'empty',
  code: ErrorCode,
  sentence: string,
): Promise<PullOutcome> {
  const payload = { source: source.name, code };
  const event = { kind: 'feed:unavailable', symbol, runId, payload, sentence } as const;
  log?.event(await db.transaction((client) => appendEvent(client, event)));
  return { kind, code, symbol, sentence };
}

function sayEmpty(source: PriceSource, { symbol, range, known }: Question): string {
  const from = range?.from ?? known.days.at(-1);
  const period = from === undefined ? '' : ` from ${from} on`;
  return `The ${source.name} source has no rows for ${symbol}${period}; nothing was stored.`;
}
