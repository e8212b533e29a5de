import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerDate } from '../../../estimator/answers/date.ts';
import { answerRange } from '../../../estimator/answers/range.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days } = TEST_SERIES;
const served = serveSeries(TEST_SERIES);
const { trainedTo } = served.model;
const last = days.indexOf(trainedTo);

test('a day that the model was trained on is marked as hindsight, and no later one', () => {
  for (const [target, expected] of [
    [last - 1, true],
    [last, true],
    [last + 1, undefined],
    [399, undefined],
  ] as const) {
    assert.equal(answerDate(served, days[target]!).hindsight, expected, days[target]);
  }
  assert.equal('hindsight' in answerDate(served, days[last + 1]!), false, 'absent, not false');
  assert.equal('hindsight' in answerSymbol(served, 5).answer, false);
});

for (const horizon of [1, 5]) {
  test(`a forecast ${horizon} ahead in a range is hindsight while the days it spans begin among those trained on`, async () => {
    const { predictions } = await answerRange(served, {
      from: days[last - 9]!,
      to: days[last + 9]!,
      horizon,
      sequenceLength: undefined,
    });
    assert.equal(predictions.length, 20);
    for (const { date, hindsight } of predictions) {
      const asOf = days[(days as readonly string[]).indexOf(date) - horizon]!;
      assert.equal(hindsight, asOf < trainedTo ? true : undefined, `${date}, from ${asOf}`);
    }
  });
}
