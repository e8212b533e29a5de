import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { PastForecast } from '../../../core/forecast/pastForecast.ts';
import { chooseSpreadFactor } from '../../../core/forecast/spreadFactor.ts';
import { crpsStudentT } from '../../../core/metrics/crps.ts';
import { createRandom, normal } from '../../../core/random.ts';

/** Outcomes that are `factor` times as wide as forecast, calm and wild days mixed, each with a mean of its own. */
function trials(factor: number, count: number, seed = 3): PastForecast[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => {
    const spread = i % 2 === 0 ? 0.001 : 0.05;
    const mean = 0.02 * Math.sin(i);
    return { actual: mean + factor * spread * normal(random), forecast: { mean, spread, dof: Infinity } };
  });
}

/** The best of all factors by the definition: least mean CRPS in units of the forecast's spread. */
function bestFactor(all: readonly PastForecast[]): number {
  let best = { factor: 0, loss: Infinity };
  for (let factor = 0.6; factor <= 1.6; factor += 0.001) {
    const loss = all.reduce(
      (sum, { actual, forecast: { mean, spread, dof } }) =>
        sum + crpsStudentT(mean, factor * spread, dof, actual) / spread,
      0,
    );
    if (loss < best.loss) best = { factor, loss };
  }
  return best.factor;
}

describe('factor on the spread', () => {
  it('is the one of least CRPS, drawn half way to 1 by 250 days of prior, on the log scale', () => {
    for (const [factor, days] of [
      [1.3, 250],
      [0.75, 250],
      [1.2, 1000],
      [1, 500],
    ] as const) {
      const all = trials(factor, days);
      const share = days / (days + 250);
      // Factors are tried 2.5 % apart.
      const off = Math.log(chooseSpreadFactor(all)) - share * Math.log(bestFactor(all));
      assert.ok(Math.abs(off) < share * 0.0125 + 0.001, `${factor} over ${days} days: off by ${off}`);
    }
  });

  it('looks no further than from 0.6 to 1.6', () => {
    const drawn = (factor: number) => chooseSpreadFactor(trials(factor, 250)) ** 2;
    assert.ok(Math.abs(drawn(9) - 1.6) < 1e-12);
    assert.ok(Math.abs(drawn(0.01) - 0.6) < 1e-12);
  });

  it('respects the tail that is forecast', () => {
    const random = createRandom(4);
    // Student-t draws of 4 degrees: forecast as such they need no factor, forecast as normal a wider one.
    const draw = () => {
      let squares = 0;
      for (let k = 0; k < 4; k += 1) squares += normal(random) ** 2;
      return normal(random) / Math.sqrt(squares / 4);
    };
    const actuals = Array.from({ length: 1500 }, draw);
    const factor = (dof: number) =>
      chooseSpreadFactor(actuals.map((actual) => ({ actual, forecast: { mean: 0, spread: 1, dof } })));
    assert.ok(Math.abs(factor(4) - 1) < 0.04);
    assert.ok(factor(Infinity) > 1.08);
  });

  it('of no days is 1', () => {
    assert.equal(chooseSpreadFactor([]), 1);
  });
});
