import type { TradingDay } from '../../../../core/series/day.ts';
import type { ModelVersion } from '../../../../core/model/version.ts';
import { mean } from './arithmetic.ts';
import type { BookedCheck, Books, SymbolBooks } from './books.ts';
import type { RunEntry } from './diary.ts';
import type { InService } from './service.ts';

/** Changes in the current window, and at most in the reference. */
const [WINDOW, REFERENCE] = [60, 1000];

/** The check of a run: which changes and which losses it must have compared. */
export function bookCheck(books: Books, its: SymbolBooks, entry: RunEntry, champion: InService): BookedCheck {
  const { prices } = its;
  const { days, closes } = prices;
  const changes = days.slice(1).map((day, i) => ({ day, change: Math.log(closes[i + 1]! / closes[i]!) }));
  const upTo = changes.filter(({ day }) => day <= champion.referenceTo).map(({ change }) => change);
  const after = changes.filter(({ day }) => day > champion.referenceTo).map(({ change }) => change);
  const { trainedTo } = books.record.models.find(({ version }) => version === champion.version)!;
  const unseen = days.filter((day) => day > trainedTo);
  // Up to its promotion it is held to every day; since then to those for which it had forecast the close.
  const given = new Set(
    its.forecasts.booked.flatMap(({ version, horizon, score }) =>
      version === champion.version && horizon === 1 && score?.inService === true ? [score.day] : [],
    ),
  );
  const answeredFor = unseen.filter((day) => day <= champion.promotedOn || given.has(day));
  const liveDays = answeredFor.filter((day) => day > champion.validatedTo);
  const check: BookedCheck = {
    entry,
    row: books.record.checks.find(({ runId }) => runId === entry.runId),
    day: days.at(-1)!,
    reference: upTo.slice(-REFERENCE),
    current: after.slice(-WINDOW),
    heldOutDays: answeredFor.filter((day) => day <= champion.validatedTo),
    liveDays,
    naiveRatio: naiveRatio(its, champion.version, liveDays),
  };
  books.checks.push(check);
  its.lastCheck = check;
  return check;
}

/**
 * The champion's mean CRPS over naive's on its live days, each in units of the volatility known the day before, by the forecasts
 * it gave at the time; null where it did not give one for each of them, or a past close has changed since.
 */
function naiveRatio(
  { prices, forecasts }: SymbolBooks,
  version: ModelVersion,
  liveDays: readonly TradingDay[],
): number | null {
  const given = new Map(
    forecasts.booked.flatMap((each) =>
      each.version === version && each.horizon === 1 && each.score !== undefined ? [[each.score.day, each]] : [],
    ),
  );
  const lived = liveDays.map((day) => given.get(day));
  const first = lived[0];
  if (first === undefined || prices.disturbedOn >= first.asOf) return null;
  const losses = lived.flatMap((each) =>
    each?.score === undefined
      ? []
      : [{ own: each.score.crps / each.naiveSpread, naive: each.score.naiveCrps / each.naiveSpread }],
  );
  if (losses.length < lived.length) return null;
  return mean(losses.map(({ own }) => own)) / mean(losses.map(({ naive }) => naive));
}
