import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerBatch } from '../../../estimator/answers/batch.ts';
import { answerDate } from '../../../estimator/answers/date.ts';
import { answerRange } from '../../../estimator/answers/range.ts';
import { standingFields } from '../../../estimator/answers/standing.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { answerWindow } from '../../../estimator/answers/window.ts';
import type { Standing } from '../../../estimator/serving/servedSymbol.ts';
import { NOTHING_SCORED, serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const STANDINGS: Readonly<Record<string, Standing>> = {
  'is worse than naive': { days: 43, skill: -0.02, coverage: 0.88, betterThanNaive: false },
  'is better than naive': { days: 60, skill: 0.03, coverage: 0.91, betterThanNaive: true },
  'has no scored day yet': NOTHING_SCORED,
};

for (const [record, standing] of Object.entries(STANDINGS)) {
  test(`a model that ${record} says so in every form, and warns only of a record that is bad`, async () => {
    const served = serveSeries(TEST_SERIES, { standing });
    const expected = {
      level: 0.9,
      skill: standing.skill,
      coverage: standing.coverage,
      betterThanNaive: standing.betterThanNaive,
      ...(standing.betterThanNaive === false && {
        warning:
          'Over the last 43 scored days this model was not better than "tomorrow is as today" (the value in "naive").',
      }),
      model: { symbol: 'CALM', version: 7, trainedTo: '2000-06-01' },
    };
    assert.deepEqual(standingFields(served), expected);
    const range = { from: days[300]!, to: days[301]!, horizon: 1, sequenceLength: undefined };
    for (const answer of [
      answerSymbol(served, 1).answer,
      answerWindow(served, { closes, horizon: 2, asOf: null }),
      answerDate(served, days[300]!),
      await answerRange(served, range),
      await answerBatch(served, [closes], 1),
    ]) {
      const said = Object.fromEntries(
        Object.entries(answer).filter(([name]) => name in expected || name === 'warning'),
      );
      assert.deepEqual(said, expected);
    }
  });
}
