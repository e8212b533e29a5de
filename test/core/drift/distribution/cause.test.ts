import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nameCause, weighEvidence } from '../../../../core/drift/distribution/cause.ts';
import { fitQuietModel } from '../../../../core/drift/distribution/quietModel.ts';
import type { DriftEvidence } from '../../../../core/drift/distribution/report.ts';
import { createRandom, normal } from '../../../../core/random.ts';
import { asChanges } from '../../../../core/series/transform.ts';
import { ksStatistic, toSorted } from '../../../../core/stats/ks.ts';
import { momentsOf } from '../../../../core/stats/moments.ts';
import { studentTCdf } from '../../../../core/stats/studentT.ts';

const random = createRandom(21);
const draw = (count: number, mean = 0, deviation = 1) =>
  asChanges(Float64Array.from({ length: count }, () => mean + deviation * normal(random)));
const reference = draw(1000, 0.1);
const model = fitQuietModel(reference);
const current = draw(60, 0.32, 1.17);
const evidence = weighEvidence(model, reference, current, 5);

/** Simulated shares are of 400 windows in 40 histories, which share their reference: error of some 40 % more than independent. */
const nearShare = (actual: number, expected: number) => {
  const error = 1.4 * Math.sqrt((expected * (1 - expected)) / 400);
  assert.ok(Math.abs(actual - expected) < 4 * error, `${actual} is not ${expected}`);
};

describe('evidence', () => {
  const before = momentsOf(reference);
  const now = momentsOf(current);

  test('measures the shift in deviations of the reference, and the ratio of the deviations', () => {
    assert.ok(Math.abs(evidence.meanShift - (now.mean - before.mean) / before.deviation) < 1e-12);
    assert.ok(Math.abs(evidence.volatilityRatio - now.deviation / before.deviation) < 1e-12);
  });

  test('measures shape once mean and deviation are taken out', () => {
    const standardised = (values: Float64Array) => {
      const { mean, deviation } = momentsOf(values);
      return toSorted(values.map((value) => (value - mean) / deviation));
    };
    assert.equal(evidence.shapeDistance, ksStatistic(standardised(reference), standardised(current)));
    const moved = asChanges(current.map((value) => 3 + 7 * value));
    const same = weighEvidence(model, reference, moved, 5);
    assert.ok(Math.abs(same.shapeDistance - evidence.shapeDistance) < 1e-12);
  });

  test("on independent days gives the mean Welch's p-value, by the window's own deviation", () => {
    const error = Math.sqrt(now.deviation ** 2 / 60 + before.deviation ** 2 / 1000);
    nearShare(evidence.meanP, 2 * studentTCdf(-Math.abs(now.mean - before.mean) / error, 63));
    const wild = weighEvidence(model, reference, asChanges(current.map((value) => 0.1 + 5 * (value - 0.1))), 5);
    const shifted = momentsOf(current.map((value) => 0.1 + 5 * (value - 0.1)));
    const wildError = Math.sqrt(shifted.deviation ** 2 / 60 + before.deviation ** 2 / 1000);
    nearShare(wild.meanP, 2 * studentTCdf(-Math.abs(shifted.mean - before.mean) / wildError, 60));
  });

  test('gives volatility the share of windows as far from 1, as a factor, in either direction', () => {
    const draws = createRandom(22);
    const ratios = Array.from({ length: 3000 }, () => {
      const window = Float64Array.from({ length: 60 }, () => normal(draws));
      const base = Float64Array.from({ length: 300 }, () => normal(draws));
      // 300 values stand in for 1,000: the window's own error is what counts.
      return Math.abs(Math.log(momentsOf(window).deviation / momentsOf(base).deviation));
    });
    const wider = Math.abs(Math.log(evidence.volatilityRatio));
    nearShare(evidence.volatilityP, ratios.filter((ratio) => ratio >= wider).length / 3000);
    const narrow = asChanges(current.map((value) => value / evidence.volatilityRatio ** 2));
    const narrowed = weighEvidence(model, reference, narrow, 5);
    assert.ok(Math.abs(narrowed.volatilityRatio * evidence.volatilityRatio - 1) < 1e-12);
    assert.equal(narrowed.volatilityP, evidence.volatilityP);
  });

  test('finds what nothing simulated reaches at 1 in 401, and what everything reaches at 1', () => {
    const far = asChanges(draw(60).map((value) => (value > 0 ? 30 : 29.9)));
    const { meanP, volatilityP, shapeP } = weighEvidence(model, reference, far, 5);
    assert.deepEqual([meanP, volatilityP, shapeP], [1 / 401, 1 / 401, 1 / 401]);
    const exact = asChanges(Float64Array.from({ length: 60 }, (_, k) => reference[k]!));
    const { mean, deviation } = momentsOf(exact);
    const fitting = asChanges(exact.map((value) => before.mean + ((value - mean) / deviation) * before.deviation));
    const usual = weighEvidence(model, reference, fitting, 5);
    assert.ok(usual.meanP > 0.999 && usual.volatilityP > 0.999);
  });

  test('counts the days without change on both sides', () => {
    const still = asChanges(current.map((value, k) => (k % 4 === 0 ? 0 : value)));
    const partly = asChanges(reference.with(0, 0).with(10, 0));
    const weighed = weighEvidence(model, partly, still, 5);
    assert.deepEqual([weighed.unchangedShare, weighed.unchangedShareReference], [0.25, 0.002]);
  });

  test('is the same for the same seed', () => {
    assert.deepEqual(weighEvidence(model, reference, current, 5), evidence);
    assert.notDeepEqual(weighEvidence(model, reference, current, 6), evidence);
  });
});

describe('the cause', () => {
  const quiet: DriftEvidence = {
    meanShift: 0,
    meanP: 0.5,
    volatilityRatio: 1,
    volatilityP: 0.5,
    shapeDistance: 0.1,
    shapeP: 0.5,
    unchangedShare: 0,
    unchangedShareReference: 0,
  };
  const causeOf = (change: Partial<DriftEvidence>) => nameCause({ ...quiet, ...change });

  test('is the rarest side, volatility before mean before shape where they are equally rare', () => {
    assert.equal(causeOf({ meanP: 0.01, volatilityP: 0.02, shapeP: 0.03 }), 'mean');
    assert.equal(causeOf({ meanP: 0.02, volatilityP: 0.01, shapeP: 0.03 }), 'volatility');
    assert.equal(causeOf({ meanP: 0.03, volatilityP: 0.02, shapeP: 0.01 }), 'shape');
    assert.equal(causeOf({}), 'volatility');
    assert.equal(causeOf({ volatilityP: 0.6 }), 'mean');
  });

  test('is the feed where it repeats itself, more than three times as often as it used to', () => {
    assert.equal(causeOf({ unchangedShare: 0.2 }), 'feed');
    assert.equal(causeOf({ unchangedShare: 0.19 }), 'volatility');
    assert.equal(causeOf({ unchangedShare: 0.3, unchangedShareReference: 0.099 }), 'feed');
    assert.equal(causeOf({ unchangedShare: 0.75, unchangedShareReference: 0.25 }), 'volatility');
  });
});
