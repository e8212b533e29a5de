import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { calibrateLimit } from '../../../../core/drift/loss/lossLimit.ts';
import { createRandom, normal } from '../../../../core/random.ts';

const ALLOWANCE = 0.25;
const once = (everyDays: number) => ({ kind: 'false-alarms', everyDays }) as const;

function independent(count: number, seed: number): Float64Array {
  const random = createRandom(seed);
  return Float64Array.from({ length: count }, () => normal(random));
}

/** The same values over and over: same mean, same deviation, only more days to know them from. */
function repeated(values: Float64Array, times: number): Float64Array {
  return Float64Array.from({ length: times * values.length }, (_, k) => values[k % values.length]!);
}

describe('limit of the cumulative sum', () => {
  test('allows for a mean known from few days: at a level, the fewer, the higher', () => {
    const few = independent(40, 1);
    const level = { kind: 'level', level: 0.1 } as const;
    const limit = (times: number) => calibrateLimit(repeated(few, times), ALLOWANCE, level, 60, 3);
    // Over 40 days the mean is wrong by a sixth of a deviation, most of the allowance; over 2,000 it is known.
    assert.ok(limit(1) > 1.2 * limit(50), `${limit(1)} against ${limit(50)}`);
  });

  test('is higher the rarer a false alarm is to be, and for a level the smaller it is', () => {
    const losses = independent(250, 2);
    const rare = [20, 63, 250].map((days) => calibrateLimit(losses, ALLOWANCE, once(days), 60, 3));
    assert.ok(rare[0]! < rare[1]! && rare[1]! < rare[2]!);
    const level = (share: number, days = 60) =>
      calibrateLimit(losses, ALLOWANCE, { kind: 'level', level: share }, days, 3);
    assert.ok(level(0.01) > level(0.05) && level(0.05) > level(0.2));
    assert.ok(level(0.05, 120) > level(0.05, 60), 'more live days, more chances');
  });

  test('is passed by the wished share of independent lives at a level', () => {
    const days = 50;
    const losses = independent(2000, 5);
    const limit = calibrateLimit(losses, ALLOWANCE, { kind: 'level', level: 0.1 }, days, 3);
    const random = createRandom(6);
    let passed = 0;
    for (let life = 0; life < 4000; life += 1) {
      let sum = 0;
      let peak = 0;
      for (let t = 0; t < days; t += 1) peak = Math.max(peak, (sum = Math.max(0, sum + normal(random) - ALLOWANCE)));
      if (peak >= limit) passed += 1;
    }
    // The limit is the 10 % point of 400 simulated lives: standard error .015.
    assert.ok(Math.abs(passed / 4000 - 0.1) < 3 * 0.016, `${passed} of 4000`);
  });

  test('has each held-out day count alike, the last ones too: where the sample begins makes no difference', () => {
    const losses = independent(60, 1);
    const limits = [0, 1, 5, 17, 33].map((first) => {
      const turned = losses.map((_, k) => losses[(k + first) % 60]!);
      return calibrateLimit(turned, ALLOWANCE, { kind: 'level', level: 0.05 }, 60, 2);
    });
    // The 5 % point of 400 simulated lives: other draws move it by some per cent.
    assert.ok(Math.max(...limits) < 1.3 * Math.min(...limits), limits.join());
  });

  test('keeps the dependence of successive days, which takes the sum further', () => {
    const random = createRandom(7);
    let state = 0;
    const clustered = Float64Array.from({ length: 1000 }, () => (state = 0.7 * state + normal(random)));
    const shuffled = clustered.map((_, k) => clustered[(k * 379) % 1000]!); // 379 and 1,000 share no factor
    const limit = (losses: Float64Array) => calibrateLimit(losses, ALLOWANCE, once(63), 60, 3);
    assert.ok(limit(clustered) > 1.7 * limit(shuffled), `${limit(clustered)} against ${limit(shuffled)}`);
  });

  test('has no unit and is the same for the same seed', () => {
    const losses = independent(100, 8);
    const limit = (values: Float64Array, seed = 3) => calibrateLimit(values, ALLOWANCE, once(63), 60, seed);
    assert.equal(limit(losses), limit(losses));
    assert.notEqual(limit(losses), limit(losses, 4));
    assert.ok(Math.abs(limit(losses.map((value) => 5 + 1e-3 * value)) / limit(losses) - 1) < 1e-6);
  });

  test('stays finite where nearly all held-out losses are equal', () => {
    const spike = new Float64Array(60).fill(0.3);
    spike[17] = 0.4;
    assert.ok(Number.isFinite(calibrateLimit(spike, ALLOWANCE, once(63), 60, 3)));
  });
});
