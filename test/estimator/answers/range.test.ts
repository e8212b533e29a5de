import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays } from '../../../core/series/day.ts';
import { sliceSeries } from '../../../core/series/price.ts';
import { answerRange, type RangeQuestion } from '../../../estimator/answers/range.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const served = serveSeries(TEST_SERIES);

const range = (from: number, to: number, rest: Partial<RangeQuestion> = {}): RangeQuestion => ({
  from: days[from]!,
  to: days[to]!,
  horizon: 1,
  sequenceLength: undefined,
  ...rest,
});

for (const horizon of [1, 3, 8]) {
  test(`forecasts of the past, ${horizon} ahead, are those that were answered then: nothing that came later is read`, async () => {
    const { predictions } = await answerRange(served, range(340, 399, { horizon }));
    assert.equal(predictions.length, 61);
    for (const [i, { date, prediction, lower, upper, naive, actual }] of predictions.entries()) {
      const target = 340 + i;
      const then = serveSeries(sliceSeries(TEST_SERIES, 0, target - horizon + 1));
      const { answer } = answerSymbol(then, horizon);
      const last = answer.forecast.at(-1) ?? answer;
      assert.deepEqual(
        { date, prediction, lower, upper, naive, actual },
        {
          date: days[target] ?? addDays(days[399]!, 1),
          prediction: last.prediction,
          lower: last.lower,
          upper: last.upper,
          naive: closes[target - horizon],
          actual: closes[target] ?? null,
        },
      );
    }
  });
}

test('a range says how far ahead it looked and the last day it has seen', async () => {
  const past = await answerRange(served, range(300, 320, { horizon: 4 }));
  assert.equal(past.horizon, 4);
  assert.equal(past.predictions.at(-1)?.date, days[321]);
  assert.equal(past.asOf, days[317]);
  assert.equal((await answerRange(served, range(300, 399))).asOf, days[399]);
});

test('seq_length keeps so many days back, and the days of the horizon with them', async () => {
  for (const [sequenceLength, horizon, first] of [
    [20, 1, 320],
    [20, 5, 324],
    [31, 1, 331],
  ] as const) {
    const { predictions } = await answerRange(served, range(300, 330, { horizon, sequenceLength }));
    assert.equal(predictions[0]?.date, days[first]);
    assert.equal(predictions.at(-1)?.date, days[331]);
  }
  await assert.rejects(answerRange(served, range(300, 330, { sequenceLength: 32 })), {
    code: 'NO_SUCH_DAYS',
    message: 'CALM has 31 days from 2000-10-27 to 2000-11-26; a seq_length of 32 needs at least as many.',
  });
});

test('the first day that can be forecast is the first with a whole window before its horizon', async () => {
  for (const horizon of [1, 5]) {
    const earliest = 59 + horizon;
    const { predictions } = await answerRange(served, range(0, earliest + 1, { horizon }));
    assert.equal(predictions[0]?.date, days[earliest]);
    // The day after the range counts, so a range that ends a day before still has one forecast.
    const single = await answerRange(served, range(0, earliest - 1, { horizon }));
    assert.deepEqual(
      single.predictions.map(({ date }) => date),
      [days[earliest]],
    );
    await assert.rejects(answerRange(served, range(0, earliest - 2, { horizon })), {
      code: 'NO_SUCH_DAYS',
      message: `No day from ${days[0]} to ${days[earliest - 2]} has the 60 days before it that a forecast ${horizon} ahead needs; the first that has is ${days[earliest]}.`,
    });
  }
});

test('a range outside the stored days is refused with the days there are, whether before or after them', async () => {
  for (const [from, to] of [
    [addDays(days[0]!, -20), addDays(days[0]!, -1)],
    [addDays(days[399]!, 1), addDays(days[399]!, 20)],
  ] as const) {
    await assert.rejects(answerRange(served, { from, to, horizon: 1, sequenceLength: undefined }), {
      code: 'NO_SUCH_DAYS',
      message: `CALM has no days from ${from} to ${to}; its days run from 2000-01-01 to 2001-02-03.`,
    });
  }
});

test('a range ends early when its caller has gone, after a few forecasts and not all of them', async () => {
  let asked = 0;
  const { predictions } = await answerRange(served, range(300, 399), () => (asked += 1) > 2);
  assert.ok(predictions.length > 0 && predictions.length <= 10, `${predictions.length} forecasts`);
});
