import type { AuditEvent, RecordedEvent } from '../../core/events.ts';
import type { FeedProblem, StockSplit } from '../../core/feed/fetched.ts';
import { judgeBars } from '../../core/feed/judgeBars.ts';
import { findRestatement, type Restatement } from '../../core/feed/restatement.ts';
import { isNonEmpty } from '../../core/nonEmpty.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar, Series } from '../../core/series/price.ts';
import type { RunId } from '../../core/runId.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import {
  countHeldDays,
  listEarlierFindings,
  resolveCorrected,
  resolveFinding,
  saveFaults,
  type NewFault,
} from '../../db/tables/faults.ts';
import { findBarBefore, saveBars, type SavedBars } from '../../db/tables/prices.ts';
import { saveSeries, type NewSeries } from '../../db/tables/series.ts';
import { tellFaults, tellPrices, tellReleased, tellRevisions } from './story.ts';

export interface Batch {
  readonly series: NewSeries;
  /** Sorted, unique, finite. */
  readonly bars: readonly PriceBar[];
  readonly problems: readonly FeedProblem[];
  readonly splits: readonly StockSplit[];
  /** What is stored, as far back as the bars are judged against. */
  readonly known: Series;
  /** The bars replace the whole history. */
  readonly replacesHistory: boolean;
  readonly runId: RunId | null;
}

export interface StoredBatch extends SavedBars {
  /** Those found for the first time. */
  readonly faults: readonly NewFault[];
  /** Days of the series that wait in the quarantine, from whenever. */
  readonly held: number;
  /** Some of these bars were held back, for the first time or again. */
  readonly heldBackBars: boolean;
  readonly restatement: Restatement | undefined;
  readonly lastDay: TradingDay | undefined;
  /** As they stand in the audit record, for the log. */
  readonly events: readonly RecordedEvent[];
}

/** Stores what a feed or a file gave: faults apart, all else as prices, with the events that tell of it. Call it inside a transaction. */
export async function storeBatch(client: Client, batch: Batch): Promise<StoredBatch> {
  const { series, runId, splits } = batch;
  const { symbol, transform, timeZone } = series;
  await saveSeries(client, series); // locks the row of the series, as all do that write its prices or findings
  const [first] = batch.bars;
  const lastBar = first === undefined ? undefined : await findBarBefore(client, symbol, first.day);
  const earlier = await listEarlierFindings(client, symbol);
  const { sound, heldBack, released } = judgeBars({ ...batch, ...earlier, transform, timeZone, lastBar });

  for (const level of released) await resolveFinding(client, symbol, level, 'released', RELEASED);
  const saved = await saveBars(client, symbol, sound);
  const days = sound.map(({ day }) => day);
  const known = new Set(batch.known.days);
  await resolveCorrected(client, symbol, days, { unitStands: days.some((day) => known.has(day)) });
  const faults = await saveFaults(client, symbol, heldBack);
  const held = await countHeldDays(client, symbol);
  const restatement = findRestatement(saved.revised, splits);
  const lastDay = latest(sound.at(-1)?.day, batch.known.days.at(-1));

  const stories = [
    ...released.map((level) => tellReleased(level, RELEASED)),
    tellPrices(series.source, sound, saved, { lastDay, held }),
    ...(saved.revised.length > 0 ? [tellRevisions(saved.revised, restatement)] : []),
    ...(isNonEmpty(faults) ? [tellFaults(faults)] : []),
  ];
  const events: RecordedEvent[] = [];
  for (const story of stories) events.push(await appendEvent(client, { ...story, symbol, runId } satisfies AuditEvent));
  const heldBackBars = heldBack.some(({ bars }) => bars.length > 0);
  return { ...saved, faults, held, heldBackBars, restatement, lastDay, events };
}

const RELEASED = 'enough days since have not gone back from this level, and the feed told of no split';

function latest(...days: readonly (TradingDay | undefined)[]): TradingDay | undefined {
  return days
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);
}
