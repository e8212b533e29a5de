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
  type GarchParameters,
  type GarchSpec,
} from '../../../core/stats/garch.ts';
import { normalDensity } from '../../../core/stats/normal.ts';
import { studentTDensity } from '../../../core/stats/studentT.ts';

interface Fixture {
  /** Daily returns of the Deutschmark against the pound in per cent, Bollerslev & Ghysels (1996). */
  dmgbp: number[];
  simulated: number[];
  fits: {
    mean: 'Constant' | 'AR';
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
  const means = { Constant: 'constant', AR: 'ar1' } as const;
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

/** The recursion as its formula is written, a day at a time, with every parameter at work. */
function recursion(p: GarchParameters, returns: readonly number[], firstVariance: number, firstReturn: number) {
  const [means, variances] = [[] as number[], [] as number[]];
  for (let t = 0; t <= returns.length; t += 1) {
    const e = t === 0 ? undefined : returns[t - 1]! - means[t - 1]!;
    means.push(p.constant + p.ar * (t === 0 ? firstReturn : returns[t - 1]!));
    // Before the first day both signs are as likely, and the square is the variance itself.
    const news = e === undefined ? (p.alpha + p.gamma / 2) * firstVariance : (p.alpha + (e < 0 ? p.gamma : 0)) * e * e;
    variances.push(p.omega + news + p.beta * (e === undefined ? firstVariance : variances[t - 1]!));
  }
  return { means, variances };
}

describe('filtering with known parameters', () => {
  const parameters: GarchParameters = {
    constant: 0.02,
    ar: 0.1,
    omega: 0.03,
    alpha: 0.05,
    gamma: 0.09,
    beta: 0.85,
    degreesOfFreedom: 6,
  };
  const returns = fixture.simulated.slice(0, 400);

  test('gives the residuals and variances of the recursion, and those of the day after', () => {
    const { residuals, variances, nextMean, nextVariance } = filterVariance(parameters, returns);
    const start = residuals.reduce((sum, e) => sum + e * e, 0) / residuals.length;
    const expected = recursion(parameters, returns, start, 0.02 / 0.9);
    for (let t = 0; t < returns.length; t += 1) {
      assert.ok(Math.abs(returns[t]! - expected.means[t]! - residuals[t]!) < 1e-12);
      assert.ok(Math.abs(variances[t]! / expected.variances[t]! - 1) < 1e-12, `day ${t}`);
    }
    assert.ok(Math.abs(nextMean - expected.means.at(-1)!) < 1e-12);
    assert.ok(Math.abs(nextVariance / expected.variances.at(-1)! - 1) < 1e-12);
  });

  test('a fall raises the variance of the next day by gamma times its square more than an equal rise', () => {
    const after = (last: number) =>
      filterVariance({ ...parameters, constant: 0, ar: 0 }, [...returns, last]).nextVariance;
    assert.ok(Math.abs(after(-2) - after(2) - parameters.gamma * 4) < 1e-12);
  });

  test('the likelihood is that of these residuals and variances, day by day', () => {
    const { residuals, variances } = filterVariance(parameters, returns);
    for (const dof of [null, 6]) {
      const density = (e: number, variance: number): number => {
        if (dof === null) return Math.log(normalDensity(e / Math.sqrt(variance))) - Math.log(variance) / 2;
        const scale = Math.sqrt((variance * (dof - 2)) / dof); // a t of unit variance is a t times this
        return Math.log(studentTDensity(e / scale, dof)) - Math.log(scale);
      };
      const expected = residuals.reduce((sum, e, t) => sum + density(e, variances[t]!), 0);
      const actual = logLikelihood(returns, { ...parameters, degreesOfFreedom: dof });
      assert.ok(Math.abs(actual - expected) < 1e-9 * Math.abs(expected), `${actual} is not ${expected}`);
    }
  });

  test('of no returns is the state before the first day', () => {
    const { residuals, variances, nextMean } = filterVariance(parameters, []);
    assert.deepEqual([residuals.length, variances.length, nextMean], [0, 0, 0.02]);
  });
});

test('independent returns give a variance near their own and hardly any news', () => {
  const random = createRandom(3);
  const returns = Array.from({ length: 2000 }, () => 0.01 * normal(random));
  const { parameters } = fitGarch(returns, SYMMETRIC);
  assert.ok(parameters.alpha < 0.05);
  assert.ok(Math.abs(parameters.omega / (1 - persistence(parameters)) / 1e-4 - 1) < 0.1);
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

test('what is left of a shock is that of the recursion, on average over both signs', () => {
  const parameters = { constant: 0, ar: 0, omega: 0.02, alpha: 0.05, gamma: 0.1, beta: 0.8, degreesOfFreedom: null };
  assert.ok(Math.abs(persistence(parameters) - 0.9) < 1e-15);
});

test('fifty returns are fitted, forty-nine refused', () => {
  const returns = fixture.simulated.slice(0, 50);
  assert.ok(fitGarch(returns, SYMMETRIC).evaluations > 10);
  assert.throws(() => fitGarch(returns.slice(1), SYMMETRIC), {
    code: 'TOO_FEW_VALUES',
    message: 'A volatility model needs at least 50 returns, not 49.',
  });
});

test('too few and constant returns are refused', () => {
  assert.throws(() => fitGarch([0.01, 0.02], SYMMETRIC), { code: 'TOO_FEW_VALUES' });
  assert.throws(() => fitGarch(new Float64Array(100).fill(0.01), SYMMETRIC), {
    message: 'A volatility model needs finite returns that are not all the same.',
  });
  assert.throws(() => fitGarch(new Float64Array(100).fill(0.01), SYMMETRIC), { code: 'INVALID_INPUT' });
  assert.throws(() => fitGarch(new Float64Array(100).fill(Number.NaN), SYMMETRIC), { code: 'INVALID_INPUT' });
});
