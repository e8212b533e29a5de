import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '../../lab/database.ts';
import { sealRecord } from '../../shepherd/record/seal.ts';
import { testSigner } from '../helpers/sealedRecord.ts';
import { decideBudget, recordEvent, SEEDED, seedFlock } from '../metrics/seededFlock.ts';
import { committedDashboards, sqlTargetsOf } from './committedDashboards.ts';

/** What Grafana puts in place of its macros and variables before a statement is sent. */
function expand(statement: string): string {
  return statement
    .replaceAll(/\$__timeFilter\((\w+)\)/g, "$1 BETWEEN now() - interval '1 day' AND now() + interval '1 day'")
    .replaceAll('${symbol:sqlstring}', `'${SEEDED.symbol}'`);
}

describe('a real PostgreSQL, asked with the login of the boards', () => {
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase();
    await seedFlock(database.db);
    await decideBudget(database.db, { spent: 4, allowed: 12 });
    await database.connectAs('owner').query(
      `UPDATE drift_checks SET detectors = '[{"detector": "ks", "statistic": 0.21, "limit": 0.25}]',
         report = '{"loss": {"peak": 2, "limit": 3}}'`,
    );
    for (const [kind, payload] of [
      ['champion:promoted', {}],
      ['retrain:decided', { kind: 'retrain' }],
      ['drift:checked', { drift: { verdict: 'drifted' } }],
      ['gate:judged', { verdict: 'keep' }],
      ['feed:silent', { missed: 2 }],
      ['run:finished', {}],
    ] as const)
      await recordEvent(database.db, kind, payload);
  });

  after(() => database.close());

  for (const board of committedDashboards()) {
    for (const { refId, rawSql } of sqlTargetsOf(board)) {
      test(`${board.uid}: ${refId} (${rawSql.slice(0, 60).replaceAll('\n', ' ')}…) finds something to draw`, async () => {
        const found = await database.connectAs('metrics').query<Record<string, unknown>>(expand(rawSql));
        assert.ok(found.length > 0, rawSql);
        if (refId === 'Anno') assert.deepEqual(Object.keys(found[0]!), ['time', 'text', 'tags']);
        // A column that is nowhere filled draws nothing, though it is there.
        for (const name of Object.keys(found[0]!).filter((column) => !MAY_BE_EMPTY.has(column)))
          assert.ok(
            found.some((row) => row[name] !== null),
            `${refId}: ${name}`,
          );
      });
    }
  }

  test('the login reads no table', async () => {
    await assert.rejects(database.connectAs('metrics').query('SELECT * FROM forecasts'), /permission denied|refused/i);
  });

  test('where a close fell in its distribution is a probability, low for a close below the forecast', async () => {
    const rows = await database.db.query<{ pit: number; change: number }>(
      `SELECT h.pit, s.change - (f.distribution ->> 'mean')::float8 AS change FROM forecast_history h
       JOIN forecasts f USING (symbol, as_of) JOIN forecast_scores s ON s.forecast_id = f.id WHERE h.pit IS NOT NULL`,
    );
    assert.ok(rows.length > 50);
    for (const { pit, change } of rows) {
      assert.ok(pit > 0 && pit < 1);
      assert.equal(pit > 0.5, change > 0);
    }
  });

  test('the newest rows of the record are what was sealed, and one that was changed past the program is not', async () => {
    await sealRecord(database.db, testSigner);
    const [whole] = await database
      .connectAs('metrics')
      .query<{ checked: number; broken: number }>('SELECT * FROM record_check');
    assert.ok(whole!.checked >= 6);
    assert.equal(whole!.broken, 0);
    const owner = database.connectAs('owner');
    await owner.query('ALTER TABLE events DISABLE TRIGGER append_only');
    await owner.query(`UPDATE events SET sentence = 'Another.' WHERE kind = 'feed:silent'`);
    const [changed] = await database.connectAs('metrics').query<{ broken: number }>('SELECT broken FROM record_check');
    assert.equal(changed!.broken, 1);
  });
});

/** Nothing of this is known of the seeded series, or nothing of it is amiss. */
const MAY_BE_EMPTY = new Set(['cause', 'previous', 'by']);
