import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
  it('promotes the best arm when there is no champion', () => {
    const arms = [
      { name: 'from-scratch' as const, losses: losses(0.9, 3) },
      { name: 'fine-tuned' as const, losses: losses(1.1, 4) },
    ];
    const verdict = judgeCandidate(input({ champion: null, arms }));
    assert.deepEqual([verdict.kind, verdict.reason], ['promote', 'no-champion']);
    assert.equal(verdict.kind === 'promote' && verdict.arm, 'from-scratch');
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

  it('refuses a better CRPS bought with a worse point forecast', () => {
    const arms = [{ name: 'fine-tuned' as const, losses: losses(0.8, 3, 0, 1.5) }];
    assert.equal(judgeCandidate(input({ arms })).reason, 'point-forecast-worse');
  });

  it('refuses an arm worse than naive, even over a champion worse still', () => {
    const verdict = judgeCandidate(
      input({ champion: losses(1.5, 1), arms: [{ name: 'fine-tuned', losses: losses(1.2, 3) }] }),
    );
    assert.equal(verdict.reason, 'worse-than-naive');
  });

  it('refuses losses that are not finite, and keeps the evidence it had', () => {
    const broken = { ...losses(0.5, 3), crps: [Number.NaN, ...losses(0.5, 3).crps.slice(1)] };
    const carried = judgeCandidate(input()).evidence;
    const verdict = judgeCandidate(input({ carried, arms: [{ name: 'fine-tuned', losses: broken }] }));
    assert.equal(verdict.reason, 'no-usable-arm');
    assert.equal(verdict.evidence, carried);
  });

  it('under not-worse lets an even arm in, but not a clearly worse one', () => {
    const easy = { ...settings, policy: 'not-worse' as const };
    const even = { ...champion, crps: champion.crps.map((loss, i) => loss - (i % 2 === 0 ? 0.011 : -0.01)) };
    const verdict = judgeCandidate(input({ settings: easy, arms: [{ name: 'fine-tuned', losses: even }] }));
    assert.deepEqual([verdict.kind, verdict.reason], ['promote', 'not-worse']);
    const worse = judgeCandidate(input({ settings: easy, arms: [{ name: 'fine-tuned', losses: losses(1.4, 3) }] }));
    assert.deepEqual([worse.kind, worse.reason], ['keep', 'worse']);
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

  it('refuses losses of different days', () => {
    assert.throws(() => lossDifferences(losses(1, 1), losses(1, 2, 1)), RangeError);
  });
});
