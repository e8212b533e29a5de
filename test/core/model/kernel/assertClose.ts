import assert from 'node:assert/strict';

/** Each number within `tolerance` of the largest expected one: float32 sums lose relative accuracy only where they cancel. */
export function assertClose(actual: Float32Array, expected: Float32Array, tolerance: number): void {
  assert.equal(actual.length, expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  actual.forEach((value, k) => {
    const error = Math.abs(value - expected[k]!);
    assert.ok(error <= tolerance * largest, `number ${k}: ${value}, expected ${expected[k]!}, off by ${error}`);
  });
}
