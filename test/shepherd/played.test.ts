import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../core/series/symbol.ts';
import type { EventKind } from '../../core/events.ts';
import { addDays } from '../../core/series/day.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { withDatabase } from '../../lab/database.ts';
import { SAMPLE_STARTS } from '../../shepherd/feeds/sample.ts';
import { readPlayed, sayPlayed } from '../../shepherd/played.ts';
import { bar, storeSeries } from '../helpers/records.ts';

const GSPC = parseSymbol('GSPC');

test('when a play is over it is said what was seen and what to try next', async (t) => {
  const { db } = await withDatabase(t);
  const days = [-1, 0, 1, 2].map((later) => addDays(SAMPLE_STARTS, later));
  await storeSeries(
    db,
    GSPC,
    days.map((day, i) => bar(day, 100 + i)),
  );
  const events: [EventKind, object][] = [
    ['drift:checked', { data: { verdict: 'stable' }, loss: { verdict: 'undetermined' } }],
    [
      'drift:checked',
      { data: { verdict: 'drifted' }, drift: { verdict: 'undetermined' }, loss: { verdict: 'stable' } },
    ],
    ['drift:checked', { data: { verdict: 'stable' }, loss: { verdict: 'decayed' } }],
    ['retrain:decided', { kind: 'train' }],
    ['retrain:decided', { kind: 'retrain' }],
    ['retrain:decided', { kind: 'keep' }],
    ['champion:promoted', {}],
  ];
  for (const [kind, payload] of events)
    await appendEvent(db, { kind, symbol: GSPC, runId: null, payload: { ...payload }, sentence: 'x' });
  const played = await readPlayed(db, GSPC);
  assert.deepEqual(
    [played.days.length, played.alarms, played.retrains, played.promotions, played.quality],
    [2, 2, 1, 1, null],
  );
  const sentence = sayPlayed(played);
  assert.match(
    sentence,
    /^The sample is over: 2 days of GSPC to 2019-10-03, 2 alarms, 1 retrain, 1 promotion with the first;/,
  );
  assert.match(sentence, /npx shepherd import prices\.csv --symbol ACME/);
});
