import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { Client } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { findPromotionAt, findRecordedChampion } from '../../../db/tables/promotions.ts';
import { withDatabase } from '../../../lab/database.ts';
import { storeModel, storeSeries } from '../../helpers/records.ts';

const X = parseSymbol('X');
const GROWING = ['events', 'promotions', 'decisions', 'record_leaves'];

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly Plan[];
}

function scannedBy(plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' ? [plan['Relation Name'] ?? ''] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(scannedBy)];
}

test('an audit of a moment among 10,000 decisions reads no growing table from end to end', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const owner = connectAs('owner');
  await storeSeries(db, X);
  const version = await storeModel(db, X);
  await owner.query(
    `INSERT INTO decisions (symbol, day, stage, verdict, reason, sentence, report)
     SELECT 'X', '2020-01-10', 'retrain', 'keep', 'fresh', 'Kept.', '{}' FROM generate_series(1, 10000)`,
  );
  await owner.query(
    `INSERT INTO events (symbol, kind, payload, sentence)
     SELECT 'X', CASE WHEN n % 100 = 0 THEN 'champion:promoted' ELSE 'retrain:decided' END, jsonb_build_object('version', $1::int), 'So.'
     FROM generate_series(1, 10000) AS n`,
    [version],
  );
  await owner.query(
    `INSERT INTO promotions (symbol, version, kind, reason, validated_to, evidence, reference, band, promoted_on, at)
     SELECT 'X', $1, 'gate', 'better', '2020-01-10', '{}', '{}', '{}', '2020-01-10', now() - n * interval '1 day' FROM generate_series(1000, 1, -1) AS n`,
    [version],
  );
  for (const table of GROWING) await owner.query(`ANALYZE ${table}`);
  const asked: string[] = [];
  const explaining: Client = {
    async query<T>(text: string, parameters?: readonly unknown[]) {
      const [row] = await db.query<{ 'QUERY PLAN': readonly { readonly Plan: Plan }[] }>(
        `EXPLAIN (FORMAT JSON) ${text}`,
        parameters,
      );
      asked.push(text);
      const scanned = row!['QUERY PLAN'].flatMap(({ Plan: plan }) => scannedBy(plan));
      assert.deepEqual(
        scanned.filter((table) => GROWING.includes(table)),
        [],
        text,
      );
      return db.query<T>(text, parameters);
    },
  };
  const began = performance.now();
  for (const at of ['2020-01-01T00:00:00.000Z', new Date().toISOString(), '2999-01-01T00:00:00.000Z']) {
    await findRecordedChampion(explaining, X, at);
    await findPromotionAt(explaining, X, at);
    await listEvents(explaining, { until: at, limit: 20 });
    await listEvents(explaining, { until: at, limit: 20, symbol: X });
  }
  assert.equal(asked.length, 12);
  t.diagnostic(`three audits, each asked and explained: ${Math.round(performance.now() - began)} ms`);
});
