import type { RangePrediction } from '../schemas/answer.ts';
import type { Overview } from '../schemas/overview.ts';
import type { EventListing, Records } from '../serving/records.ts';
import type { ServedSymbol } from '../serving/servedSymbol.ts';
import { answerRange } from './range.ts';
import { standingFields } from './standing.ts';
import { answerSymbol } from './symbol.ts';

/** Days of the past that the page draws. */
const HISTORY_DAYS = 120;
/** Entries of the story that the page tells. */
const EVENTS = 30;

/** One-day forecasts of the last days, made once for each state of a symbol. */
const pastForecasts = new WeakMap<ServedSymbol, Promise<RangePrediction['predictions']>>();

/** Everything the page shows of a symbol; what only the database knows is left out while it is away. */
export async function answerOverview(
  served: ServedSymbol,
  horizon: number,
  records: Records,
): Promise<Omit<Overview, 'known'>> {
  const { symbol, series, standing } = served;
  const { answer } = answerSymbol(served, horizon);
  const [past, drift, events] = await Promise.all([
    forecastPast(served),
    records.findLastDrift(symbol).catch(() => undefined),
    records.listEvents(symbol, EVENTS).catch(() => null),
  ]);
  const day = answer.day ?? '';
  return {
    ...standingFields(served),
    scoredDays: standing.days,
    asOf: series.days.at(-1) ?? '',
    close: series.closes.at(-1) ?? Number.NaN,
    history: past.flatMap(({ date, prediction, lower, upper, actual }) =>
      actual === null ? [] : [{ day: date, close: actual, prediction, lower, upper }],
    ),
    forecast: (answer.forecast ?? [answer]).map(({ prediction, lower, upper, ...rest }) => ({
      day: rest.day ?? day,
      prediction,
      lower,
      upper,
    })),
    drift: drift ?? null,
    database: events === null ? 'down' : 'up',
    events: withoutEchoes(events ?? []).map(({ at, kind, sentence }) => ({ at, kind, sentence })),
  };
}

/** A run's end repeats the sentence that decided it; once is enough for a reader. */
function withoutEchoes(events: readonly EventListing[]): EventListing[] {
  return events.filter(({ sentence }, i) => sentence !== events[i + 1]?.sentence);
}

function forecastPast(served: ServedSymbol): Promise<RangePrediction['predictions']> {
  let past = pastForecasts.get(served);
  if (past === undefined) {
    const { days } = served.series;
    const from = days[Math.max(served.model.predictor.spec.window, days.length - HISTORY_DAYS)] ?? days.at(-1)!;
    past = answerRange(served, { from, to: days.at(-1)!, horizon: 1, sequenceLength: undefined }).then(
      ({ predictions }) => predictions,
    );
    pastForecasts.set(served, past);
  }
  return past;
}
