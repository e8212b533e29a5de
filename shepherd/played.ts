import type { RecordedEvent } from '../core/events.ts';
import type { ForecastQuality } from '../core/forecast/quality.ts';
import { percent } from '../core/prose/figures.ts';
import { plural, theLast } from '../core/prose/plural.ts';
import type { TradingDay } from '../core/series/day.ts';
import type { SeriesSymbol } from '../core/series/symbol.ts';
import type { Client } from '../db/connection/client.ts';
import { listEvents } from '../db/tables/events.ts';
import { listCloses } from '../db/tables/prices.ts';
import { findQuality } from '../db/tables/scores.ts';
import type { Log } from '../service/log.ts';
import { SAMPLE_STARTS } from './feeds/sample.ts';
import type { PriceSource } from './feeds/source.ts';

/** More than a whole play of the sample leaves. */
const MOST_EVENTS = 10_000;

/** What a play of the sample has shown. */
export interface Played {
  readonly symbol: SeriesSymbol;
  readonly days: readonly TradingDay[];
  /** Checks that called the data drifted or the model decayed. */
  readonly alarms: number;
  readonly retrains: number;
  readonly promotions: number;
  readonly quality: ForecastQuality | null;
}

export async function readPlayed(client: Client, symbol: SeriesSymbol): Promise<Played> {
  const { days } = await listCloses(client, symbol);
  const events = await listEvents(client, { symbol, limit: MOST_EVENTS });
  const count = (is: (event: RecordedEvent) => boolean): number => events.filter(is).length;
  return {
    symbol,
    days: days.filter((day) => day > SAMPLE_STARTS),
    alarms: count(({ kind, payload }) => kind === 'drift:checked' && isAlarm(payload)),
    retrains: count(({ kind, payload }) => kind === 'retrain:decided' && payload['kind'] === 'retrain'),
    promotions: count(({ kind }) => kind === 'champion:promoted'),
    quality: await findQuality(client, symbol),
  };
}

/** A check says of the data and of the losses what it found (`checkChampion`). */
function isAlarm({ data, loss }: RecordedEvent['payload']): boolean {
  return verdictOf(data) === 'drifted' || verdictOf(loss) === 'decayed';
}

function verdictOf(report: unknown): unknown {
  return typeof report === 'object' && report !== null && 'verdict' in report ? report.verdict : undefined;
}

/** The last word of a play: what was seen, and what to try next. */
export function sayPlayed({ symbol, days, alarms, retrains, promotions, quality }: Played): string {
  const seen = `${plural(days.length, 'day')} of ${symbol} to ${days.at(-1) ?? 'none'}, ${plural(alarms, 'alarm')}, ${plural(retrains, 'retrain')}, ${plural(promotions, 'promotion')} with the first`;
  const good =
    quality === null
      ? 'no forecast has met its day'
      : `forecasts of ${theLast(quality.days, 'day')}: skill ${percent(quality.skill)}, band held ${percent(quality.coverage)}`;
  return (
    `The sample is over: ${seen}; ${good}. It goes on answering. Next: npx shepherd history --symbol ${symbol} tells why each time; ` +
    'npx shepherd import prices.csv --symbol ACME brings a series of yours; SOURCE=yahoo SYMBOLS=MSFT DATA_DIR=.live npm start follows a live one.'
  );
}

interface Watched {
  readonly db: Client;
  readonly source: PriceSource;
  readonly symbol: SeriesSymbol;
  readonly log: Pick<Log, 'note'>;
}

/** To be called after each run: says the last word once, after the run of the last day. */
export function watchPlay({ db, source, symbol, log }: Watched): () => Promise<void> {
  let said = false;
  return async () => {
    if (said || source.isOver?.() !== true) return;
    const played = await readPlayed(db, symbol).catch(() => undefined);
    // A run of the day before may have ended after the last day had arrived.
    if (played === undefined || played.days.at(-1) !== source.today()) return;
    said = true;
    log.note(sayPlayed(played));
  };
}
