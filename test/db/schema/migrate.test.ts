import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { scoreForecast } from '../../../core/forecast/score.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import { addDays } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { createDatabase } from '../../../db/connection/client.ts';
import { dumpSchema } from '../../../lab/schemaText.ts';
import { migrate } from '../../../db/schema/migrate.ts';
import { saveForecasts } from '../../../db/tables/forecasts.ts';
import { saveBars } from '../../../db/tables/prices.ts';
import { listScores, type ForecastScore } from '../../../db/tables/scores.ts';
import { createEmptyDatabase, withDatabase } from '../../../lab/database.ts';
import { issueForecast } from '../../../lab/scores.ts';
import { bar, DAY, storeModel } from '../../helpers/records.ts';

const MIGRATIONS = new URL('../../../../db/schema/migrations/', import.meta.url);
/** The source, not the copy that the build puts beside the compiled code. */
const SCHEMA = new URL('../../../../db/schema/schema.sql', import.meta.url);

const NUMBERS = readdirSync(MIGRATIONS)
  .sort()
  .map((name) => Number.parseInt(name, 10));

test('twenty at once apply each migration once, and one more finds nothing to do', async (t) => {
  const url = await createEmptyDatabase(t);
  const applied = await Promise.all(Array.from({ length: 20 }, () => migrate(url)));
  assert.deepEqual(
    applied.filter(({ length }) => length > 0),
    [NUMBERS],
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
  assert.deepEqual(await migrate(url), NUMBERS.slice(1));
});

test('scores of before 000004 get what they lack from their forecasts, as if they had been stored today', async (t) => {
  const url = await createEmptyDatabase(t);
  const db = createDatabase({ url, applicationName: 'test' });
  t.after(() => db.close());
  await db.query(
    'CREATE TABLE schema_migrations (number integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
  );
  for (const number of [1, 2, 3]) {
    await db.query(await readFile(new URL(`00000${number}.sql`, MIGRATIONS), 'utf8'));
    await db.query('INSERT INTO schema_migrations (number) VALUES ($1)', [number]);
  }
  const expected = [];
  for (const transform of ['log-return', 'difference'] as const) {
    const symbol = parseSymbol(transform.slice(0, 3));
    await db.query(`INSERT INTO series (symbol, source, transform) VALUES ($1, 'csv', $2)`, [symbol, transform]);
    await saveBars(db, symbol, [bar(DAY, 100)]);
    const version = await storeModel(db, symbol, { spec: { ...DEFAULT_SPEC, transform } });
    // As it was written then: the statement of today knows columns that came later.
    await db.query(
      `INSERT INTO promotions (symbol, version, kind, reason, validated_to, evidence, reference, band, promoted_on)
       VALUES ($1, $2, 'first', 'there was none', $3, '{}', '{}', '{}', $3)`,
      [symbol, version, DAY],
    );
    const issued = issueForecast(DAY, { error: 3, naiveError: 2 });
    await saveForecasts(db, symbol, version, [issued]);
    const score = scoreForecast({ ...issued, day: addDays(DAY, 1), actual: 103, transform });
    await db.query(
      `INSERT INTO forecast_scores (forecast_id, symbol, version, horizon, day, actual, squared_error, absolute_error,
         absolute_percentage_error, crps, naive_squared_error, naive_crps, covered)
       SELECT id, symbol, version, horizon, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM forecasts WHERE symbol = $1`,
      [
        symbol,
        score.day,
        score.actual,
        score.squaredError,
        score.absoluteError,
        score.absolutePercentageError,
        score.crps,
        score.naiveSquaredError,
        score.naiveCrps,
        score.covered,
      ],
    );
    expected.push({ ...score, symbol, version, asOf: DAY });
  }
  assert.deepEqual(await migrate(url), NUMBERS.slice(3));
  const rounded = (scores: readonly ForecastScore[]): object[] =>
    scores.map(({ change, changeError, ...rest }) => ({
      ...rest,
      change: change.toPrecision(12), // two logarithms may differ in their last bit
      changeError: changeError.toPrecision(12),
    }));
  assert.deepEqual(rounded(await listScores(db, { days: 9 })), rounded(expected).reverse());
});

test('a database that a newer build has taken something from is left alone', async (t) => {
  const { urls, connectAs } = await withDatabase(t);
  await connectAs('owner').query('INSERT INTO schema_migrations (number, oldest_build) VALUES (999, 999)');
  await assert.rejects(migrate(urls.owner), {
    code: 'SCHEMA_MISMATCH',
    message: `The database is at migration 999 but this build knows only ${NUMBERS.at(-1)}; run the build that made it, or a newer one.`,
  });
});

test('a database to which a newer build has only added keeps what that build granted', async (t) => {
  const { urls, connectAs } = await withDatabase(t);
  const owner = connectAs('owner');
  await owner.query('INSERT INTO schema_migrations (number) VALUES (999)');
  await owner.query('CREATE TABLE of_tomorrow (n int)');
  await owner.query('GRANT SELECT ON of_tomorrow TO shepherd_writer');
  assert.deepEqual(await migrate(urls.owner), []);
  assert.deepEqual(await connectAs('shepherd').query('SELECT n FROM of_tomorrow'), []);
});

test('a login that may not prepare a database is told what to grant, and with it may', async (t) => {
  const url = await createEmptyDatabase(t);
  const name = new URL(url).pathname.slice(1);
  const login = `plain_${process.pid}`;
  // Hooks run in their order: the role goes after the database that it owns.
  const admin = createDatabase({ url: new URL('/postgres', url).href, applicationName: 'test' });
  t.after(async () => {
    await admin.query(`DROP ROLE ${login}`);
    await admin.close();
  });
  await admin.query(`CREATE ROLE ${login} LOGIN PASSWORD 'plain'`);
  const plain = new URL(url);
  [plain.username, plain.password] = [login, 'plain'];
  const grants: string[] = [];
  for (let turn = 0; turn < 3; turn += 1) {
    const refusal = await migrate(plain.href).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (refusal === undefined) break;
    assert.ok(refusal instanceof ShepherdError);
    assert.equal(refusal.code, 'INVALID_CONFIG');
    const [, grant = ''] =
      /^The login \S+ may not prepare the database .*; let a superuser run: (.*)$/.exec(refusal.message) ?? [];
    grants.push(grant);
    await admin.query(grant);
  }
  assert.deepEqual(grants, [`ALTER DATABASE "${name}" OWNER TO "${login}";`]);
  assert.deepEqual(await migrate(plain.href), []);
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
