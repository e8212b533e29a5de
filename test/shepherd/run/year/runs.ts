import type { ShepherdError } from '../../../../core/errors.ts';
import type { ModelVersion } from '../../../../core/model/version.ts';
import { addDays, type TradingDay } from '../../../../core/series/day.ts';
import type { BookedRun, Books, SymbolBooks } from './books.ts';
import { bookCheck } from './checks.ts';
import { bookDecision } from './decisions.ts';
import type { RunEntry } from './diary.ts';
import { evidenceAfter, winnerOf } from './gates.ts';
import { closedOn, eveningsBetween } from './market.ts';

/** Days that the gate holds out, that validate, and at least train; and those in each gap between them (the horizon). */
export const SPLIT = { heldOut: 60, validation: 250, least: 250, gap: 2 };
/** Days that the reference stays behind the newest one, so that the next check has a full window. */
const BEHIND = 60;

type End = Pick<BookedRun, 'state' | 'outcome' | 'reason'>;

/** One run from its pull to its end. */
export function bookRun(books: Books, its: SymbolBooks, entry: RunEntry): End {
  const { symbol, runId } = entry;
  const tell = (kind: string, payload = {}): void => {
    books.events.add(symbol, runId, kind, payload);
  };
  const finish = (outcome: string, reason: string): End => {
    tell('run:finished', { outcome, reason });
    return { state: 'done', outcome, reason };
  };
  pull(its, entry, tell);
  const { prices, forecasts, service } = its;
  const day = prices.days.at(-1)!;
  const live = (): void => {
    const { champion } = service;
    if (champion === null) return;
    const { scored } = forecasts.live(champion.version, champion.promotedOn);
    if (scored > 0) tell('forecast:scored', { scored, quality: forecasts.quality() });
  };
  live();
  scoreTold(its);

  const { champion } = service;
  const check = champion === null ? undefined : bookCheck(books, its, entry, champion);
  if (check !== undefined) tell('drift:checked', { day });
  const forced = entry.forced !== null;
  const validatedTo = champion?.validatedTo ?? null;
  const decided = bookDecision(prices, books.rules, {
    validatedTo,
    gates: its.gates,
    alarms: its.alarms,
    check: check?.row,
    forced,
  });
  books.decisions.push({ entry, day, decided });
  tell('retrain:decided', { day, kind: decided.kind, reason: decided.reason });
  if (decided.kind === 'keep') return finish('kept', decided.reason);
  if (decided.kind === 'undetermined') return finish('undetermined', decided.reason);

  const needed = SPLIT.least + SPLIT.validation + SPLIT.heldOut + 2 * SPLIT.gap;
  if (prices.days.length < needed) {
    tell('run:failed', { reason: 'TOO_FEW_VALUES', attempts: 1 });
    return { state: 'failed', outcome: 'failed', reason: 'TOO_FEW_VALUES' };
  }
  const arms = books.record.models.filter((model) => model.runId === runId);
  for (const arm of champion === null ? ['from-scratch'] : ['fine-tuned', 'from-scratch'])
    tell('training:finished', { arm });
  const row = books.record.decisions.find((each) => each.runId === runId && each.stage === 'gate');
  const winner = winnerOf(row, champion, entry.level);
  const { days, closes } = prices;
  books.gates.push({ entry, row, day, champion, arms, prices: { days, closes }, winner: winner?.name ?? null });
  its.gates.push(day);
  if (decided.reason === 'drifted' || decided.reason === 'decayed') its.alarms.push(day);
  tell('gate:judged', { day, verdict: winner === undefined ? 'keep' : 'promote' });

  const referenceTo = champion !== null && decided.reason === 'drifted' ? day : days.at(-1 - BEHIND)!;
  const version = arms.find(({ arm }) => arm === winner?.name)?.version ?? champion?.version ?? (0 as ModelVersion);
  if (winner === undefined) {
    const names = arms.map(({ arm }) => arm);
    service.revalidate(day, referenceTo, evidenceAfter(champion!, names, days.slice(-SPLIT.heldOut)), entry);
    tell('champion:revalidated', { day, version });
  } else {
    const band = books.record.promotions.find((each) => each.runId === runId)?.band ?? forecasts.band!;
    const next = { version, promotedOn: day, validatedTo: day, referenceTo, band };
    const previous = champion?.version ?? null;
    service.promote(next, champion === null ? 'first' : 'gate', runId, entry);
    forecasts.band = band;
    tell('champion:promoted', { day, version, previous, arm: winner.name, asked: decided.reason });
  }
  live();
  return finish(winner === undefined ? 'revalidated' : 'promoted', decided.reason);
}

function pull({ prices }: SymbolBooks, entry: RunEntry, tell: (kind: string, payload: object) => void): void {
  const { inserted, revised, faults, released } = prices.receive(entry);
  const lastDay = prices.days.at(-1)!;
  if (released !== undefined) tell('feed:released', { kind: 'split-unadjusted', day: released });
  if (entry.offer.answers) {
    tell('prices:pulled', { inserted, revised, lastDay, lastClose: prices.closeOf(lastDay) });
    if (revised > 0) tell('prices:revised', { days: revised });
    if (faults > 0) tell('feed:fault', { count: faults });
  } else tell('feed:unavailable', { code: 'FEED_UNAVAILABLE' satisfies ShepherdError['code'] });
  const missed = missedDays(lastDay, entry.today);
  if (missed > 0) tell('feed:silent', { lastDay, missed, today: entry.today });
}

/** Days on which the exchange was open after `last` and before `today`. */
function missedDays(last: TradingDay, today: TradingDay): number {
  return eveningsBetween(addDays(last, 1), addDays(today, -1)).filter((day) => !closedOn(day)).length;
}

/** Callers' answers meet the close of the day they were about, once it has come. */
function scoreTold({ told, prices }: SymbolBooks): void {
  for (const [i, each] of told.entries()) {
    const { asOf, horizon } = each.answer;
    const day = asOf === null || each.day !== null ? undefined : prices.dayAfter(asOf, horizon);
    if (day !== undefined) told[i] = { ...each, day, actual: prices.closeOf(day) };
  }
}
