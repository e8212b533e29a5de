import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventKind } from '../../core/events.ts';
import { parseRunId } from '../../core/runId.ts';
import { createStoryLog } from '../../service/storyLog.ts';

/** What is told of events, each `run kind` with its payload. */
function tell(...events: readonly (readonly [run: number | null, kind: EventKind, payload?: object])[]): string[] {
  const told: string[] = [];
  const log = createStoryLog({
    event: ({ sentence }) => told.push(sentence),
    note: (sentence) => told.push(sentence),
    error: (sentence) => told.push(sentence),
  });
  for (const [run, kind, payload = {}] of events) {
    const runId = run === null ? null : parseRunId(String(run));
    log.event({ id: '1', at: '', symbol: null, runId, kind, payload: { ...payload }, sentence: `${run} ${kind}` });
  }
  return told;
}

const quiet = (run: number) =>
  [
    [run, 'prices:pulled'],
    [run, 'drift:checked', { drift: { verdict: 'stable' } }],
    [run, 'retrain:decided', { kind: 'keep', reason: 'fresh' }],
    [run, 'run:finished', { outcome: 'kept', reason: 'fresh' }],
  ] as const;

test('quiet runs are one line, told when something else happens; a run that decided something is told whole', () => {
  const loud = [
    [4, 'prices:pulled'],
    [4, 'drift:checked', { drift: { verdict: 'drifted' } }],
    [4, 'gate:judged', { verdict: 'keep' }],
    [4, 'run:finished', { outcome: 'revalidated', reason: 'drifted' }],
  ] as const;
  assert.deepEqual(tell(...quiet(1), ...quiet(2), ...quiet(3), ...loud, ...quiet(5), [null, 'champion:pinned']), [
    '3 quiet runs: nothing moved, the champion stayed.',
    '4 prices:pulled',
    '4 drift:checked',
    '4 gate:judged',
    '4 run:finished',
    '1 quiet run: nothing moved, the champion stayed.',
    'null champion:pinned',
  ]);
});

test('every "no" is told: a drift that is not answered, a pin, a feed that is silent', () => {
  for (const [kind, payload] of [
    ['retrain:decided', { kind: 'keep', reason: 'cooling-down' }],
    ['retrain:decided', { kind: 'keep', reason: 'budget-spent' }],
    ['feed:silent', {}],
    ['run:failed', {}],
  ] as const)
    assert.deepEqual(tell([1, 'prices:pulled'], [1, kind, payload]), ['1 prices:pulled', `1 ${kind}`]);
});

test('a long calm is told of now and then', () => {
  assert.deepEqual(tell(...Array.from({ length: 45 }, (_, i) => quiet(i + 1)).flat()), [
    '20 quiet runs: nothing moved, the champion stayed.',
    '20 quiet runs: nothing moved, the champion stayed.',
  ]);
});
