import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { crpsNormal, crpsStudentT } from '../../../core/metrics/crps.ts';
import { createRandom, normal } from '../../../core/random.ts';

interface Row {
  readonly dof: number | null;
  readonly location: number;
  readonly scale: number;
  readonly actual: number;
  readonly crps: number;
}

const fixture = new URL('../../../../test/fixtures/metrics/distributions.json', import.meta.url);
const { crps: rows } = JSON.parse(readFileSync(fixture, 'utf8')) as { crps: Row[] };

const finite = (min: number, max: number) => fc.double({ min, max, noNaN: true });

describe('CRPS', () => {
  for (const row of rows) {
    const dof = row.dof ?? Infinity;
    it(`agrees with R's integral of the definition at dof ${dof}, actual ${row.actual}, scale ${row.scale}`, () => {
      const value = crpsStudentT(row.location, row.scale, dof, row.actual);
      assert.ok(Math.abs(value / row.crps - 1) < 2e-8, `${value} is not ${row.crps}`);
      if (dof === Infinity) assert.equal(crpsNormal(row.location, row.scale, row.actual), value);
    });
  }

  it('of a Student-t approaches that of the normal as its tail thins', () => {
    const gap = (dof: number) => Math.abs(crpsStudentT(0, 1, dof, 0.7) - crpsNormal(0, 1, 0.7));
    assert.ok(gap(1e4) < gap(1e2) / 50);
  });

  it('scales with the unit and ignores the origin', () => {
    fc.assert(
      fc.property(
        finite(-5, 5),
        finite(0.01, 9),
        finite(2.1, 60),
        finite(-20, 20),
        finite(0.1, 50),
        (m, s, dof, y, k) => {
          const one = crpsStudentT(m, s, dof, y);
          const other = crpsStudentT(k * m + 3, k * s, dof, k * y + 3);
          assert.ok(Math.abs(other - k * one) <= 1e-9 * (1 + Math.abs(other)));
          assert.ok(one >= 0 && one <= Math.abs(y - m) + s);
        },
      ),
    );
  });

  it('is least on average for the distribution the values come from (it is proper)', () => {
    const random = createRandom(7);
    const values = Array.from({ length: 4000 }, () => 2 + 3 * normal(random));
    const mean = (location: number, deviation: number) =>
      values.reduce((sum, value) => sum + crpsNormal(location, deviation, value), 0) / values.length;
    for (const [location, deviation] of [
      [1, 3],
      [2, 2],
      [2, 4.5],
    ] as const) {
      assert.ok(mean(2, 3) < mean(location, deviation));
    }
  });

  it('of a point forecast is the absolute error', () => {
    assert.equal(crpsNormal(4, 0, 1.5), 2.5);
    assert.equal(crpsStudentT(4, 0, 5, 1.5), 2.5);
  });
});
