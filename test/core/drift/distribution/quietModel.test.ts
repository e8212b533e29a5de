import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulateReturns } from '../../../../lab/returnProcesses.ts';
import { fitQuietModel, quietModelOf, simulateHistory } from '../../../../core/drift/distribution/quietModel.ts';
import { createRandom } from '../../../../core/random.ts';
import { filterVariance, fitGarch } from '../../../../core/stats/garch.ts';

const reference = simulateReturns('garch', 800, createRandom(3));
const model = fitQuietModel(reference);

test('innovations are the standardised residuals, recentred to mean 0 and variance 1', () => {
  const { parameters } = fitGarch(reference, { distribution: 'normal', asymmetric: false, meanModel: 'ar1' });
  assert.deepEqual(model.parameters, parameters);
  const { residuals, variances } = filterVariance(parameters, reference);
  assert.deepEqual(model.variances, variances);
  const raw = residuals.map((residual, t) => residual / Math.sqrt(variances[t]!));
  const mean = raw.reduce((sum, value) => sum + value, 0) / 800;
  const deviation = Math.sqrt(raw.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 800);
  model.innovations.forEach((value, t) => {
    assert.ok(Math.abs(value - (raw[t]! - mean) / deviation) < 1e-12);
  });
});

test('is the same again from its parameters', () => {
  assert.deepEqual(quietModelOf(model.parameters, reference), model);
});

test('a simulated history follows the recursion from a variance the reference has met', () => {
  const parameters = { ...model.parameters, constant: 0.02, ar: 0.25, omega: 0.05, alpha: 0.1, beta: 0.8 };
  const own = { ...model, parameters };
  const draws = createRandom(11);
  const history = simulateHistory(own, 40, createRandom(11));
  let variance = own.variances[Math.floor(draws() * 800)]!;
  let before = 0.02 / 0.75; // the mean of the process
  for (let t = 0; t < 40; t += 1) {
    const shock = Math.sqrt(variance) * own.innovations[Math.floor(draws() * 800)]!;
    before = 0.02 + 0.25 * before + shock;
    assert.ok(Math.abs(history[t]! - before) < 1e-12, `day ${t}`);
    variance = 0.05 + 0.1 * shock ** 2 + 0.8 * variance;
  }
});

test('simulated histories have the volatility of the reference and cluster as it does', () => {
  const random = createRandom(12);
  const square = (values: Float64Array) => values.map((value) => value * value);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const histories = Array.from({ length: 200 }, () => square(simulateHistory(model, 300, random)));
  const level = histories.reduce((sum, each) => sum + mean(each) / 200, 0);
  // Standard error of 200 histories about 2 %; the reference's own mean square differs from its model's by a few more.
  assert.ok(Math.abs(level / mean(square(reference)) - 1) < 0.15, `${level}`);
  const lag = (each: Float64Array) => each.subarray(1).reduce((sum, value, t) => sum + value * each[t]!, 0) / 299;
  const clustering = histories.reduce((sum, each) => sum + lag(each) / 200, 0) / level ** 2;
  assert.ok(clustering > 1.1, `a square follows a large one: ${clustering}`);
});
