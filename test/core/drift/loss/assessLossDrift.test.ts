import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assessLossDrift } from '../../../../core/drift/loss/assessLossDrift.ts';
import { calibrateLimit } from '../../../../core/drift/loss/lossLimit.ts';
import { SINGLE_CHECK_SETTING } from '../../../../core/drift/setting.ts';
import { createRandom, normal, seedFrom } from '../../../../core/random.ts';

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
    assert.ok(report.peak < report.limit);
    assert.ok(Math.abs(report.naiveRatio - 0.95) < 0.05);
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
    assert.ok(report.alarmAt > 40 && report.alarmAt < 65, `alarm on day ${report.alarmAt}`);
    assert.ok(report.risingSince >= 35 && report.risingSince <= report.alarmAt);
    assert.match(report.reason, /has decayed/);
  });

  test('is noticed in a single check as well', () => {
    const live = own.map((loss) => 2 * loss);
    const report = assessLossDrift({ ...held, live, naiveLive: naive, setting: SINGLE_CHECK_SETTING });
    assert.equal(report.verdict, 'decayed');
  });
});

describe('the figures', () => {
  const { own, naive } = simulateLosses(90, 4, (t) => (t < 40 ? 1 : 1.25));
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('are those of the sum of excess losses, with the day it crossed and the day it began to rise', () => {
    const report = assessLossDrift({ ...held, live: own, naiveLive: naive });
    const sums = watch(excess(promised), excess({ own, naive }));
    const crossed = sums.findIndex((sum) => sum >= report.limit!);
    assert.equal(report.alarmAt, crossed);
    assert.equal(report.risingSince, sums.lastIndexOf(0, crossed) + 1);
    assert.ok(Math.abs(report.peak - Math.max(...sums)) < 1e-9);
    assert.ok(Math.abs(report.ratio - mean(own) / mean(promised.own)) < 1e-12);
    assert.ok(Math.abs(report.naiveRatio - mean(own) / mean(naive)) < 1e-12);
    assert.ok(Math.abs(report.heldOutNaiveRatio - mean(promised.own) / mean(promised.naive)) < 1e-12);
    assert.deepEqual([report.liveSize, report.heldOutSize], [90, 120]);
    assert.equal(
      report.reason,
      `The champion has decayed: live loss is ${report.ratio.toFixed(2)} times the held-out loss and ${report.naiveRatio.toFixed(2)} times naive's over 90 days.`,
    );
  });

  test('hold the limit to the losses that are watched, by the rule and seed given', () => {
    const limitOf = (change: object) => assessLossDrift({ ...held, live: own, naiveLive: naive, ...change }).limit;
    const rule = setting.rule;
    assert.equal(limitOf({}), calibrateLimit(excess(promised), 0.25, rule, 90, seedFrom(1, 'loss')));
    assert.notEqual(limitOf({ seed: 2 }), limitOf({}));
    const once = SINGLE_CHECK_SETTING.rule;
    assert.equal(
      limitOf({ setting: SINGLE_CHECK_SETTING }),
      calibrateLimit(excess(promised), 0.25, once, 90, seedFrom(1, 'loss')),
    );
  });

  test('of a champion that keeps its promise say so', () => {
    const calm = simulateLosses(60, 8);
    const report = assessLossDrift({ ...held, live: calm.own, naiveLive: calm.naive });
    assert.match(report.reason, /^The champion keeps its promise: live loss is \d\.\d\d times/);
  });
});

test('ten live days and thirty held out are enough, one fewer of either is not', () => {
  const { own, naive } = simulateLosses(10, 5);
  const verdict = (live: number, heldOut: number) =>
    assessLossDrift({
      ...held,
      live: own.subarray(0, live),
      naiveLive: naive.subarray(0, live),
      heldOut: promised.own.subarray(0, heldOut),
      naiveHeldOut: promised.naive.subarray(0, heldOut),
    });
  assert.notEqual(verdict(10, 30).verdict, 'undetermined');
  for (const [live, heldOut] of [
    [9, 30],
    [10, 29],
  ] as const) {
    assert.deepEqual(verdict(live, heldOut), {
      verdict: 'undetermined',
      ratio: null,
      naiveRatio: null,
      heldOutNaiveRatio: null,
      peak: null,
      limit: null,
      alarmAt: null,
      risingSince: null,
      liveSize: live,
      heldOutSize: heldOut,
      reason: `Live losses of ${live} days and held-out losses of ${heldOut}; a verdict needs 10 and 30.`,
    });
  }
});

test('too few days or losses all the same leave it undetermined', () => {
  const { own, naive } = simulateLosses(9, 5);
  assert.equal(assessLossDrift({ ...held, live: own, naiveLive: naive }).verdict, 'undetermined');
  const same = new Float64Array(50).fill(0.3);
  const report = assessLossDrift({ ...held, live: same, naiveLive: same, heldOut: same, naiveHeldOut: same });
  assert.equal(report.verdict, 'undetermined');
  assert.equal(report.reason, 'The held-out losses are all the same; live losses cannot be judged by them.');
});

test('the same input gives the same report', () => {
  const { own, naive } = simulateLosses(60, 6);
  const input = { ...held, live: own, naiveLive: naive };
  assert.deepEqual(assessLossDrift(input), assessLossDrift(input));
});

test('losses without a partner, or not finite, are refused', () => {
  const { own, naive } = simulateLosses(60, 7);
  const refusal = (change: Partial<Parameters<typeof assessLossDrift>[0]>, message: string) => {
    assert.throws(() => assessLossDrift({ ...held, live: own, naiveLive: naive, ...change }), {
      code: 'INVALID_INPUT',
      message,
    });
  };
  refusal({ naiveLive: naive.subarray(1) }, 'There are 60 live losses and 59 of naive; give one of each a day.');
  refusal(
    { naiveHeldOut: promised.naive.subarray(1) },
    'There are 120 held-out losses and 119 of naive; give one of each a day.',
  );
  refusal({ live: own.with(3, Number.NaN) }, 'The live loss of day 4 is not a finite number.');
  refusal({ naiveLive: naive.with(59, Infinity) }, 'The live loss of day 60 is not a finite number.');
  refusal({ naiveHeldOut: promised.naive.with(0, Number.NaN) }, 'The held-out loss of day 1 is not a finite number.');
});
