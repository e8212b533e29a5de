import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventKind } from '../../../core/events.ts';
import { parseRunId } from '../../../core/runId.ts';
import { foldStory, isQuiet } from '../../../core/story/foldStory.ts';

const told = (run: number | null, kind: EventKind, payload: Readonly<Record<string, unknown>> = {}) => ({
  runId: run === null ? null : parseRunId(String(run)),
  at: `at ${run}`,
  kind,
  payload,
  sentence: `${kind} of ${run}`,
});

const quiet = (run: number) => [
  told(run, 'prices:pulled'),
  told(run, 'drift:checked', {
    drift: { verdict: 'stable' },
    watch: { verdict: 'stable' },
    loss: { verdict: 'stable' },
  }),
  told(run, 'retrain:decided'),
  told(run, 'run:finished', { outcome: 'kept', reason: 'fresh' }),
];

test('a run is quiet when it kept the champion as it should and nothing moved, and only then', () => {
  assert.equal(isQuiet(quiet(1)), true);
  assert.equal(isQuiet(quiet(1).slice(0, -1)), false, 'one that has not ended');
  for (const [kind, payload] of [
    ['drift:checked', { drift: { verdict: 'drifted' } }],
    ['drift:checked', { watch: { verdict: 'drifted' } }],
    ['drift:checked', { loss: { verdict: 'decayed' } }],
    ['feed:silent', {}],
    ['training:finished', {}],
  ] as const)
    assert.equal(isQuiet([...quiet(1), told(1, kind, payload)]), false, kind);
  for (const reason of ['pinned', 'budget-spent', 'cooling-down', 'feed-fault'])
    assert.equal(isQuiet([told(1, 'run:finished', { outcome: 'kept', reason })]), false, reason);
});

test('quiet runs in a row are one chapter that keeps the last; what decided something stands alone, and so does an act of a person', () => {
  const loud = [told(4, 'prices:pulled'), told(4, 'run:finished', { outcome: 'revalidated', reason: 'stale' })];
  const story = foldStory([
    ...[1, 2, 3].flatMap(quiet),
    ...loud,
    told(null, 'champion:pinned'),
    ...[5, 6].flatMap(quiet),
  ]);
  assert.deepEqual(
    story.map(({ quiet: folded, runs, from, to, events }) => [folded, runs, from, to, events.length]),
    [
      [true, 3, 'at 1', 'at 3', 4],
      [false, 1, 'at 4', 'at 4', 2],
      [false, 0, 'at null', 'at null', 1],
      [true, 2, 'at 5', 'at 6', 4],
    ],
  );
  assert.deepEqual(foldStory([]), []);
});
