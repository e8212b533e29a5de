import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { createRandom, normal } from '../../../core/random.ts';
import {
  filterVariance,
  fitGarch,
  logLikelihood,
  persistence,
  unconditionalVariance,
  type GarchSpec,
} from '../../../core/stats/garch.ts';

interface Fixture {
  /** Daily returns of the Deutschmark against the pound in per cent, Bollerslev & Ghysels (1996). */
  dmgbp: number[];
  simulated: number[];
  fits: {
    mean: 'Zero' | 'Constant' | 'AR';
    asymmetric: boolean;
    distribution: 'normal' | 't';
    parameters: Record<string, number>;
    errors: Record<string, number>;
  }[];
}
const fixture = JSON.parse(readFileSync('test/fixtures/stats/garch.json', 'utf8')) as Fixture; // written by garch.py beside it
const SYMMETRIC: GarchSpec = { distribution: 'normal', asymmetric: false, meanModel: 'constant' };

test('the published benchmark of DM/GBP returns (Fiorentini, Calzolari & Panattoni 1996) is met to five digits', () => {
  const { parameters } = fitGarch(fixture.dmgbp, SYMMETRIC);
  const published = { constant: -0.00619041, omega: 0.0107613, alpha: 0.153134, beta: 0.805974 };
  for (const [name, value] of Object.entries(published) as [keyof typeof published, number][]) {
    assert.ok(Math.abs(parameters[name] / value - 1) < 2e-5, `${name} is ${parameters[name]}, published ${value}`);
  }
});

describe('fits of the arch package, within a tenth of a standard error', () => {
  const means = { Zero: 'zero', Constant: 'constant', AR: 'ar1' } as const;
  for (const { mean, asymmetric, distribution, parameters: expected, errors } of fixture.fits) {
    test(`${mean} mean, ${asymmetric ? 'GJR-' : ''}GARCH, ${distribution}`, () => {
      const { parameters } = fitGarch(fixture.simulated, { distribution, asymmetric, meanModel: means[mean] });
      const ours: Record<string, number> = {
        mu: parameters.constant,
        Const: parameters.constant,
        'y[1]': parameters.ar,
        omega: parameters.omega,
        'alpha[1]': parameters.alpha,
        'gamma[1]': parameters.gamma,
        'beta[1]': parameters.beta,
        nu: parameters.degreesOfFreedom ?? Infinity,
      };
      for (const [name, value] of Object.entries(expected)) {
        assert.ok(Math.abs(ours[name]! - value) < 0.1 * errors[name]!, `${name} is ${ours[name]}, arch has ${value}`);
      }
    });
  }
});

test('the fit is a maximum: moving any parameter lowers the likelihood', () => {
  const spec = { distribution: 't', asymmetric: true, meanModel: 'ar1' } as const;
  const fit = fitGarch(fixture.simulated, spec);
  assert.ok(Math.abs(logLikelihood(fixture.simulated, fit.parameters) - fit.logLikelihood) < 1e-6);
  for (const name of ['constant', 'ar', 'omega', 'alpha', 'gamma', 'beta', 'degreesOfFreedom'] as const) {
    for (const factor of [0.97, 1.03]) {
      const moved = { ...fit.parameters, [name]: (fit.parameters[name] ?? 0) * factor };
      assert.ok(logLikelihood(fixture.simulated, moved) < fit.logLikelihood, `${name} x ${factor}`);
    }
  }
});

test('the last state forecasts the day after: filtering one more day finds the same variance', () => {
  const { parameters } = fitGarch(fixture.simulated, { ...SYMMETRIC, asymmetric: true });
  const shorter = filterVariance(parameters, fixture.simulated.slice(0, 1500));
  const longer = filterVariance(parameters, fixture.simulated.slice(0, 1501));
  // The start differs a little (mean square of another sample), which 1,500 days have forgotten.
  assert.ok(Math.abs(shorter.nextVariance / longer.variances[1500]! - 1) < 1e-9);
  assert.ok(Math.abs(fixture.simulated[1500]! - shorter.nextMean - longer.residuals[1500]!) < 1e-9);
});

test('independent returns give a variance near their own and hardly any news', () => {
  const random = createRandom(3);
  const returns = Array.from({ length: 2000 }, () => 0.01 * normal(random));
  const { parameters } = fitGarch(returns, SYMMETRIC);
  assert.ok(parameters.alpha < 0.05);
  assert.ok(Math.abs(unconditionalVariance(parameters) / 1e-4 - 1) < 0.1);
});

test('the unit of the returns does not matter', () => {
  const base = fitGarch(fixture.simulated.slice(0, 600), SYMMETRIC);
  fc.assert(
    fc.property(fc.double({ min: 1e-5, max: 1e4, noNaN: true }), (unit) => {
      const { parameters } = fitGarch(
        fixture.simulated.slice(0, 600).map((value) => value * unit),
        SYMMETRIC,
      );
      assert.ok(Math.abs(persistence(parameters) - persistence(base.parameters)) < 1e-3);
      assert.ok(Math.abs(parameters.omega / (unit * unit) / base.parameters.omega - 1) < 1e-2);
    }),
    { numRuns: 20 },
  );
});

test('too few and constant returns are refused', () => {
  assert.throws(() => fitGarch([0.01, 0.02], SYMMETRIC), { code: 'TOO_FEW_VALUES' });
  assert.throws(() => fitGarch(new Float64Array(100).fill(0.01), SYMMETRIC), { code: 'INVALID_INPUT' });
  assert.throws(() => fitGarch(new Float64Array(100).fill(Number.NaN), SYMMETRIC), { code: 'INVALID_INPUT' });
});
