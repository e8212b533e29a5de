import { paired } from '../../core/paired.ts';
import type { Overview } from '../schemas/overview.ts';
import type { EventListing, Records } from '../serving/records.ts';
import { SCORES_KEPT, type ServedSymbol } from '../serving/servedSymbol.ts';
import { judgeFreshness } from './freshness.ts';
import { qualityFields } from './quality.ts';
import { answerSymbol } from './symbol.ts';

/** Entries of the story that the page tells. */
const EVENTS = 30;
/** Looked through for the feed's last word. */
const EVENTS_READ = 200;

/** Everything the page shows of a symbol; what only the database knows is left out while it is away. */
export async function answerOverview(
  served: ServedSymbol,
  horizon: number,
  records: Records,
  now: number,
): Promise<Omit<Overview, 'known'>> {
  const { symbol, series, quality } = served;
  const { answer } = answerSymbol(served, horizon);
  const [drift, events, promotions] = await Promise.all([
    records.findLastDrift(symbol).catch(() => undefined),
    records.listEvents(symbol, EVENTS_READ).catch(() => null),
    records.listPromotions(symbol).catch(() => []),
  ]);
  const [promotion] = promotions;
  const day = answer.day ?? '';
  return {
    ...qualityFields(served),
    scoredDays: quality?.days ?? 0,
    asOf: series.days.at(-1) ?? '',
    close: series.closes.at(-1) ?? Number.NaN,
    history: historyOf(served),
    forecast: answer.forecast.map(({ prediction, lower, upper, ...rest }) => ({
      day: rest.day ?? day,
      prediction,
      lower,
      upper,
    })),
    drift: drift ?? null,
    database: events === null ? 'down' : 'up',
    freshness: judgeFreshness(events, now),
    lastPromotion:
      promotion === undefined
        ? null
        : {
            version: promotion.version,
            kind: promotion.kind,
            reason: promotion.reason,
            by: promotion.by,
            at: promotion.at,
          },
    events: withoutEchoes(events?.slice(0, EVENTS) ?? []).map(({ at, kind, sentence }) => ({ at, kind, sentence })),
  };
}

/** A run's end repeats the sentence that decided it; once is enough for a reader. */
function withoutEchoes(events: readonly EventListing[]): EventListing[] {
  return events.filter(({ sentence }, i) => sentence !== events[i + 1]?.sentence);
}

/** The last closes, each with the forecast that was issued for it the day before, where one was. */
function historyOf({ series, scores }: ServedSymbol): Overview['history'] {
  const issued = new Map(
    scores.map(({ day, prediction, lower, upper, version }) => [day, { prediction, lower, upper, version }]),
  );
  return paired(series.days.slice(-SCORES_KEPT), series.closes.subarray(-SCORES_KEPT)).map(([day, close]) => ({
    day,
    close,
    issued: issued.get(day) ?? null,
  }));
}
