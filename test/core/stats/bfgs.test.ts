import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bfgs } from '../../../core/stats/bfgs.ts';

const rosenbrock = (p: Float64Array): number => (1 - p[0]!) ** 2 + 100 * (p[1]! - p[0]! ** 2) ** 2;

test("finds the bottom of Rosenbrock's valley", () => {
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

test('stops at the slope it is content with, and after the steps it is given', () => {
  const bowl = (p: Float64Array): number => (p[0]! - 3) ** 2;
  assert.deepEqual([...bfgs(bowl, [3]).point], [3]);
  assert.equal(bfgs(bowl, [3]).evaluations, 3, 'the start and both sides of it');
  assert.deepEqual([...bfgs(bowl, [0], { maxIterations: 0 }).point], [0]);
  const steps = (count: number) => bfgs(rosenbrock, [-1.2, 1], { gradientTolerance: 1e-8, maxIterations: count }).value;
  assert.ok(steps(1) > steps(5) && steps(5) > steps(20));
  const rough = bfgs(rosenbrock, [-1.2, 1], { gradientTolerance: 1, maxIterations: 500 });
  assert.ok(
    rough.evaluations < bfgs(rosenbrock, [-1.2, 1], { gradientTolerance: 1e-8, maxIterations: 500 }).evaluations,
  );
});

test('is as quick as a quasi-Newton method is', () => {
  const { evaluations, value } = bfgs(rosenbrock, [-1.2, 1], { gradientTolerance: 1e-6, maxIterations: 500 });
  // Nocedal & Wright have some 35 steps; a gradient costs four evaluations and a step about one.
  assert.ok(value < 1e-10 && evaluations < 300, `${evaluations} evaluations`);
});

test('takes what is no number for forbidden, and never goes up', () => {
  const holed = (p: Float64Array): number => (p[0]! > 1.5 && p[0]! < 2.5 ? Number.NaN : (p[0]! - 1) ** 2);
  const { point } = bfgs(holed, [3]);
  assert.ok(point[0]! >= 2.5 || Math.abs(point[0]! - 1) < 1e-3);
  fc.assert(
    fc.property(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (x, y) => {
      const wavy = (p: Float64Array): number =>
        Math.sin(3 * p[0]!) + Math.cos(2 * p[1]!) + 0.1 * (p[0]! ** 2 + p[1]! ** 2);
      const { value, point: end } = bfgs(wavy, [x, y]);
      assert.ok(value <= wavy(Float64Array.of(x, y)));
      assert.equal(value, wavy(end));
    }),
  );
});
