import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findObstacle, obstacleOfReference } from '../../../../core/drift/distribution/obstacle.ts';
import { MINIMUM_CURRENT, MINIMUM_REFERENCE } from '../../../../core/drift/setting.ts';
import { asChanges, type Changes } from '../../../../core/series/transform.ts';
import { createRandom, normal } from '../../../../core/random.ts';

function noise(length: number, seed: number): Changes {
  const random = createRandom(seed);
  return asChanges(Float64Array.from({ length }, () => normal(random)));
}

const flat = (length: number): Changes => asChanges(new Float64Array(length).fill(0.5));
const reference = noise(MINIMUM_REFERENCE, 1);
const current = noise(MINIMUM_CURRENT, 2);

test('two windows of the least size that look like changes have nothing against them', () => {
  assert.equal(findObstacle(reference, current), null);
});

test('what stands against a verdict is named, and said with its figures', () => {
  const shortReference = { kind: 'short-reference', reason: 'The reference has 249 changes; a verdict needs 250.' };
  const shortWindow = { kind: 'short-window', reason: 'The current window has 29 changes; a verdict needs 30.' };
  assert.deepEqual(findObstacle(asChanges(reference.subarray(1)), current), shortReference);
  assert.deepEqual(findObstacle(reference, asChanges(current.subarray(1))), shortWindow);
  assert.equal(findObstacle(flat(300), current)?.kind, 'constant-reference');
  const likeLevels = findObstacle(reference, asChanges(current.map(Math.abs)));
  assert.equal(likeLevels?.kind, 'like-levels');
  assert.match(likeLevels.reason, /^The current values are all of one sign or wander/);
  assert.match(findObstacle(asChanges(reference.map(Math.abs)), current)?.reason ?? '', /^The reference values/);
});

test('too few days are said before anything about the days that are there', () => {
  assert.equal(findObstacle(flat(200), current)?.kind, 'short-reference');
  assert.equal(findObstacle(flat(300), flat(5))?.kind, 'short-window');
  assert.equal(obstacleOfReference(flat(300))?.kind, 'constant-reference', 'though a constant is of one sign as well');
});
