import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recentQuality } from '../../../core/forecast/quality.ts';
import { measureUncertainty } from '../../../core/forecast/uncertainty.ts';
import { answerBatch } from '../../../estimator/answers/batch.ts';
import { answerDate } from '../../../estimator/answers/date.ts';
import { qualityFields } from '../../../estimator/answers/quality.ts';
import { answerRange } from '../../../estimator/answers/range.ts';
import { answerSymbol } from '../../../estimator/answers/symbol.ts';
import { answerWindow } from '../../../estimator/answers/window.ts';
import { scoresTo } from '../../../lab/scores.ts';
import { serveSeries } from '../helpers/servedSeries.ts';
import { TEST_SERIES } from '../helpers/testApp.ts';

const { days, closes } = TEST_SERIES;
const RECORDS = {
  'is worse than naive': { scores: scoresTo(days[399]!, 43, { error: 1, naiveError: -0.5 }), better: false },
  'is better than naive': { scores: scoresTo(days[399]!, 90, { error: 0.5, naiveError: 1 }), better: true },
  'has too few scored days to tell': {
    scores: scoresTo(days[399]!, 19, { error: 1, naiveError: -0.5 }),
    better: null,
  },
  'has no scored day yet': { scores: [], better: null },
};
const model = { symbol: 'CALM', version: 7, trainedTo: '2000-06-01' };

/** The fields of an answer that speak of the model. */
const saidOf = (answer: object): object =>
  Object.fromEntries(
    Object.entries(answer).filter(([name]) =>
      [
        'level',
        'skill',
        'skillInterval',
        'coverage',
        'coverageInterval',
        'betterThanNaive',
        'warning',
        'model',
      ].includes(name),
    ),
  );

for (const [record, { scores, better }] of Object.entries(RECORDS)) {
  test(`a model that ${record} says so whenever its own series is asked for, and warns only of a record that is bad`, async () => {
    const served = serveSeries(TEST_SERIES, { scores });
    const quality = recentQuality(scores);
    const uncertainty = measureUncertainty(scores.slice(-60));
    assert.equal(quality?.betterThanNaive ?? null, better);
    const expected = {
      level: 0.9,
      skill: quality?.skill ?? null,
      skillInterval: uncertainty?.skill ?? null,
      coverage: quality?.coverage ?? null,
      coverageInterval: uncertainty?.coverage ?? null,
      betterThanNaive: better,
      ...(better === false && {
        warning:
          'Over the last 43 scored days this model was worse than "tomorrow is as today" (the value in "naive").',
      }),
      model,
    };
    assert.deepEqual(qualityFields(served), expected);
    const range = { from: days[300]!, to: days[301]!, horizon: 1, sequenceLength: undefined };
    for (const answer of [
      answerSymbol(served, 1).answer,
      answerDate(served, days[300]!),
      await answerRange(served, range),
    ]) {
      assert.deepEqual(saidOf(answer), expected);
    }
  });

  test(`of values of a caller's own nothing is known, though the model ${record} on its own series`, async () => {
    const served = serveSeries(TEST_SERIES, { scores });
    const expected = {
      level: 0.9,
      skill: null,
      skillInterval: null,
      coverage: null,
      coverageInterval: null,
      betterThanNaive: null,
      model,
    };
    for (const answer of [
      answerWindow(served, { closes, horizon: 2, asOf: null }),
      answerWindow(served, { closes, horizon: 1, asOf: days[399]! }),
      await answerBatch(served, [closes], 1),
    ]) {
      assert.deepEqual(saidOf(answer), expected);
    }
  });
}
