import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordedEvent } from '../../core/events.ts';
import type { Client } from '../../db/connection/client.ts';
import { appendEvent } from '../../db/tables/events.ts';
import { withDatabase } from '../../lab/database.ts';
import { silentLog } from '../../lab/silentLog.ts';
import { shareStory } from '../../shepherd/sharedStory.ts';

const say = (client: Client, sentence: string): Promise<RecordedEvent> =>
  appendEvent(client, { kind: 'champion:promoted', symbol: null, runId: null, payload: { n: 1 }, sentence });

test('what any process puts into the record is told once, whoever sees it first, and nothing of before the start', async (t) => {
  const { db } = await withDatabase(t);
  const told: string[] = [];
  const other = db.as('ann@desk');
  await say(other, 'long ago');
  const story = shareStory(db, {
    ...silentLog,
    event: ({ sentence, payload }) => told.push(`${sentence} ${JSON.stringify(payload)}`),
  });
  await story.look();
  const started = await say(db.as('schedule'), 'started');
  story.log.event(started);
  story.beginAfter(started);
  await say(other, 'theirs');
  const own = await say(db.as('schedule'), 'own, told before the look');
  story.log.event(own);
  await story.look();
  const late = await say(db.as('schedule'), 'own, told after the look');
  await story.look();
  story.log.event(late);
  await story.look();
  story.log.event(own);
  assert.deepEqual(told, [
    'started {"n":1,"by":"schedule"}',
    'own, told before the look {"n":1,"by":"schedule"}',
    'theirs {"n":1,"by":"ann@desk"}',
    'own, told after the look {"n":1,"by":"schedule"}',
  ]);
});

test('an event whose transaction ends after later ones is told as well, and once', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const other = connectAs('shepherd');
  const told: string[] = [];
  const story = shareStory(other, { ...silentLog, event: ({ sentence }) => told.push(sentence) });
  story.beginAfter(await say(db, 'started'));
  await db.transaction(async (client) => {
    await say(client, 'begun first');
    await say(other, 'done first');
    await story.look();
  });
  await story.look();
  await story.look();
  assert.deepEqual(told, ['done first', 'begun first']);
});
