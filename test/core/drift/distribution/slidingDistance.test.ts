import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { slidingDistances } from '../../../../core/drift/distribution/slidingDistance.ts';
import { ksStatistic, sortFinite } from '../../../../core/stats/ks.ts';

test('each step is the KS distance of a sort from scratch, ties and filling windows included', () => {
  // Few different values, so that ties within and between the samples abound.
  const values = fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(values, values, fc.integer({ min: 1, max: 12 }), (first, second, windowDays) => {
      const reference = sortFinite(Float64Array.from(first));
      const days = Float64Array.from(second);
      let visited = 0;
      slidingDistances(reference, days, { windowDays, minimumDays: 1 }, (distance, day) => {
        visited += 1;
        assert.equal(day, visited);
        const window = sortFinite(days.subarray(Math.max(0, day - windowDays), day));
        const scale = Math.sqrt((reference.length * window.length) / (reference.length + window.length));
        assert.ok(Math.abs(distance - ksStatistic(reference, window) * scale) < 1e-12);
      });
      assert.equal(visited, days.length);
    }),
  );
});

test('nothing is told before the window has its least days, everything from then on', () => {
  const reference = sortFinite(Float64Array.from([1, 2, 3]));
  const visited: number[] = [];
  slidingDistances(reference, new Float64Array(9).fill(5), { windowDays: 6, minimumDays: 4 }, (distance, day) => {
    visited.push(day);
    const size = Math.min(day, 6);
    assert.ok(Math.abs(distance - Math.sqrt((3 * size) / (3 + size))) < 1e-12, 'every day lies above: a distance of 1');
  });
  assert.deepEqual(visited, [4, 5, 6, 7, 8, 9]);
});
