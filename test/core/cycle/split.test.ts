import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ShepherdError } from '../../../core/errors.ts';
import { LEAST_TRAINING_LEVELS, splitForTraining, splitOf } from '../../../core/cycle/split.ts';

const sizes = fc.record({
  heldOut: fc.integer({ min: 1, max: 120 }),
  validation: fc.integer({ min: 1, max: 300 }),
  horizon: fc.integer({ min: 1, max: 20 }),
});

describe('split by time', () => {
  it('leaves the horizon unused between the parts, so no target of one reaches into the next', () => {
    fc.assert(
      fc.property(fc.integer({ min: 800, max: 5000 }), sizes, (levels, size) => {
        fc.pre(levels >= LEAST_TRAINING_LEVELS + size.heldOut + size.validation + 2 * size.horizon);
        const { training, validation, heldOut, known } = splitForTraining(levels, size);
        assert.equal(validation.from - training.to, size.horizon);
        assert.equal(heldOut.from - validation.to, size.horizon);
        assert.equal(heldOut.to, levels);
        assert.equal(known, validation.to);
        assert.equal(heldOut.to - heldOut.from, size.heldOut);
        assert.equal(validation.to - validation.from, size.validation);
        // The last day a training or validation target can reach lies before the first day of the later part.
        const lastTarget = (part: { to: number }) => part.to - 1;
        assert.ok(lastTarget(training) + size.horizon < validation.from);
        assert.ok(lastTarget(validation) + size.horizon < heldOut.from);
      }),
    );
  });

  it('refuses a series too short, saying how many days are needed', () => {
    const size = { heldOut: 60, validation: 250, horizon: 5 };
    assert.throws(
      () => splitForTraining(569, size),
      (error) => error instanceof ShepherdError && error.code === 'TOO_FEW_VALUES' && error.message.includes('570'),
    );
    assert.equal(splitForTraining(570, size).training.to, 250);
  });
});

describe('split of a run', () => {
  it('holds out a quarter and validates on a year, each a horizon apart from what comes before', () => {
    assert.deepEqual(splitOf(720, { horizon: 5 }), {
      training: { from: 0, to: 400 },
      validation: { from: 405, to: 655 },
      heldOut: { from: 660, to: 720 },
      known: 655,
    });
    assert.equal(splitOf(720, { horizon: 3 }).known, 720 - 60 - 3);
  });
});
