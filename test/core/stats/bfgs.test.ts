import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bfgs } from '../../../core/stats/bfgs.ts';

test("finds the bottom of Rosenbrock's valley", () => {
  const rosenbrock = (p: Float64Array): number => (1 - p[0]!) ** 2 + 100 * (p[1]! - p[0]! ** 2) ** 2;
  const { point, value } = bfgs(rosenbrock, [-1.2, 1], { gradientTolerance: 1e-8, maxIterations: 500 });
  assert.ok(value < 1e-12);
  assert.ok(Math.abs(point[0]! - 1) < 1e-5 && Math.abs(point[1]! - 1) < 1e-5);
});

test('finds the centre of any bowl, and keeps out of forbidden ground', () => {
  const centre = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(centre, (target) => {
      const bowl = (p: Float64Array): number => {
        if (p[0]! > 6) return Infinity;
        return p.reduce((sum, value, k) => sum + (k + 1) * (value - target[k]!) ** 2, 0);
      };
      const { point } = bfgs(bowl, new Float64Array(target.length), { gradientTolerance: 1e-7 });
      point.forEach((value, k) => {
        assert.ok(Math.abs(value - target[k]!) < 1e-4, `${value} is not ${target[k]}`);
      });
    }),
  );
});
