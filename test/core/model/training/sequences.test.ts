import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cutSequence, sequenceEnds } from '../../../../core/model/training/sequences.ts';
import { DEFAULT_SPEC } from '../../../../core/model/spec.ts';

const spec = { ...DEFAULT_SPEC, sequenceLength: 90, warmup: 60 };
const answered = spec.sequenceLength - spec.warmup;

test('tiles without a phase ask for every target of a range', () => {
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 400 }), fc.integer({ min: 0, max: 200 }), (first, length) => {
      const asked = new Set(
        sequenceEnds(spec, first, first + length, 0).flatMap((end) =>
          Array.from({ length: answered }, (_, k) => end - k).filter((day) => day >= first),
        ),
      );
      assert.equal(asked.size, length + 1);
    }),
  );
});

test('a phase moves the tiles but not the newest sequence, and none begins before the data', () => {
  fc.assert(
    fc.property(fc.integer({ min: 90, max: 400 }), fc.integer({ min: 0, max: answered - 1 }), (last, phase) => {
      const ends = sequenceEnds(spec, 0, last, phase);
      assert.equal(ends[0], last);
      assert.equal(new Set(ends).size, ends.length);
      ends.forEach((end) => {
        assert.ok(end >= spec.sequenceLength - 1 && end <= last);
      });
    }),
  );
});

test('targets are cumulative changes to come over the volatility seen, and none outside the range', () => {
  const changes = Float64Array.from({ length: 120 }, (_, k) => 0.01 * Math.sin(k * k));
  const scale = { changeDeviation: 0.01, logVolatilityMean: -4.6, logVolatilityDeviation: 1 };
  const { targets } = cutSequence(changes, scale, spec, 100, 95, 98);
  const known = Array.from({ length: answered }, (_, k) => !Number.isNaN(targets[k * 5]!));
  assert.deepEqual(
    known.flatMap((yes, k) => (yes ? [100 - answered + 1 + k] : [])),
    [95, 96, 97, 98],
  );
  const two = targets[(96 - 71) * 5 + 1]! / targets[(96 - 71) * 5]!;
  assert.ok(Math.abs(two - (changes[97]! + changes[98]!) / (changes[97]! * Math.SQRT2)) < 1e-9);
});
