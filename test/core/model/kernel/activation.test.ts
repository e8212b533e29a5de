import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sigmoid32, tanh32 } from '../../../../core/model/kernel/activation.ts';

const EPSILON = 2 ** -24; // half a unit in the last place of 1 in float32

test('tanh is right to 8 roundings of float32 everywhere, odd, and 1 far out', () => {
  for (let k = -40_000; k <= 40_000; k += 1) {
    const x = Math.fround(k / 2000);
    const error = Math.abs(tanh32(x) - Math.tanh(x));
    assert.ok(error <= 8 * EPSILON * Math.abs(Math.tanh(x)), `tanh ${x}: ${error}`);
    assert.equal(tanh32(-x), -tanh32(x));
  }
  assert.equal(tanh32(1e30), 1);
  assert.ok(Number.isNaN(tanh32(Number.NaN)));
});

test('the logistic function is right to 8 roundings of 1', () => {
  for (let k = -30_000; k <= 30_000; k += 1) {
    const x = Math.fround(k / 1000);
    assert.ok(Math.abs(sigmoid32(x) - 1 / (1 + Math.exp(-x))) <= 8 * EPSILON, `sigmoid ${x}`);
  }
});
