import assert from 'node:assert/strict';

/** Fails unless `actual` is `expected` to so many parts of it. */
export function assertClose(actual: number | null | undefined, expected: number, what: string, tolerance = 1e-9): void {
  assert.ok(actual !== null && actual !== undefined, `${what} is missing; expected ${expected}`);
  const off = Math.abs(actual - expected);
  assert.ok(off <= tolerance * Math.max(Math.abs(expected), 1e-12), `${what} is ${actual}; expected ${expected}`);
}

/** Fails at the first place where the two differ, and says which: a list of hundreds is no message. */
export function assertSame<T>(actual: readonly T[], expected: readonly T[], what: string): void {
  for (const [i, wanted] of expected.entries())
    assert.deepEqual(actual[i], wanted, `${what}, number ${i + 1} of ${expected.length}`);
  assert.deepEqual(actual.slice(expected.length), [], `${what} beyond the ${expected.length} expected`);
}

/** Fails unless every figure of `expected` stands in `actual`; what else stands there is not looked at. */
export function assertHolds(actual: unknown, expected: unknown, what: string, tolerance = 1e-9): void {
  if (typeof expected === 'number' && typeof actual === 'number') assertClose(actual, expected, what, tolerance);
  else if (typeof expected === 'object' && expected !== null && !Array.isArray(expected)) {
    assert.ok(typeof actual === 'object' && actual !== null, `${what} is missing`);
    for (const [name, figure] of Object.entries(expected))
      assertHolds((actual as { readonly [figure: string]: unknown })[name], figure, `${what}.${name}`, tolerance);
  } else assert.deepEqual(actual, expected, what);
}
