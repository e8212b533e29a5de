import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { normalCdf, normalDensity } from '../../../core/stats/normal.ts';
import { studentTCdf, studentTDensity } from '../../../core/stats/studentT.ts';

const fixture = new URL('../../../../test/fixtures/metrics/distributions.json', import.meta.url);
const truth = JSON.parse(readFileSync(fixture, 'utf8')) as {
  studentT: { dof: number; t: number; density: number; cdf: number }[];
  quantiles: { dof: number; p: number; quantile: number }[];
  normal: { z: number; density: number; cdf: number }[];
};

function near(actual: number, expected: number, relative: number): void {
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);
}

describe('Student-t distribution', () => {
  it("has R's density and distribution function, far tails included", () => {
    for (const { dof, t, density, cdf } of truth.studentT) {
      near(studentTDensity(t, dof), density, 1e-8);
      near(studentTCdf(t, dof), cdf, 1e-8);
    }
  });

  it("gives back R's probabilities at R's quantiles", () => {
    for (const { dof, p, quantile } of truth.quantiles) {
      near(studentTCdf(quantile, dof), p, 1e-9);
    }
  });

  it('answers the ends of the scale', () => {
    assert.equal(studentTCdf(Infinity, 4), 1);
    assert.equal(studentTCdf(-Infinity, 4), 0);
  });

  it('is symmetric and rises', () => {
    const dofs = fc.double({ min: 2.05, max: 300, noNaN: true });
    fc.assert(
      fc.property(dofs, fc.double({ min: -30, max: 30, noNaN: true }), (dof, t) => {
        const p = studentTCdf(t, dof);
        assert.ok(Math.abs(p + studentTCdf(-t, dof) - 1) < 1e-12);
        assert.ok(studentTCdf(t + 0.01, dof) >= p);
      }),
    );
  });
});

describe('normal distribution', () => {
  it("has R's density and distribution function", () => {
    for (const { z, density, cdf } of truth.normal) {
      near(normalDensity(z), density, 1e-12);
      assert.ok(Math.abs(normalCdf(z) - cdf) < 1e-15 + (z < -5 ? 1e-11 * cdf : 0));
    }
    assert.equal(studentTCdf(1.3, Infinity), normalCdf(1.3));
  });
});
