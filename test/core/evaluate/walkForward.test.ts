import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cutFolds } from '../../../core/evaluate/folds.ts';
import { atHorizon } from '../../../core/cycle/heldOut.ts';
import { evaluationStart } from '../../../core/evaluate/start.ts';
import { walkForward, type Trainer, type WalkForwardOptions } from '../../../core/evaluate/walkForward.ts';
import { reportWalk } from '../../../core/evaluate/walkReport.ts';
import { train } from '../../../core/model/train.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import type { TrainingRequest } from '../../../core/model/training.ts';
import { ShepherdError } from '../../../core/errors.ts';
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

  it('refuse a start that leaves too little to train on', () => {
    assert.throws(() => cutFolds(1000, { from: 400, folds: 2, validationDays: 150, horizon: 5 }), ShepherdError);
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
    assert.ok(quality.crpsRatio > 0.9 && quality.crpsRatio < 1.1);
    assert.ok(classics['garch-t'] > 0.9 && classics['garch-t'] < 1.1);
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
});
