import { paired } from '../../core/paired.ts';
import { alarmed, foldStory } from '../../core/story/foldStory.ts';
import type { Overview } from '../schemas/overview.ts';
import type { EventListing, Records } from '../serving/records.ts';
import { SCORES_KEPT, type ServedSymbol } from '../serving/servedSymbol.ts';
import { judgeFreshness } from './freshness.ts';
import { qualityFields } from './quality.ts';
import { answerSymbol } from './symbol.ts';

/** What the story is told from, and the feed's last word is looked for in: some sixty quiet runs. */
const EVENTS_READ = 300;
/** Checks whose detectors are drawn. */
const CHECKS = 120;

/** Everything the page shows of a symbol; what only the database knows is left out while it is away. */
export async function answerOverview(
  served: ServedSymbol,
  horizon: number,
  records: Records,
  now: number,
): Promise<Omit<Overview, 'known'>> {
  const { symbol, series, quality } = served;
  const { answer } = answerSymbol(served, horizon);
  const [drift, events, promotions, detectors] = await Promise.all([
    records.findLastDrift(symbol).catch(() => undefined),
    records.listEvents(symbol, EVENTS_READ).catch(() => null),
    records.listPromotions(symbol).catch(() => []),
    records.listDetectors(symbol, CHECKS).catch(() => []),
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
    detectors,
    marks: marksOf(events ?? []),
    story: foldStory([...(events ?? [])].reverse())
      .reverse()
      .map((chapter) => ({
        ...chapter,
        events: withoutEchoes(chapter.events).map(({ at, kind, sentence }) => ({ at, kind, sentence })),
      })),
  };
}

/** A run's end repeats the sentence that decided it; once is enough for a reader. */
function withoutEchoes(events: readonly EventListing[]): EventListing[] {
  return events.filter(({ sentence }, i) => sentence !== events[i - 1]?.sentence);
}

/** Promotions, alarms, refusals and faults on the trading day they belong to. */
function marksOf(events: readonly EventListing[]): Overview['marks'] {
  return [...events].reverse().flatMap(({ at, kind, payload, sentence }) => {
    const mark = markOf(kind, payload);
    const { day } = payload;
    return mark === undefined
      ? []
      : [{ day: typeof day === 'string' ? day : at.slice(0, 10), at, kind: mark, sentence }];
  });
}

function markOf(
  kind: EventListing['kind'],
  payload: EventListing['payload'],
): Overview['marks'][number]['kind'] | undefined {
  if (kind === 'champion:promoted') return 'promoted';
  if (kind === 'champion:rolled-back') return 'rolled-back';
  if (kind === 'feed:fault') return 'fault';
  if (kind === 'drift:checked' && alarmed(payload)) return 'alarm';
  if (kind === 'gate:judged' && payload['verdict'] !== 'promote') return 'refused';
  return undefined;
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
