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
