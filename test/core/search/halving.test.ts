import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  DEFAULT_PLAN,
  nextTrials,
  plannedTrials,
  winnerOf,
  type HalvingPlan,
  type JudgedTrial,
} from '../../../core/search/halving.ts';
import { drawSpec, SEARCH_SPACE } from '../../../core/search/space.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';

/** Runs a search to its end, taking `batch` of the planned trials at a time as if stopped and resumed between. */
function finish(
  plan: HalvingPlan,
  score: (number: number, rung: number) => number | null,
  batch: number,
): JudgedTrial[] {
  const done: JudgedTrial[] = [];
  for (let todo = nextTrials(plan, done); todo.length > 0; todo = nextTrials(plan, done)) {
    for (const { number, rung } of todo.slice(0, batch)) done.push({ number, rung, score: score(number, rung) });
  }
  return done;
}

describe('successive halving', () => {
  const plan: HalvingPlan = { trials: 9, origins: [1, 2, 4] };

  it('gives all a little, the best third more, and one the most', () => {
    const done = finish(plan, (number) => 10 - number, 100);
    const at = (rung: number) => done.filter((trial) => trial.rung === rung).map(({ number }) => number);
    assert.deepEqual(at(0), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    assert.deepEqual(at(1), [8, 7, 6]);
    assert.deepEqual(at(2), [8]);
    assert.equal(winnerOf(plan, done)?.number, 8);
  });

  it('comes to the same end however often it is stopped', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 30 }),
        fc.integer(),
        (trials, batch, salt) => {
          const each = { trials, origins: [1, 2, 4] };
          const score = (number: number, rung: number) => Math.sin(salt + 31 * number + rung);
          const straight = finish(each, score, 1000);
          assert.deepEqual(winnerOf(each, finish(each, score, batch)), winnerOf(each, straight));
          assert.equal(straight.length, plannedTrials(each));
        },
      ),
    );
  });

  it('passes over settings that could not be trained, and has no winner when none could', () => {
    const done = finish(plan, (number) => (number % 2 === 0 ? null : number), 4);
    assert.equal(winnerOf(plan, done)?.number, 1);
    assert.equal(
      winnerOf(
        plan,
        finish(plan, () => null, 4),
      ),
      null,
    );
  });

  it('lets the earlier setting win between equals, and never fewer than one go on', () => {
    const done = finish({ trials: 3, origins: [1, 2] }, () => 0.5, 100);
    assert.equal(winnerOf({ trials: 3, origins: [1, 2] }, done)?.number, 0);
    const two = finish({ trials: 2, origins: [1, 2, 4] }, (number) => -number, 100);
    assert.deepEqual(
      two.map(({ number, rung }) => [number, rung]),
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [1, 2],
      ],
    );
    assert.deepEqual([plannedTrials({ trials: 2, origins: [1, 2, 4] }), plannedTrials(plan)], [4, 13]);
    assert.deepEqual(DEFAULT_PLAN, { trials: 12, origins: [1, 2, 4] });
  });

  it('has no winner before its end', () => {
    const done = finish(plan, (number) => number, 100);
    assert.equal(winnerOf(plan, done.slice(0, -1)), null);
  });
});

describe('search space', () => {
  it('begins with the setting in use', () => {
    assert.equal(drawSpec(DEFAULT_SPEC, 1, 0), DEFAULT_SPEC);
  });

  it('draws the same setting for the same seed and number, within its bounds, with a sequence that fits the window', () => {
    for (let number = 1; number < 200; number += 1) {
      const spec = drawSpec(DEFAULT_SPEC, 7, number);
      assert.deepEqual(drawSpec(DEFAULT_SPEC, 7, number), spec);
      assert.ok(spec.learningRate >= SEARCH_SPACE.learningRate.least);
      assert.ok(spec.learningRate <= SEARCH_SPACE.learningRate.most);
      assert.ok(spec.warmup >= spec.window - 1 && spec.sequenceLength > spec.warmup);
    }
    assert.notDeepEqual(drawSpec(DEFAULT_SPEC, 7, 1), drawSpec(DEFAULT_SPEC, 8, 1));
    assert.notDeepEqual(drawSpec(DEFAULT_SPEC, 7, 1), drawSpec(DEFAULT_SPEC, 7, 2));
  });

  it('tries every value there is, learning rates evenly over their decade, and leaves the rest as it was', () => {
    const base = { ...DEFAULT_SPEC, horizon: 3, clipNorm: 7, maxEpochs: 2 };
    const drawn = Array.from({ length: 600 }, (_, k) => drawSpec(base, 3, k + 1));
    const values = (pick: (spec: typeof base) => unknown) =>
      [...new Set(drawn.map((spec) => JSON.stringify(pick(spec))))].sort();
    const all = (list: readonly unknown[]) => list.map((value) => JSON.stringify(value)).sort();
    assert.deepEqual(
      values((spec) => spec.window),
      all(SEARCH_SPACE.window),
    );
    assert.deepEqual(
      values((spec) => spec.units),
      all(SEARCH_SPACE.units),
    );
    assert.deepEqual(
      values((spec) => spec.dropout),
      all(SEARCH_SPACE.dropout),
    );
    assert.deepEqual(
      values((spec) => spec.batch),
      all(SEARCH_SPACE.batch),
    );
    assert.deepEqual(
      values((spec) => [spec.horizon, spec.clipNorm, spec.maxEpochs]),
      ['[5,7,2]'],
    );
    for (const { window, warmup, sequenceLength } of drawn)
      assert.deepEqual([warmup, sequenceLength], [window, window + 60]);
    // Half of them lie below the geometric middle of 3e-4 and 3e-3; the standard error of 600 is 12.
    const low = drawn.filter(({ learningRate }) => learningRate < 3e-4 * Math.sqrt(10)).length;
    assert.ok(Math.abs(low - 300) < 40, `${low} of 600`);
    assert.ok(Math.max(...SEARCH_SPACE.window) <= 60, 'callers are promised that 60 values are enough');
  });
});
