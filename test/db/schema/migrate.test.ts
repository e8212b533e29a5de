import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { createDatabase } from '../../../db/connection/client.ts';
import { dumpSchema } from '../../../db/schema/dump.ts';
import { migrate } from '../../../db/schema/migrate.ts';
import { createEmptyDatabase, withDatabase } from '../../../lab/database.ts';

/** The source, not the copy that the build puts beside the compiled code. */
const SCHEMA = new URL('../../../../db/schema/schema.sql', import.meta.url);

test('twenty at once apply each migration once, and one more finds nothing to do', async (t) => {
  const url = await createEmptyDatabase(t);
  const applied = await Promise.all(Array.from({ length: 20 }, () => migrate(url)));
  assert.deepEqual(
    applied.filter(({ length }) => length > 0),
    [[1, 2, 3]],
  );
  assert.deepEqual(await migrate(url), []);
});

test('a migration that fails leaves nothing of itself, and the next attempt goes on from there', async (t) => {
  const url = await createEmptyDatabase(t);
  const db = createDatabase({ url, applicationName: 'test' });
  t.after(() => db.close());
  await db.query('CREATE VIEW events AS SELECT 1'); // in the way of the second migration
  await assert.rejects(migrate(url), { code: '42P07' });
  assert.deepEqual(await db.query('SELECT number FROM schema_migrations'), [{ number: 1 }]);
  await db.query('DROP VIEW events');
  assert.deepEqual(await migrate(url), [2, 3]);
});

test('a database of a newer build is left alone', async (t) => {
  const { urls, connectAs } = await withDatabase(t);
  await connectAs('owner').query('INSERT INTO schema_migrations (number) VALUES (999)');
  await assert.rejects(migrate(urls.owner), {
    code: 'INVALID_CONFIG',
    message:
      'The database is at migration 999 but this build knows only 3; run the build that made it, or a newer one.',
  });
});

test('an unreachable server is one clear sentence without the password', async () => {
  await assert.rejects(migrate('postgres://me:secret@127.0.0.1:1/shepherd'), (error: Error) => {
    assert.match(error.message, /^PostgreSQL at 127\.0\.0\.1:1\/shepherd \(user me\) is not available: .*ECONNREFUSED/);
    assert.doesNotMatch(error.message, /secret/);
    return true;
  });
});

// After a change: UPDATE_SCHEMA=1 node --test dist/test/db/schema/migrate.test.js
test('db/schema/schema.sql is what the migrations make', async (t) => {
  const { connectAs } = await withDatabase(t);
  const owner = connectAs('owner');
  const [server] = await owner.query<{ major: number }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major`,
  );
  if (server?.major !== 17) {
    t.skip(`PostgreSQL ${String(server?.major)} prints definitions in other words than 17`);
    return;
  }
  const made = await dumpSchema(owner);
  if (process.env['UPDATE_SCHEMA'] !== undefined) await writeFile(SCHEMA, made);
  assert.equal(made, await readFile(SCHEMA, 'utf8'));
});
