import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { scoreClassic } from '../../../core/evaluate/classics.ts';
import { cutFolds } from '../../../core/evaluate/folds.ts';
import { atHorizon } from '../../../core/cycle/heldOut.ts';
import { evaluationStart } from '../../../core/evaluate/start.ts';
import { walkForward, type Trainer, type WalkForwardOptions } from '../../../core/evaluate/walkForward.ts';
import { reportWalk } from '../../../core/evaluate/walkReport.ts';
import { measureQuality } from '../../../core/forecast/quality.ts';
import { train } from '../../../core/model/training/train.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import type { TrainingRequest } from '../../../core/model/training/request.ts';
import { ShepherdError } from '../../../core/errors.ts';
import type { TradingDay } from '../../../core/series/day.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

const series = simulateSeries({ length: 900, seed: 51, volatility: (i) => (i % 120 < 60 ? 0.007 : 0.016) });
const spec = { ...DEFAULT_SPEC, units: [4], maxEpochs: 2 };
const trainer: Trainer = { train: (request) => Promise.resolve(train(request)) };
const options: WalkForwardOptions = { trainer, spec, seed: 3, from: 700, folds: 2, validationDays: 150 };

describe('folds', () => {
  it('cover every day once, each model ending the horizon before its days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 500, max: 900 }), fc.integer({ min: 1, max: 9 }), (from, folds) => {
        const cut = cutFolds(1000, { from, folds, validationDays: 150, horizon: 5 });
        assert.equal(cut[0]!.test.from, from);
        assert.equal(cut.at(-1)!.test.to, 1000);
        cut.forEach((fold, i) => {
          assert.equal(fold.known, fold.test.from - 5);
          assert.equal(fold.validation.to, fold.known);
          if (i > 0) assert.equal(fold.test.from, cut[i - 1]!.test.to);
        });
      }),
    );
  });

  it('validate on the last days known, and are as equal as days allow', () => {
    const cut = cutFolds(1001, { from: 700, folds: 4, validationDays: 150, horizon: 5 });
    for (const { validation, known } of cut) assert.deepEqual(validation, { from: known - 150, to: known });
    assert.deepEqual(
      cut.map(({ test }) => test.to - test.from),
      [75, 76, 75, 75],
    );
  });

  it('need a year to train on before validation and two gaps, and a day each', () => {
    const options = { folds: 2, validationDays: 150, horizon: 5 };
    assert.equal(cutFolds(412, { ...options, from: 410 }).length, 2);
    assert.throws(() => cutFolds(1000, { ...options, from: 409 }), {
      code: 'TOO_FEW_VALUES',
      message: 'A walk forward needs 410 days before the first forecast and 2 after; it has 409 and 591.',
    });
    assert.throws(() => cutFolds(411, { ...options, from: 410 }), { code: 'TOO_FEW_VALUES' });
  });
});

describe('walk forward', () => {
  it('judges every day from the start on, by a model that was given only days before', async () => {
    const given: TrainingRequest[] = [];
    const watching: Trainer = {
      train: (request) => {
        given.push(request);
        return trainer.train(request);
      },
    };
    const walked = await walkForward(series, { ...options, trainer: watching });
    const scores = atHorizon(
      walked.flatMap((fold) => fold.scores),
      1,
    );
    assert.deepEqual(
      scores.map((score) => score.day),
      series.days.slice(700),
    );
    assert.deepEqual(
      given.map(({ closes }) => closes.length),
      [695, 795],
    );
    const { quality, years, horizons, classics } = reportWalk(series, walked, 'log-return');
    assert.equal(quality.days, 200);
    assert.equal(
      years.reduce((sum, year) => sum + year.days, 0),
      200,
    );
    assert.equal(horizons.length, 5);
    assert.deepEqual(quality, measureQuality(scores));
    for (const { year, ...figures } of years) {
      assert.deepEqual(figures, measureQuality(scores.filter(({ day }) => day.startsWith(year))));
    }
    const all = walked.flatMap((fold) => fold.scores);
    assert.deepEqual(
      horizons,
      [1, 2, 3, 4, 5].map((days) => {
        const { crpsRatio, coverage } = measureQuality(atHorizon(all, days));
        return { days, crpsRatio, coverage };
      }),
    );
    for (const classic of ['garch-t', 'gjr-garch-t'] as const) {
      const losses = walked.flatMap(({ fold }) => scoreClassic(classic, series, fold, 'log-return'));
      const mean = losses.reduce((sum, loss) => sum + loss, 0) / 200;
      assert.ok(Math.abs(classics[classic] / (mean / quality.naiveCrps) - 1) < 1e-12);
    }
    assert.ok(classics['garch-t'] !== classics['gjr-garch-t']);
    const { first, last, trainings } = reportWalk(series, walked, 'log-return');
    assert.deepEqual([first, last], [series.days[700], series.days[899]]);
    assert.deepEqual(
      trainings.map(({ knownTo }) => knownTo),
      [series.days[694], series.days[794]],
    );
    assert.deepEqual(
      trainings.map(({ epochs, bestEpoch }) => [epochs, bestEpoch]),
      walked.map(({ epochs, bestEpoch }) => [epochs, bestEpoch]),
    );
    assert.ok(trainings.every(({ epochs, bestEpoch }) => epochs === 2 && bestEpoch <= 2));
  });

  it('gives earlier days the same scores whatever comes later', async () => {
    const altered = { ...series, closes: series.closes.map((close, i) => (i < 800 ? close : 2 * close)) };
    const before = async (data: typeof series) => (await walkForward(data, options))[0]!.scores;
    assert.deepEqual(await before(altered), await before(series));
  });

  it('is caught when a trainer hands back a model of later days', async () => {
    // The planted leak: a fold that claims to know the days it is held to.
    const leaking = { ...series, days: series.days.map((day, i) => (i === 694 ? series.days[720]! : day)) };
    await assert.rejects(
      () => walkForward(leaking, options),
      (error) => error instanceof ShepherdError && error.message.includes('is no test of it'),
    );
  });
});

describe('start of an evaluation', () => {
  it('is the new year nearest to 70 % of the days', () => {
    const long = simulateSeries({ length: 3653, seed: 1 });
    assert.equal(long.days[evaluationStart(long)], '2007-01-01');
    const short = simulateSeries({ length: 300, seed: 1 });
    assert.equal(evaluationStart(short), 210);
  });

  it('is the day at 70 % where no year begins within 250 days of it', () => {
    const days = (count: number, newYear: number) => ({
      days: Array.from({ length: count }, (_, i) => (i < newYear ? '2001-06-01' : '2002-06-01') as TradingDay),
      closes: new Float64Array(count),
    });
    assert.equal(evaluationStart(days(1000, 700 - 249)), 451);
    assert.equal(evaluationStart(days(1000, 700 - 250)), 700);
    assert.equal(evaluationStart(days(1000, 700 + 249)), 949);
    assert.equal(evaluationStart(days(1000, 700)), 700);
  });
});
