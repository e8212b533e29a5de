import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listMigrations } from '../../../db/schema/migrations.ts';
import { migrate } from '../../../db/schema/migrate.ts';
import { obstacleOf, requireSchema, waitForSchema } from '../../../db/schema/version.ts';
import { createEmptyDatabase, withDatabase } from '../../../lab/database.ts';

const NEWEST = listMigrations().at(-1)!.number;

test('a build works with its own tables and with newer ones that took nothing from it', () => {
  assert.equal(obstacleOf({ number: 12, oldestBuild: 0 }, 12), undefined);
  assert.equal(obstacleOf({ number: 15, oldestBuild: 12 }, 12), undefined);
  assert.match(obstacleOf({ number: 15, oldestBuild: 13 }, 12)!, /knows only 12/);
  assert.match(
    obstacleOf({ number: 11, oldestBuild: 0 }, 12)!,
    /is at migration 11 .* needs migration 12; run: npx shepherd migrate/,
  );
  assert.match(obstacleOf({ number: 0, oldestBuild: 0 }, 12)!, /has no tables yet/);
});

test('whoever logs in may ask', async (t) => {
  const { urls, connectAs } = await withDatabase(t);
  for (const url of [urls.owner, urls.shepherd, urls.estimator, urls.metrics]) await requireSchema(url);
  await connectAs('owner').query('INSERT INTO schema_migrations (number, oldest_build) VALUES (999, 999)');
  for (const url of [urls.owner, urls.shepherd, urls.estimator, urls.metrics])
    await assert.rejects(requireSchema(url), { code: 'SCHEMA_MISMATCH' });
});

test('a start waits for the migrator, says so once, and gives up in the end or when asked to stop', async (t) => {
  const url = await createEmptyDatabase(t);
  const notes: string[] = [];
  const note = (sentence: string): void => {
    notes.push(sentence);
  };
  await assert.rejects(waitForSchema(url, { note, signal: new AbortController().signal, termMs: 600 }), {
    code: 'SCHEMA_MISMATCH',
  });
  assert.equal(notes.length, 1);
  assert.match(
    notes[0]!,
    new RegExp(`has no tables yet and this build needs migration ${NEWEST}.* Waiting for it, 1 s at most`),
  );

  const stop = new AbortController();
  const stopped = waitForSchema(url, {
    note: () => {
      stop.abort();
    },
    signal: stop.signal,
  });
  await assert.rejects(stopped, { code: 'CANCELLED' });

  const waiting = waitForSchema(url, { note, signal: new AbortController().signal });
  await migrate(url);
  await waiting;
});

// What takes away must say so, or a program of the build before would fail in the middle of its work.
test('a migration that takes something away names the builds that it ends', () => {
  const TAKES_AWAY = /\b(DROP (TABLE|COLUMN|VIEW|FUNCTION)|RENAME|SET NOT NULL|ALTER COLUMN \w+ TYPE)\b/i;
  for (const { number, statements, oldestBuild } of listMigrations()) {
    if (number <= 12) continue; // before programs looked
    if (TAKES_AWAY.test(statements))
      assert.ok(
        oldestBuild > 0,
        `migration ${number}: begin with "-- ends builds before ${String(number).padStart(6, '0')}"`,
      );
    assert.ok(oldestBuild <= number, `migration ${number} ends its own build`);
  }
});
