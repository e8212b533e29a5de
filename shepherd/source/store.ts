import { findFeedFaults, type FeedFault as Finding } from '../../core/drift/faults.ts';
import type { AuditEvent, RecordedEvent } from '../../core/events.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar, Series } from '../../core/series/price.ts';
import type { Client } from '../../db/client.ts';
import { appendEvent } from '../../db/events.ts';
import { saveFaults, type FeedFault } from '../../db/faults.ts';
import { saveBars, type SavedBars } from '../../db/prices.ts';
import { saveSeries, type NewSeries } from '../../db/series.ts';
import { findRestatement, type Restatement } from './restatement.ts';
import type { FeedProblem, Split } from './source.ts';
import { tellFaults, tellPrices, tellRevisions } from './story.ts';

export interface Batch {
  readonly series: NewSeries;
  /** Sorted, unique, and prices in the sense of the series. */
  readonly bars: readonly PriceBar[];
  readonly problems: readonly FeedProblem[];
  readonly splits: readonly Split[];
  /** What the bars are judged against; empty where they replace the whole history. */
  readonly known: Series;
  readonly runId: string | null;
}

export interface StoredBatch extends SavedBars {
  /** Those found for the first time. */
  readonly faults: readonly FeedFault[];
  readonly restatement: Restatement | undefined;
  readonly lastDay: TradingDay | undefined;
  /** As they stand in the audit record, for the log. */
  readonly events: readonly RecordedEvent[];
}

/** Stores what a feed or a file gave: faults apart, all else as prices, with the events that tell of it. Call it inside a transaction. */
export async function storeBatch(client: Client, batch: Batch): Promise<StoredBatch> {
  const { series, runId } = batch;
  const { symbol } = series;
  const found = findFaults(batch);
  const held = new Set(found.map(({ day }) => day));
  const bars = batch.bars.filter(({ day }) => !held.has(day));

  await saveSeries(client, series);
  const saved = await saveBars(client, symbol, bars);
  const faults = await saveFaults(client, symbol, found);
  const restatement = findRestatement(saved.revised, batch.splits);
  const lastDay = [bars.at(-1)?.day, batch.known.days.at(-1)]
    .filter((day) => day !== undefined)
    .sort()
    .at(-1);

  const events: RecordedEvent[] = [];
  const append = async (event: Pick<AuditEvent, 'kind' | 'payload' | 'sentence'>): Promise<void> => {
    events.push(await appendEvent(client, { ...event, symbol, runId }));
  };
  await append(tellPrices(series.source, bars, saved, lastDay));
  if (saved.revised.length > 0) await append(tellRevisions(saved.revised, restatement));
  if (faults.length > 0) await append(tellFaults(faults));
  return { ...saved, faults, restatement, lastDay, events };
}

/** Rows that cannot be read or priced, and readable ones that look like a fault of the feed. */
function findFaults({ series, bars, problems, known }: Batch): FeedFault[] {
  const unreadable = problems.map(({ day, field, value, sentence }): FeedFault => ({
    day,
    kind: 'invalid-price',
    sentence,
    bar: null,
    evidence: { field, value: value === undefined ? null : value },
  }));
  // The findings compare ratios of prices, which differences do not have.
  const suspicious = series.transform === 'log-return' ? findFeedFaults({ known, incoming: bars }) : [];
  const byDay = new Map(bars.map((bar) => [bar.day, bar]));
  const withBar = ({ day, kind, sentence, evidence }: Finding): FeedFault => {
    return { day, kind, sentence, evidence, bar: byDay.get(day) ?? null };
  };
  return [...unreadable, ...suspicious.map(withBar)];
}
