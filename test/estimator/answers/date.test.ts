import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDays, weekday } from '../../../core/series/day.ts';
import { sliceSeries, type Series } from '../../../core/series/price.ts';
import { answerDate } from '../../../estimator/answers/date.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const served = serveSeries(TEST_SERIES);

test('a past day is answered as it was the evening before, with the close that came', () => {
  for (const target of [60, 61, 200, 399]) {
    const { forecast: _, ...answer } = answerSymbol(serveSeries(sliceSeries(TEST_SERIES, 0, target)), 1).answer;
    assert.deepEqual(answerDate(served, days[target]!), {
      ...answer,
      day: days[target],
      actual: closes[target],
      ...(days[target]! <= served.model.trainedTo && { hindsight: true }),
    });
  }
});

test('a day ahead is answered as the last of so many days ahead, without a close', () => {
  const { answer } = answerSymbol(served, 60);
  const { forecast, ...first } = answer;
  for (const steps of [1, 2, 17, 60]) {
    const { day, prediction, lower, upper } = forecast[steps - 1]!;
    assert.deepEqual(answerDate(served, addDays(days[399]!, steps)), {
      ...first,
      prediction,
      lower,
      upper,
      day,
      actual: null,
    });
  }
});

test('days without a full window before them, or further ahead than is answered, are refused with the bound', () => {
  assert.throws(() => answerDate(served, days[59]!), {
    code: 'NO_SUCH_DAYS',
    message: 'CALM has 59 days before 2000-02-29; a forecast needs 60, so ask for a later day.',
  });
  assert.throws(() => answerDate(served, addDays(days[399]!, 61)), {
    code: 'NO_SUCH_DAYS',
    message:
      '2001-04-05 is more than 60 trading days after 2001-02-03, the last known day of CALM; the furthest that can be asked for is 2001-04-04.',
  });
});

test('a day without trading is answered with the first trading day after it, past or ahead', () => {
  const open = days.map((day, i) => ({ day, close: closes[i]! })).filter(({ day }) => ![0, 6].includes(weekday(day)));
  const weekdays: Series = {
    days: open.map(({ day }) => day),
    closes: Float64Array.from(open, ({ close }) => close),
  };
  const stock = serveSeries(weekdays);
  // 2000-12-16 and 2001-02-03 are Saturdays; the last stored day is Friday 2001-02-02.
  const past = answerDate(stock, addDays(weekdays.days[0]!, 348));
  assert.deepEqual([past.asOf, past.day, past.asked], ['2000-12-15', '2000-12-18', '2000-12-16']);
  assert.equal(past.actual, closes[days.indexOf(past.day as (typeof days)[number])]);
  const ahead = answerDate(stock, addDays(weekdays.days.at(-1)!, 1));
  assert.deepEqual([ahead.asOf, ahead.day, ahead.actual], ['2001-02-02', '2001-02-05', null]);
  assert.deepEqual(ahead, { ...answerDate(stock, addDays(weekdays.days.at(-1)!, 3)), asked: '2001-02-03' });
});
