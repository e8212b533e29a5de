import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { measureQuality } from '../../../core/forecast/quality.ts';
import { isBetter, LEAST_DAYS, measureUncertainty, ratioInterval } from '../../../core/forecast/uncertainty.ts';
import { createRandom, normal } from '../../../core/random.ts';
import { parseDay } from '../../../core/series/day.ts';
import { scoresTo } from '../../../lab/scores.ts';

const record = scoresTo(parseDay('2024-06-03'), 60, { error: 1, naiveError: 0.1 });

/** Losses of two forecasters of the same days, the first `ratio` times as large on average. */
function losses(days: number, ratio: number, seed: number): [number[], number[]] {
  const random = createRandom(seed);
  const others = Array.from({ length: days }, () => Math.exp(0.5 * normal(random)));
  return [others.map((other) => ratio * other * (1 + 0.3 * normal(random))), others];
}

describe('uncertainty of quality', () => {
  it('holds the true ratio of losses nine times in ten', () => {
    const held = Array.from({ length: 1000 }, (_, seed) => ratioInterval(...losses(60, 0.97, seed + 1))!).filter(
      ([low, high]) => low <= 0.97 && 0.97 <= high,
    );
    assert.ok(Math.abs(held.length / 1000 - 0.9) < 0.03, `${held.length} of 1000`);
  });

  it('holds the figures themselves, and narrows with the days', () => {
    const { skill, coverage } = measureQuality(record);
    const uncertainty = measureUncertainty(record)!;
    assert.ok(uncertainty.skill![0] <= skill! && skill! <= uncertainty.skill![1]);
    assert.ok(uncertainty.coverage[0] - 1e-12 <= coverage && coverage <= uncertainty.coverage[1] + 1e-12);
    const widths = [30, 60, 250].map((days) => {
      const [low, high] = ratioInterval(...losses(days, 1, 5))!;
      return high - low;
    });
    assert.ok(widths[0]! > widths[1]! && widths[1]! > widths[2]!);
  });

  it('has a coverage between 0 and 1, also where every day was held or none', () => {
    for (const covered of [true, false]) {
      const [low, high] = measureUncertainty(record.map((score) => ({ ...score, covered })))!.coverage;
      assert.ok(low >= 0 && high <= 1 && high - low > 0.01 && high - low < 0.1, `${low} to ${high}`);
    }
  });

  it('calls a model better or worse by the interval, and says neither of a coin', () => {
    const verdict = (ratio: number, seed: number): boolean | null => {
      const [crps, naiveCrps] = losses(60, ratio, seed);
      const scores = record.map((score, i) => ({ ...score, crps: crps[i]!, naiveCrps: naiveCrps[i]! }));
      return isBetter({ ...measureUncertainty(scores)!, skill: [-0.1, 0.1] });
    };
    const verdicts = Array.from({ length: 200 }, (_, seed) => verdict(1, seed + 1));
    assert.ok(verdicts.filter((each) => each !== null).length < 30);
    assert.deepEqual([verdict(0.7, 1), verdict(1.4, 1)], [true, false]);
    assert.equal(isBetter({ skill: [-0.3, -0.1], coverage: [0, 1], crpsRatio: [0.8, 0.9] }), false, 'a worse point');
    assert.equal(isBetter({ skill: null, coverage: [0, 1], crpsRatio: null }), null);
  });

  it('is told of twenty days and more', () => {
    assert.equal(measureUncertainty(record.slice(0, LEAST_DAYS - 1)), null);
    assert.notEqual(measureUncertainty(record.slice(0, LEAST_DAYS)), null);
    assert.equal(isBetter(null), null);
  });
});
