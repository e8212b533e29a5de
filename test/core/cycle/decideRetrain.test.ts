import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideRetrain, tradingDaysSince, type RetrainQuestion } from '../../../core/cycle/decideRetrain.ts';
import { addDays } from '../../../core/series/day.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

/** Five days of each week. */
const days = simulateSeries({ length: 280, seed: 1 }).days.filter((_, i) => i % 7 < 5);
const ago = (count: number) => days.at(-1 - count)!;
const settings = { staleAfterDays: 60, cooldownDays: 20, budgetRetrains: 2, budgetDays: 100 };
const ask = (question: Partial<RetrainQuestion>) =>
  decideRetrain({
    days,
    tenure: { validatedTo: ago(61) },
    drift: null,
    loss: null,
    manual: null,
    retrainDays: [],
    alarmDays: [],
    settings,
    ...question,
  });

test('days are counted on the series, from a day that need not be one of them', () => {
  assert.equal(tradingDaysSince(days, days.at(-1)!), 0);
  assert.equal(tradingDaysSince(days, days[0]!), 199);
  assert.equal(tradingDaysSince(days, addDays(days[0]!, -1)), 200);
  assert.equal(tradingDaysSince(days, addDays(days.at(-1)!, 5)), 0);
  const friday = days.find((day, i) => i > 100 && addDays(day, 3) === days[i + 1])!;
  const since = tradingDaysSince(days, friday);
  assert.equal(tradingDaysSince(days, addDays(friday, 2)), since, 'a Sunday is as far back as the Friday before it');
});

test('the age of a champion is that of its last judgement; without one, a model is trained', () => {
  assert.deepEqual([ask({}).reason, ask({}).numbers.daysSinceValidation], ['stale', 61]);
  assert.equal(ask({ tenure: { validatedTo: ago(60) } }).reason, 'fresh');
  const first = ask({ tenure: null });
  assert.deepEqual([first.kind, first.numbers.daysSinceValidation], ['train', null]);
});

test('the cooldown counts from the newest retrain, and the budget those of its last days', () => {
  const { numbers } = ask({ retrainDays: [ago(150), ago(100), ago(99), ago(25)] });
  assert.deepEqual([numbers.daysSinceRetrain, numbers.recentRetrains], [25, 2], 'the day a budget ago counts no more');
  assert.equal(ask({ retrainDays: [ago(150), ago(19)] }).reason, 'cooling-down');
  assert.equal(ask({ retrainDays: [ago(150), ago(20)] }).reason, 'stale');
  assert.equal(ask({ retrainDays: [ago(99), ago(20)] }).reason, 'budget-spent');
  assert.equal(ask({ retrainDays: [ago(100), ago(20)] }).reason, 'stale');
  assert.deepEqual(ask({}).numbers.daysSinceRetrain, null);
});

test('what the checks found and a person asked is handed on', () => {
  const tenure = { validatedTo: ago(0) };
  const drift = { verdict: 'drifted', cause: 'mean', calibratedP: 0.01, threshold: 0.05 } as const;
  assert.equal(ask({ tenure, drift }).reason, 'drifted');
  assert.equal(ask({ tenure, loss: { verdict: 'decayed', ratio: 2 } }).reason, 'decayed');
  assert.equal(ask({ tenure, manual: 'to see' }).reason, 'manual');
});
