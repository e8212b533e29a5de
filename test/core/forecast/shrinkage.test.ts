import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PastForecast } from '../../../core/forecast/pastForecast.ts';
import { chooseShrinkage } from '../../../core/forecast/shrinkage.ts';
import { createRandom, normal } from '../../../core/random.ts';

const DAYS = 100;
/** Means of one size and alternating sign, and noise that has nothing to do with them: every sum is known by hand. */
const means = Array.from({ length: DAYS }, (_, i) => (i % 2 === 0 ? 0.01 : -0.01));
const noise = Array.from({ length: DAYS }, (_, i) => (i % 4 < 2 ? 0.02 : -0.02));

/** What came of it when `slope` of the mean is right, beside an anchor's mean that is no part of the question. */
function trials(slope: number, spread = 0.02): PastForecast[] {
  return means.map((mean, i) => ({
    actual: 0.003 + slope * mean + noise[i]!,
    forecast: { mean: 0.003, spread, dof: 5 },
  }));
}

/** James & Stein's factor, of twice the doubt: 1 - 4 / t^2 with t^2 = slope^2 sum(m^2) / (noise^2 h). */
const expected = (slope: number, h: number) =>
  slope * Math.max(0, 1 - (4 * 0.02 ** 2 * h) / (slope ** 2 * DAYS * 0.01 ** 2));

const near = (actual: number, wanted: number) => {
  assert.ok(Math.abs(actual - wanted) < 1e-12, `${actual} is not ${wanted}`);
};

describe('shrinkage of the network mean', () => {
  it('is the least-squares slope less what its own uncertainty takes, more for a longer horizon', () => {
    for (const h of [1, 2]) near(chooseShrinkage(trials(0.8), means, h), expected(0.8, h));
    assert.ok(expected(0.8, 2) < 0.96 * expected(0.8, 1), 'the two differ enough to be told apart');
  });

  it('believes at one day what five overlapping days do not support', () => {
    const slope = 0.8; // t^2 is 16 at one day, 3.2 at five
    near(chooseShrinkage(trials(slope), means, 1), 0.6);
    assert.equal(chooseShrinkage(trials(slope), means, 5), 0);
  });

  it('does not depend on how wide the forecasts are, as long as all are alike', () => {
    near(chooseShrinkage(trials(0.8, 0.5), means, 1), chooseShrinkage(trials(0.8), means, 1));
  });

  it('counts a day by the inverse square of its spread', () => {
    // The first half is right with slope 1 and certain, the second half says 0 with ten times the spread.
    const mixed = means.map((mean, i) => {
      const certain = i < DAYS / 2;
      return { actual: certain ? mean : 0, forecast: { mean: 0, spread: certain ? 0.01 : 0.1, dof: 5 } };
    });
    const slope = 1 / 1.01;
    const residual = ((1 - slope) ** 2 + slope ** 2 / 100) / 2; // in spreads: mean size / spread is 1 and .1
    near(chooseShrinkage(mixed, means, 1), slope * (1 - (4 * residual) / (slope ** 2 * (DAYS / 2) * 1.01)));
  });

  it('is never above 1 nor below 0, and 0 where the mean says nothing', () => {
    assert.equal(chooseShrinkage(trials(1.7), means, 1), 1);
    assert.equal(chooseShrinkage(trials(-0.8), means, 1), 0);
    assert.equal(
      chooseShrinkage(
        trials(0.8),
        means.map(() => 0),
        1,
      ),
      0,
    );
    assert.equal(chooseShrinkage([], [], 1), 0);
  });

  it('lets one worthless mean in forty through', () => {
    let believed = 0;
    for (let seed = 1; seed <= 400; seed += 1) {
      const random = createRandom(seed);
      const luck = means.map(() => ({
        actual: 0.02 * normal(random),
        forecast: { mean: 0, spread: 0.02, dof: 5 },
      }));
      if (chooseShrinkage(luck, means, 1) > 0) believed += 1;
    }
    // t > 2 by chance: 2.3 %, standard error .75 % over 400.
    assert.ok(Math.abs(believed / 400 - 0.023) < 3 * 0.0075, `${believed} of 400`);
  });
});
