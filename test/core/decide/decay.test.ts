import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { assessDecay, type LiveLoss } from '../../../core/decide/decay.ts';
import { createRandom, normal } from '../../../core/random.ts';

const PROMISED: LiveLoss = { crps: 0.99, naiveCrps: 1 };

/** Losses of `days` days on which the model has `share` times naive's loss, in a market `wildness` times as wild. */
function lived(share: number, days = 60, wildness = 1): LiveLoss[] {
  const random = createRandom(17);
  return Array.from({ length: days }, () => {
    const naiveCrps = wildness * (1 + 0.5 * random());
    return { crps: naiveCrps * (share + 0.03 * normal(random)), naiveCrps };
  });
}

describe('model decay', () => {
  it('is seen when the champion falls behind naive', () => {
    const finding = assessDecay(lived(1.15), PROMISED);
    assert.equal(finding.verdict, 'decayed');
    assert.ok(finding.ratio! > 1.1 && finding.ratio! < 1.2);
  });

  it('is not seen in a wild market that is as hard for naive', () => {
    assert.equal(assessDecay(lived(1, 60, 5), PROMISED).verdict, 'stable');
  });

  it('is not seen in a champion that only lost its lead', () => {
    assert.equal(assessDecay(lived(1), { crps: 0.9, naiveCrps: 1 }).verdict, 'stable');
  });

  it('is not seen in a difference too small to matter', () => {
    assert.equal(assessDecay(lived(1.012), PROMISED).verdict, 'stable');
  });

  it('cannot be told from a few days, or without a promise', () => {
    assert.equal(assessDecay(lived(2, 59), PROMISED).verdict, 'undetermined');
    assert.equal(assessDecay(lived(2), null).verdict, 'undetermined');
    assert.deepEqual(assessDecay(lived(2), { crps: 0, naiveCrps: 0 }), { verdict: 'undetermined', ratio: null });
  });
});
