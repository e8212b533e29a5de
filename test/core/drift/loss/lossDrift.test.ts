import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assessLossDrift } from '../../../../core/drift/loss/lossDrift.ts';
import { SINGLE_CHECK_SETTING } from '../../../../core/drift/setting.ts';
import { createRandom, normal } from '../../../../core/random.ts';

/** Positive losses with a day-to-day correlation of a half, and naive losses that move with them. */
function simulateLosses(
  count: number,
  seed: number,
  factor: (t: number) => number = () => 1,
): { own: Float64Array; naive: Float64Array } {
  const random = createRandom(seed);
  const own = new Float64Array(count);
  const naive = new Float64Array(count);
  let state = normal(random);
  for (let t = 0; t < count; t += 1) {
    state = 0.5 * state + Math.sqrt(0.75) * normal(random);
    naive[t] = Math.exp(0.4 * state);
    own[t] = naive[t]! * 0.95 * factor(t) * Math.exp(0.1 * normal(random));
  }
  return { own, naive };
}

const excess = ({ own, naive }: { own: Float64Array; naive: Float64Array }): Float64Array =>
  own.map((loss, t) => loss - naive[t]!);

/** Page's sum of the rises of `seen` above the mean of `promised`, in its deviations, less a quarter of one a day. */
function watch(promised: Float64Array, seen: Float64Array): number[] {
  const mean = promised.reduce((sum, value) => sum + value, 0) / promised.length;
  const deviation = Math.sqrt(promised.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (promised.length - 1));
  let sum = 0;
  return Array.from(seen, (value) => (sum = Math.max(0, sum + (value - mean) / deviation - 0.25)));
}

const setting = { rule: { kind: 'false-alarms', everyDays: 252 } } as const;
const promised = simulateLosses(120, 1);
const held = { heldOut: promised.own, naiveHeldOut: promised.naive, setting, seed: 1 };

describe('a champion that keeps its promise', () => {
  test('is stable, with its ratios', () => {
    const { own, naive } = simulateLosses(60, 8);
    const report = assessLossDrift({ ...held, live: own, naiveLive: naive });
    assert.equal(report.verdict, 'stable');
    assert.equal(report.watched, 'excess');
    assert.ok(report.peak! < report.limit!);
    assert.ok(Math.abs(report.naiveRatio! - 0.95) < 0.05);
    assert.deepEqual([report.alarmAt, report.risingSince], [null, null]);
  });

  test('is still stable in a market that doubles everybody’s losses', () => {
    const { own, naive } = simulateLosses(60, 3);
    const report = assessLossDrift({
      ...held,
      live: own.map((loss) => 2 * loss),
      naiveLive: naive.map((loss) => 2 * loss),
    });
    assert.equal(report.verdict, 'stable');
  });

  test('raises a false alarm once in the wished number of days, over the luck of many champions', () => {
    const everyDays = 63; // a quarter, so that a false alarm is soon counted; a year's limit is made in the same way
    const often = { rule: { kind: 'false-alarms', everyDays } } as const;
    const champions = Array.from({ length: 150 }, (_, k) => {
      const past = simulateLosses(120, 1000 + k);
      const unused = simulateLosses(10, 1);
      const losses = { heldOut: past.own, naiveHeldOut: past.naive, live: unused.own, naiveLive: unused.naive };
      const { limit } = assessLossDrift({ ...losses, setting: often, seed: k });
      const lives = Array.from({ length: 8 }, (__, life) => {
        const { own, naive } = simulateLosses(4 * everyDays, 5000 + 8 * k + life);
        return watch(excess(past), excess({ own, naive })).findIndex((sum) => sum >= limit!);
      });
      const alarms = lives.filter((day) => day !== -1);
      return {
        alarms: alarms.length,
        days: lives.reduce((sum, day) => sum + (day === -1 ? 4 * everyDays : day + 1), 0),
      };
    });
    const total = (value: (each: (typeof champions)[number]) => number) =>
      champions.reduce((sum, each) => sum + value(each), 0);
    const alarms = total((each) => each.alarms);
    const mean = total((each) => each.days) / alarms;
    // Champions differ: a lucky held-out mean alarms often, so the error is that of a ratio over champions.
    const error = Math.sqrt(total((each) => (each.days - mean * each.alarms) ** 2)) / alarms;
    assert.ok(error < 0.07 * everyDays, `standard error ${error} days`);
    assert.ok(Math.abs(mean - everyDays) < 3 * error, `${mean} days, standard error ${error}`);
  });
});

describe('a champion that decays', () => {
  const { own, naive } = simulateLosses(90, 4, (t) => (t < 40 ? 1 : 1.25));

  test('is noticed soon after it began', () => {
    const report = assessLossDrift({ ...held, live: own, naiveLive: naive });
    assert.equal(report.verdict, 'decayed');
    assert.ok(report.alarmAt! > 40 && report.alarmAt! < 65, `alarm on day ${report.alarmAt}`);
    assert.ok(report.risingSince! >= 35 && report.risingSince! <= report.alarmAt!);
    assert.match(report.reason, /has decayed/);
  });

  test('is noticed in a single check as well, and by the loss alone', () => {
    const input = { live: own.map((loss) => 2 * loss), naiveLive: naive, heldOut: promised.own, seed: 2 };
    const report = assessLossDrift({ ...input, setting: SINGLE_CHECK_SETTING });
    assert.equal(report.watched, 'loss');
    assert.equal(report.verdict, 'decayed');
  });
});

test('too few days or losses all the same leave it undetermined', () => {
  const { own, naive } = simulateLosses(9, 5);
  assert.equal(assessLossDrift({ ...held, live: own, naiveLive: naive }).verdict, 'undetermined');
  const same = new Float64Array(50).fill(0.3);
  assert.equal(
    assessLossDrift({ live: same, naiveLive: same, heldOut: same, setting, seed: 1 }).verdict,
    'undetermined',
  );
});

test('the same input gives the same report', () => {
  const { own, naive } = simulateLosses(60, 6);
  const input = { ...held, live: own, naiveLive: naive };
  assert.deepEqual(assessLossDrift(input), assessLossDrift(input));
});

test('losses without a partner, or not finite, are refused', () => {
  const { own, naive } = simulateLosses(60, 7);
  assert.throws(() => assessLossDrift({ ...held, live: own, naiveLive: naive.subarray(1) }), { code: 'INVALID_INPUT' });
  assert.throws(() => assessLossDrift({ ...held, live: own.with(3, Number.NaN), naiveLive: naive }), {
    code: 'INVALID_INPUT',
  });
});
