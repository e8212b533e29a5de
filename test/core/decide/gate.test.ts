import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { lossDifferences, poolDifferences, type DayLosses } from '../../../core/decide/evidence.ts';
import { judgeCandidate, type GateInput } from '../../../core/decide/gate.ts';
import { DEFAULT_GATE_SETTINGS as settings } from '../../../core/decide/settings.ts';
import { createRandom, normal } from '../../../core/random.ts';
import { addDays, parseDay, type TradingDay } from '../../../core/series/day.ts';
import { dieboldMariano } from '../../../core/stats/dieboldMariano.ts';
import { fixedSmoothingP } from '../../../core/stats/fixedSmoothing.ts';

const START = parseDay('2024-01-01');

/** Losses of 60 days with the given mean, the first day `offset` days after START. */
function losses(mean: number, seed: number, offset = 0, pointMean = mean): DayLosses {
  const random = createRandom(seed);
  const noise = Array.from({ length: 60 }, () => 0.2 * normal(random));
  return {
    days: noise.map((_, i) => addDays(START, offset + i)),
    crps: noise.map((n) => mean + n),
    squaredError: noise.map((n) => pointMean + n),
  };
}

/** The same loss on every day: a mean known by hand. */
function flat(mean: number, days = 60): DayLosses {
  return {
    days: Array.from({ length: days }, (_, i) => addDays(START, i)),
    crps: new Array<number>(days).fill(mean),
    squaredError: new Array<number>(days).fill(mean),
  };
}

/** `base` with each day's CRPS and squared error lowered by what `gain` says of that day. */
function better(base: DayLosses, gain: (day: number) => number, pointGain = gain): DayLosses {
  return {
    days: base.days,
    crps: base.crps.map((loss, i) => loss - gain(i)),
    squaredError: base.squaredError.map((loss, i) => loss - pointGain(i)),
  };
}

const champion = losses(1, 1);
const naive = losses(1.02, 2);
const input = (change: Partial<GateInput> = {}): GateInput => ({
  champion,
  naive,
  carried: {},
  settings,
  arms: [{ name: 'from-scratch', losses: losses(1, 5) }],
  ...change,
});

describe('gate', () => {
  it('promotes the best arm when there is no champion, in whatever order they come', () => {
    const arms = [
      { name: 'from-scratch' as const, losses: flat(0.75) },
      { name: 'fine-tuned' as const, losses: flat(1.25) },
    ];
    const carried = judgeCandidate(input()).evidence;
    for (const order of [arms, arms.toReversed()]) {
      const verdict = judgeCandidate(input({ champion: null, arms: order, naive: flat(1.5), carried }));
      assert.deepEqual([verdict.kind, verdict.reason], ['promote', 'no-champion']);
      assert.equal(verdict.kind === 'promote' && verdict.arm, 'from-scratch');
      assert.equal(
        verdict.sentence,
        'Promoting the from-scratch model: there was no champion. Naive has CRPS 1.50 where it has 0.750.',
      );
      assert.deepEqual(verdict.evidence, {});
      const { champion: none, arms: reports } = verdict.numbers;
      assert.equal(none, null);
      assert.deepEqual(
        { ...reports.find(({ name }) => name === 'from-scratch')!, crps: 0, mse: 0 },
        {
          name: 'from-scratch',
          crps: 0,
          mse: 0,
          crpsRatio: null,
          pooledDays: 0,
          pBetter: null,
          pBetterPersistent: null,
          pWorse: null,
          pPointWorse: null,
          pWorseThanNaive: 1,
        },
        'a constant advantage over naive leaves no doubt',
      );
    }
  });

  it('promotes an arm that is clearly better, saying by how much and how sure', () => {
    const verdict = judgeCandidate(input({ arms: [{ name: 'fine-tuned', losses: losses(0.8, 3) }] }));
    assert.deepEqual([verdict.kind, verdict.reason], ['promote', 'better']);
    assert.match(verdict.sentence, /fine-tuned has CRPS 0\.\d+ against .*p .* \(level 0.05\) over 60 held-out days/);
    assert.deepEqual(verdict.evidence, {}, 'a new champion starts with a clean sheet');
  });

  it('keeps the champion against an arm that may be luck, and remembers the evidence', () => {
    const verdict = judgeCandidate(input());
    assert.deepEqual([verdict.kind, verdict.reason], ['keep', 'not-better']);
    assert.equal(verdict.evidence['from-scratch']!.days.length, 60);
  });

  it('reports of each arm what the tests say of it, champion and naive beside it', () => {
    const arm = better(champion, (i) => 0.01 + 0.1 * Math.sin(i));
    const gain = (from: DayLosses) => from.crps.map((loss, i) => loss - arm.crps[i]!);
    const verdict = judgeCandidate(input({ arms: [{ name: 'fine-tuned', losses: arm }] }));
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value / 60, 0);
    const { days, champion: held, naive: plain, arms, levelPerArm } = verdict.numbers;
    assert.deepEqual([days, levelPerArm, arms.length], [60, 0.05, 1]);
    const [report] = arms;
    const tested = dieboldMariano(gain(champion));
    const expected = {
      crps: mean(arm.crps),
      mse: mean(arm.squaredError),
      crpsRatio: mean(arm.crps) / mean(champion.crps),
      pooledDays: 60,
      pBetter: tested.pSecondBetter,
      pWorse: tested.pFirstBetter,
      pPointWorse: dieboldMariano(champion.squaredError.map((loss, i) => loss - arm.squaredError[i]!)).pFirstBetter,
      pWorseThanNaive: dieboldMariano(gain(naive)).pFirstBetter,
      pBetterPersistent: fixedSmoothingP(gain(champion)),
    };
    const near = (actual: number, wanted: number) => {
      assert.ok(Math.abs(actual - wanted) < 1e-12, `${actual} is not ${wanted}`);
    };
    for (const [name, value] of Object.entries(expected)) near(report![name as keyof typeof expected]!, value);
    near(held!.crps, mean(champion.crps));
    near(held!.mse, mean(champion.squaredError));
    near(plain.crps, mean(naive.crps));
    near(plain.mse, mean(naive.squaredError));
  });

  it('says of the days it has new and of those it carries', () => {
    const arm = better(flat(1), (i) => (i % 2 === 0 ? 0.125 : -0.125));
    const one = { champion: flat(1), naive: flat(2), arms: [{ name: 'fine-tuned' as const, losses: arm }] };
    const first = judgeCandidate(input(one));
    assert.equal(
      first.sentence,
      "Keeping the champion (no challenger is proven better): fine-tuned has CRPS 1.00, equal to the champion's, p 0.5 (level 0.05) over 60 held-out days.",
    );
    const later = (losses: DayLosses) => ({ ...losses, days: losses.days.map((day) => addDays(day, 59)) });
    const second = judgeCandidate(
      input({
        champion: later(flat(1)),
        naive: later(flat(2)),
        carried: first.evidence,
        arms: [{ name: 'fine-tuned', losses: later(arm) }],
      }),
    );
    assert.match(second.sentence, / over 60 held-out and 59 carried days\.$/);
    const sure = judgeCandidate(input({ ...one, arms: [{ name: 'fine-tuned', losses: better(flat(1), () => 0.25) }] }));
    assert.match(
      sure.sentence,
      /^Promoting the fine-tuned model: fine-tuned has CRPS 0.750 against 1.00, p [^(]+ \(level 0.05\) over 60 held-out days\. Naive has CRPS 2.00 where it has 0.750\.$/,
    );
  });

  it('of two arms that pass takes the better, and of two that fail speaks of the better', () => {
    const gains = { 'fine-tuned': 0.2, 'from-scratch': 0.3 } as const;
    for (const names of [['fine-tuned', 'from-scratch'] as const, ['from-scratch', 'fine-tuned'] as const]) {
      const armsOf = (scale: number) =>
        names.map((name) => ({ name, losses: better(champion, (i) => scale * gains[name] + 0.05 * Math.sin(i)) }));
      const passing = judgeCandidate(input({ arms: armsOf(1) }));
      assert.equal(passing.kind === 'promote' && passing.arm, 'from-scratch');
      const failing = judgeCandidate(input({ arms: armsOf(0.01) }));
      assert.equal(failing.kind, 'keep');
      assert.match(failing.sentence, /: from-scratch has CRPS/);
    }
  });

  it('lets the second best in where the best may not pass', () => {
    const arms = [
      {
        name: 'fine-tuned' as const,
        losses: better(
          champion,
          (i) => 0.3 + 0.05 * Math.sin(i),
          () => -0.5,
        ),
      },
      { name: 'from-scratch' as const, losses: better(champion, (i) => 0.2 + 0.05 * Math.sin(i)) },
    ];
    const verdict = judgeCandidate(input({ arms }));
    assert.equal(verdict.kind === 'promote' && verdict.arm, 'from-scratch');
  });

  it('refuses at the level and above, lets pass below it', () => {
    // Mean and alternation chosen so that p falls on either side of the level by a hair.
    const armWith = (mean: number) =>
      better(flat(1), (i) => mean + (i % 2 === 0 ? 0.1 : -0.1) + 0.02 * Math.cos(i / 3));
    const numbers = judgeCandidate(
      input({ champion: flat(1), naive: flat(2), arms: [{ name: 'fine-tuned', losses: armWith(0.02) }] }),
    );
    const p = Math.max(numbers.numbers.arms[0]!.pBetter!, numbers.numbers.arms[0]!.pBetterPersistent!);
    assert.ok(p > 0.01 && p < 0.2);
    const at = (level: number) =>
      judgeCandidate(
        input({
          champion: flat(1),
          naive: flat(2),
          settings: { ...settings, level },
          arms: [{ name: 'fine-tuned', losses: armWith(0.02) }],
        }),
      ).kind;
    assert.deepEqual([at(p * 0.999), at(p), at(p * 1.001)], ['keep', 'promote', 'promote']);
  });

  it('shares its level between the arms', () => {
    const arm = { losses: losses(1, 3) };
    const both = input({
      arms: [
        { name: 'fine-tuned', ...arm },
        { name: 'from-scratch', ...arm },
      ],
    });
    assert.equal(judgeCandidate(both).numbers.levelPerArm, settings.level / 2);
  });

  it('lets a slightly better arm in once the carried days have added up', () => {
    let carried: GateInput['carried'] = {};
    const kinds = [];
    for (let gate = 0; gate < 8; gate += 1) {
      const verdict = judgeCandidate({
        ...input({ carried }),
        champion: losses(1, 110 + gate, 60 * gate),
        naive: losses(1.02, 210 + gate, 60 * gate),
        arms: [{ name: 'fine-tuned', losses: losses(0.97, 310 + gate, 60 * gate) }],
      });
      kinds.push(verdict.kind);
      if (verdict.kind === 'promote') break;
      carried = verdict.evidence;
    }
    assert.equal(kinds.at(-1), 'promote');
    assert.ok(kinds.length > 1, 'a single gate could not tell');
  });

  it('promotes only when both tests say better: the larger p decides, whichever it is', () => {
    const arm = (advantage: (t: number) => number): DayLosses => ({
      ...champion,
      crps: champion.crps.map((loss, t) => loss - advantage(t)),
    });
    const daily = (each: DayLosses) =>
      dieboldMariano(champion.crps.map((loss, t) => loss - each.crps[t]!)).pSecondBetter;
    const persistent = (each: DayLosses) => fixedSmoothingP(champion.crps.map((loss, t) => loss - each.crps[t]!));
    // An advantage that comes and goes over months: each day alone looks like proof, the few swings do not.
    const slow = arm((t) => 0.1 + 0.25 * Math.sin((2 * Math.PI * t) / 60));
    assert.ok(daily(slow) < 1e-4 && persistent(slow) > 0.1);
    // One that alternates from day to day: the slow swings are none, the days scatter widely.
    const fast = arm((t) => 0.02 + (t % 2 === 0 ? 0.2 : -0.2) + 1e-3 * Math.sin(t / 9));
    assert.ok(daily(fast) > 0.2 && persistent(fast) < 1e-4);
    for (const losses of [slow, fast]) {
      const verdict = judgeCandidate(input({ arms: [{ name: 'fine-tuned', losses }] }));
      assert.deepEqual([verdict.kind, verdict.reason], ['keep', 'not-better']);
      const [report] = verdict.numbers.arms;
      assert.equal(report!.pBetter, daily(losses));
      assert.equal(report!.pBetterPersistent, persistent(losses));
      const larger = Math.max(daily(losses), persistent(losses));
      assert.match(verdict.sentence, new RegExp(`p ${Number(larger.toPrecision(3))} `));
    }
  });

  it('counts the point forecasts of carried days too', () => {
    const days = (count: number, offset: number) => Array.from({ length: count }, (_, i) => addDays(START, offset + i));
    const wave = (count: number, mean: number) =>
      Array.from({ length: count }, (_, i) => mean + 0.5 * Math.cos(2.4 * i));
    // Clearly better CRPS throughout; squared errors a little higher each day: 60 days do not show it, 300 do.
    const fresh = {
      ...losses(0.8, 3),
      squaredError: champion.squaredError.map((loss, i) => loss + wave(60, 0.05)[i]!),
    };
    const before = { days: days(240, -240), crps: wave(240, 0.2), squaredError: wave(240, -0.08) };
    const alone = judgeCandidate(input({ arms: [{ name: 'fine-tuned', losses: fresh }] }));
    assert.equal(alone.kind, 'promote');
    const carried = { 'fine-tuned': before };
    const pooled = judgeCandidate(input({ carried, arms: [{ name: 'fine-tuned', losses: fresh }] }));
    assert.deepEqual([pooled.kind, pooled.reason], ['keep', 'point-forecast-worse']);
  });

  it('promotes on proof over all days, though the new ones alone lean the other way', () => {
    const days = (count: number) => Array.from({ length: count }, (_, i) => addDays(START, i - count));
    const before = (count: number) => ({
      'fine-tuned': {
        days: days(count),
        crps: Array.from({ length: count }, (_, i) => 0.2 + 0.05 * Math.sin(i)),
        squaredError: Array.from({ length: count }, (_, i) => 0.1 + 0.05 * Math.sin(i)),
      },
    });
    const arms = [{ name: 'fine-tuned' as const, losses: better(champion, (i) => 0.05 * Math.sin(i) - 0.003) }];
    const verdict = judgeCandidate(input({ arms, carried: before(240) }));
    assert.ok(verdict.numbers.arms[0]!.crps > verdict.numbers.champion!.crps);
    assert.deepEqual([verdict.kind, verdict.reason], ['promote', 'better']);
    const single = judgeCandidate(input({ arms, carried: before(1) }));
    assert.match(single.sentence, /over 60 held-out and 1 carried day\.$/);
  });

  it('refuses a better CRPS bought with a worse point forecast', () => {
    const arms = [{ name: 'fine-tuned' as const, losses: losses(0.8, 3, 0, 1.5) }];
    const verdict = judgeCandidate(input({ arms }));
    assert.equal(verdict.reason, 'point-forecast-worse');
    assert.match(
      verdict.sentence,
      /^Keeping the champion \(the best challenger's point forecast is worse\): fine-tuned has /,
    );
  });

  it('refuses an arm worse than naive, even over a champion worse still', () => {
    const verdict = judgeCandidate(
      input({ champion: losses(1.5, 1), arms: [{ name: 'fine-tuned', losses: losses(1.2, 3) }] }),
    );
    assert.equal(verdict.reason, 'worse-than-naive');
    assert.match(
      verdict.sentence,
      /^Keeping the champion \(the best challenger is worse than naive\): fine-tuned has /,
    );
  });

  it('refuses losses that are not finite, and keeps the evidence it had', () => {
    const broken = { ...losses(0.5, 3), crps: [Number.NaN, ...losses(0.5, 3).crps.slice(1)] };
    const carried = judgeCandidate(input()).evidence;
    const verdict = judgeCandidate(input({ carried, arms: [{ name: 'fine-tuned', losses: broken }] }));
    assert.deepEqual([verdict.kind, verdict.reason], ['keep', 'no-usable-arm']);
    assert.equal(verdict.sentence, 'Keeping the champion: no challenger gave finite losses.');
    assert.equal(verdict.evidence, carried);
    assert.deepEqual(verdict.numbers.arms, []);
  });

  it('judges the usable arm alone, at the whole level, and leaves the evidence about the other as it was', () => {
    const carried = judgeCandidate(input()).evidence;
    const squaredError = losses(1, 5).squaredError.with(7, Infinity);
    const arms = [
      { name: 'from-scratch' as const, losses: { ...losses(1, 5), squaredError } },
      { name: 'fine-tuned' as const, losses: losses(1, 6) },
    ];
    const verdict = judgeCandidate(input({ carried, arms }));
    assert.equal(verdict.kind, 'keep');
    assert.equal(verdict.numbers.levelPerArm, settings.level);
    assert.equal(verdict.evidence['from-scratch'], carried['from-scratch']);
    assert.deepEqual(verdict.evidence['fine-tuned'], lossDifferences(champion, losses(1, 6)));
  });

  it('remembers the evidence of as many days as it is set to', () => {
    const carried = judgeCandidate(input()).evidence;
    const next = { champion: losses(1, 7, 60), naive: losses(1.02, 8, 60) };
    const arms = [{ name: 'from-scratch' as const, losses: losses(1, 9, 60) }];
    const verdict = judgeCandidate(input({ ...next, carried, arms, settings: { ...settings, evidenceDays: 70 } }));
    assert.equal(verdict.numbers.arms[0]!.pooledDays, 70);
    assert.equal(verdict.evidence['from-scratch']!.days[0], addDays(START, 50));
  });

  describe('under not-worse', () => {
    const easy = { ...settings, policy: 'not-worse' as const };
    const judge = (losses: DayLosses, change: Partial<GateInput> = {}) => {
      const verdict = judgeCandidate(input({ settings: easy, arms: [{ name: 'fine-tuned', losses }], ...change }));
      return [verdict.kind, verdict.reason, verdict.sentence] as const;
    };
    const noise = (i: number) => 0.05 * Math.sin(i);

    it('lets an arm in whose mean is no higher, be it by nothing at all', () => {
      const [kind, reason, sentence] = judge(better(champion, (i) => (i % 2 === 0 ? 0.011 : -0.01)));
      assert.deepEqual([kind, reason], ['promote', 'not-worse']);
      assert.match(sentence, /^Promoting the fine-tuned model: fine-tuned has /);
      assert.deepEqual(judge(champion).slice(0, 2), ['promote', 'not-worse']);
    });

    it('keeps out one whose mean is higher, however little', () => {
      const [kind, reason, sentence] = judge(better(champion, (i) => noise(i) - 0.002));
      assert.deepEqual([kind, reason], ['keep', 'not-better']);
      assert.match(sentence, /\(no challenger is proven better\)/);
    });

    it('calls worse what the test calls worse, by carried days as well', () => {
      const [kind, reason, sentence] = judge(losses(1.4, 3));
      assert.deepEqual([kind, reason], ['keep', 'worse']);
      assert.match(sentence, /\(the best challenger is worse\)/);
      const days = Array.from({ length: 200 }, (_, i) => addDays(START, i - 200));
      const against = days.map((_, i) => -0.3 + noise(i));
      const carried = { 'fine-tuned': { days, crps: against, squaredError: days.map((_, i) => noise(i)) } };
      const good = better(champion, (i) => 0.02 + noise(i));
      assert.equal(judge(good)[1], 'not-worse');
      assert.equal(judge(good, { carried })[1], 'worse');
    });

    it('asks for the point forecast and for naive all the same', () => {
      assert.equal(
        judge(
          better(
            champion,
            (i) => 0.1 + noise(i),
            (i) => noise(i) - 0.1,
          ),
        )[1],
        'point-forecast-worse',
      );
      const poor = losses(1.5, 1);
      assert.equal(
        judge(
          better(poor, (i) => 0.1 + noise(i)),
          { champion: poor },
        )[1],
        'worse-than-naive',
      );
    });
  });

  it('counts as worse than naive, or worse as a point forecast, what is so at one in twenty', () => {
    // Losses above naive by a mean that gives each p in turn; the champion is worse still, so only these tests can refuse.
    const wave = (i: number) => (i % 2 === 0 ? 0.2 : -0.2);
    const reasonAt = (mean: number) => {
      const arm = better(flat(1), (i) => wave(i) - mean);
      const verdict = judgeCandidate(
        input({ champion: better(arm, () => -3), naive: flat(1), arms: [{ name: 'fine-tuned', losses: arm }] }),
      );
      return [verdict.numbers.arms[0]!.pWorseThanNaive, verdict.kind] as const;
    };
    const pointAt = (mean: number) => {
      const arm = better(
        flat(1),
        (i) => 0.3 + wave(i) / 4,
        (i) => wave(i) - mean,
      );
      const verdict = judgeCandidate(
        input({ champion: flat(1), naive: flat(2), arms: [{ name: 'fine-tuned', losses: arm }] }),
      );
      return [verdict.numbers.arms[0]!.pPointWorse!, verdict.kind] as const;
    };
    for (const at of [reasonAt, pointAt]) {
      // t of 59 degrees at 5 % is 1.671; the standard error of the mean is .2 / sqrt(59).
      for (const [t, expected] of [
        [1.62, 'promote'],
        [1.72, 'keep'],
      ] as const) {
        const [p, kind] = at((t * 0.2) / Math.sqrt(59));
        assert.ok(Math.abs(p - 0.05) < 0.008, `p ${p}`);
        assert.equal(kind, expected, `${at.name} with p ${p}`);
      }
    }
  });

  it('survives storage of its evidence as JSON', () => {
    const { evidence } = judgeCandidate(input());
    assert.deepEqual(JSON.parse(JSON.stringify(evidence)), evidence);
  });
});

describe('evidence', () => {
  const differences = (offset: number) => lossDifferences(losses(1, 1, offset), losses(1, 2, offset));

  it('counts a day once, with the newer challenger', () => {
    const pooled = poolDifferences(differences(0), differences(20), 500);
    assert.equal(pooled.days.length, 80);
    assert.equal(new Set<TradingDay>(pooled.days).size, 80);
    assert.deepEqual(pooled.crps.slice(20), differences(20).crps);
  });

  it('forgets the oldest days beyond its limit', () => {
    const pooled = poolDifferences(differences(0), differences(60), 100);
    assert.equal(pooled.days.length, 100);
    assert.equal(pooled.days.at(-1), addDays(START, 119));
  });

  it('pools by day: what the newer gate saw replaces the older, what it did not stays', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 90 }),
        (older, newer, gap, most) => {
          const make = (count: number, offset: number, value: number) => ({
            days: Array.from({ length: count }, (_, i) => addDays(START, offset + i)),
            crps: Array.from({ length: count }, (_, i) => value + i),
            squaredError: Array.from({ length: count }, (_, i) => -value - i),
          });
          const carried = make(older, 0, 1000);
          const fresh = make(newer, gap, 2000);
          const byDay = new Map(
            carried.days.flatMap((day, i) => (day < fresh.days[0]! ? [[day, carried.crps[i]!] as const] : [])),
          );
          fresh.days.forEach((day, i) => byDay.set(day, fresh.crps[i]!));
          const expected = [...byDay].sort(([a], [b]) => (a < b ? -1 : 1)).slice(-most);
          const pooled = poolDifferences(carried, fresh, most);
          assert.deepEqual(
            pooled.days,
            expected.map(([day]) => day),
          );
          assert.deepEqual(
            pooled.crps,
            expected.map(([, value]) => value),
          );
          assert.deepEqual(
            pooled.squaredError,
            pooled.crps.map((value) => -value),
          );
        },
      ),
    );
  });

  it('without anything carried is the new gate alone', () => {
    const fresh = differences(0);
    assert.equal(poolDifferences(undefined, fresh, 500), fresh);
    const nothing = { days: [], crps: [], squaredError: [] };
    assert.deepEqual(poolDifferences(fresh, nothing, 500), nothing, 'a gate without new days has no evidence to pool');
  });

  it('is what the arm saves on the champion, day by day', () => {
    const { days, crps, squaredError } = lossDifferences(losses(1, 1), losses(1, 2, 0, 1.5));
    assert.deepEqual(days, losses(1, 1).days);
    assert.equal(crps[3], losses(1, 1).crps[3]! - losses(1, 2).crps[3]!);
    assert.equal(squaredError[3], losses(1, 1).squaredError[3]! - losses(1, 2, 0, 1.5).squaredError[3]!);
  });

  it('refuses losses of different days', () => {
    assert.throws(() => lossDifferences(losses(1, 1), losses(1, 2, 1)), {
      name: 'RangeError',
      message: 'champion and challenger must be scored on the same held-out days',
    });
  });
});
