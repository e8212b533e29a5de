import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderInPieces } from '../../estimator/renderJson.ts';

test('an answer rendered in pieces is the answer, whatever its length, and others get their turn between the pieces', async () => {
  for (const length of [0, 1, 499, 500, 501, 1_700]) {
    const answer = { horizon: 2, predictions: Array.from({ length }, (_, i) => ({ i, text: '"[]"' })), asOf: null };
    let turns = 0;
    let counting = true;
    const count = (): void => {
      turns += 1;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const { predictions, ...rest } = answer;
    assert.equal(await renderInPieces(answer), JSON.stringify({ predictions, ...rest }));
    counting = false;
    assert.equal(turns, Math.max(0, Math.ceil(length / 500) - 1), `${length} entries`);
  }
});
