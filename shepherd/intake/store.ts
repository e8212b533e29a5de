import { findFeedFaults } from '../../core/feed/faults.ts';
import type { AuditEvent, RecordedEvent } from '../../core/events.ts';
import type { TradingDay } from '../../core/series/day.ts';
import { sliceSeries, type PriceBar, type Series } from '../../core/series/price.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { saveFaults, type FeedFault } from '../../db/tables/faults.ts';
import { saveBars, type SavedBars } from '../../db/tables/prices.ts';
import { saveSeries, type NewSeries } from '../../db/tables/series.ts';
import { findRestatement, type Restatement } from '../../core/feed/restatement.ts';
import type { FeedProblem, Split } from '../../core/feed/fetched.ts';
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
  const held = new Set(found.filter(({ bar }) => bar !== null).map(({ day }) => day));
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
  return [...unreadable, ...findSuspicious(series, bars, known)];
}

/** Findings of the drift rules, a row for each bar held back; a finding without bars (days missing) is a row by itself. */
function findSuspicious(series: NewSeries, bars: readonly PriceBar[], known: Series): FeedFault[] {
  // The rules compare ratios of prices, which differences do not have.
  if (series.transform !== 'log-return') return [];
  const [first] = bars;
  // Days that are known already are judged anew, by the days before them: a correction may be a fault as well.
  const overlap = first === undefined ? -1 : known.days.findIndex((day) => day >= first.day);
  const before = overlap === -1 ? known : sliceSeries(known, 0, overlap);
  return findFeedFaults({ known: before, incoming: bars, timeZone: series.timeZone }).flatMap(
    (finding): FeedFault[] => {
      const { day, lastDay, kind, sentence } = finding;
      const evidence = { ...finding.evidence, day, lastDay };
      const concerned = bars.filter((bar) => bar.day >= day && bar.day <= lastDay);
      if (concerned.length === 0) return [{ day, kind, sentence, evidence, bar: null }];
      return concerned.map((bar) => ({ day: bar.day, kind, sentence, evidence, bar }));
    },
  );
}
