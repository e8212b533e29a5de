import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planTraining } from '../../../core/cycle/planTraining.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { SMALL_SPEC, ZERO_NETWORK } from '../../helpers/smallModel.ts';

const series = simulateSeries({ length: 700, seed: 2 });
const question = { symbol: 'X', series, spec: SMALL_SPEC, parent: null };

test('no arm is given a held-out day, or one that its longest forecast would overlap', () => {
  const { known, arms, split } = planTraining(question);
  assert.equal(known.days.length, 700 - 60 - SMALL_SPEC.horizon);
  assert.equal(split.known, known.days.length);
  assert.deepEqual(
    arms.map(({ name, request }) => [name, request.initial, request.validationDays]),
    [['from-scratch', undefined, 250]],
  );
  assert.deepEqual(arms[0]?.request.closes, series.closes.subarray(0, known.days.length));
});

test('a parent is fine-tuned beside an arm from scratch, on the same days with the same budget and a seed of its own', () => {
  const spec = ZERO_NETWORK.spec;
  const { arms } = planTraining({ ...question, spec, parent: ZERO_NETWORK });
  assert.deepEqual(
    arms.map(({ name, request }) => [name, request.initial]),
    [
      ['fine-tuned', ZERO_NETWORK],
      ['from-scratch', undefined],
    ],
  );
  const [tuned, scratch] = arms.map(({ request }) => request);
  assert.deepEqual({ ...tuned, seed: 0, initial: null }, { ...scratch, seed: 0, initial: null });
  assert.notEqual(tuned?.seed, scratch?.seed);
});

test('weights of another shape are not gone on with', () => {
  const spec = { ...ZERO_NETWORK.spec, units: [7] };
  const { arms } = planTraining({ ...question, spec, parent: ZERO_NETWORK });
  assert.deepEqual(
    arms.map(({ name }) => name),
    ['from-scratch'],
  );
});

test('seeds are told by series, day and arm, so that a training can be made again', () => {
  const seedOf = (change: object): number => planTraining({ ...question, ...change }).arms[0]!.request.seed;
  const other = simulateSeries({ length: 701, seed: 2 });
  assert.equal(seedOf({}), seedOf({}));
  assert.equal(new Set([seedOf({}), seedOf({ symbol: 'Y' }), seedOf({ series: other })]).size, 3);
});
