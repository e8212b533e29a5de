import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fitScale } from '../../../../core/forecast/scale/fitScale.ts';
import { createRandom, normal } from '../../../../core/random.ts';

/** Student-t draws of unit variance whose log standard deviation is .2 + .7 x. */
function sample(length: number, dof: number) {
  const random = createRandom(3);
  const xs = Float64Array.from({ length }, () => normal(random));
  const targets = xs.map((x) => {
    const square = Array.from({ length: dof }, () => normal(random) ** 2).reduce((sum, each) => sum + each, 0);
    const t = normal(random) / Math.sqrt(square / dof);
    return Math.exp(0.2 + 0.7 * x) * t * Math.sqrt((dof - 2) / dof);
  });
  const rows = new Float64Array(2 * length);
  xs.forEach((x, i) => {
    rows[2 * i] = 1;
    rows[2 * i + 1] = x;
  });
  return { rows, targets, offsets: new Float64Array(length), weights: new Float64Array(length).fill(1) };
}

const nothing = { coefficients: [0, 0], location: 0, dof: 5 };

describe('fit of a log-linear scale', () => {
  it('finds scale, slope and tail that the targets were drawn with', () => {
    const { coefficients, location, dof } = fitScale(sample(20_000, 6), { prior: nothing, days: 1 });
    assert.ok(Math.abs(coefficients[0]! - 0.2) < 0.03, `${coefficients[0]}`);
    assert.ok(Math.abs(coefficients[1]! - 0.7) < 0.02, `${coefficients[1]}`);
    assert.ok(Math.abs(location) < 0.02, `${location}`);
    assert.ok(Math.abs(dof - 6) < 0.8, `${dof}`);
  });

  it('is the prior without a target, and nearer to it the more days the prior counts', () => {
    const none = {
      rows: new Float64Array(),
      targets: new Float64Array(),
      offsets: new Float64Array(),
      weights: new Float64Array(),
    };
    assert.deepEqual(fitScale(none, { prior: nothing, days: 100 }), nothing);
    const slopes = [1, 300, 3000, 1e6].map(
      (days) => fitScale(sample(300, 6), { prior: nothing, days }).coefficients[1]!,
    );
    for (let k = 1; k < slopes.length; k += 1) assert.ok(slopes[k]! < slopes[k - 1]!, slopes.join());
    assert.ok(slopes.at(-1)! < 0.01);
  });

  it('counts a row by its weight', () => {
    const given = sample(4000, 6);
    const twice = { ...given, targets: given.targets.map((y, i) => (i < 2000 ? y : 2 * y)) };
    const weights = twice.weights.map((_, i) => (i < 2000 ? 1 : 1e-6));
    const [whole] = fitScale({ ...twice, weights }, { prior: nothing, days: 1 }).coefficients;
    assert.ok(Math.abs(whole! - 0.2) < 0.1, `${whole}`);
    assert.ok(fitScale(twice, { prior: nothing, days: 1 }).coefficients[0]! > 0.45);
  });

  it('takes an offset as known scale', () => {
    const given = sample(5000, 6);
    const shifted = { ...given, offsets: given.offsets.map(() => 0.5) };
    const belief = { prior: nothing, days: 1e-3 };
    const [plain, moved] = [given, shifted].map((each) => fitScale(each, belief).coefficients);
    assert.ok(Math.abs(plain![0]! - moved![0]! - 0.5) < 1e-3);
    assert.ok(Math.abs(plain![1]! - moved![1]!) < 1e-3);
  });

  it('keeps its head over one target a thousand volatilities out', () => {
    const given = sample(2000, 6);
    const targets = given.targets.slice();
    targets[7] = 1000;
    const [calm, struck] = [given.targets, targets].map(
      (each) => fitScale({ ...given, targets: each }, { prior: nothing, days: 1 }).coefficients,
    );
    assert.ok(Math.abs(calm![0]! - struck![0]!) < 0.05);
  });
});
