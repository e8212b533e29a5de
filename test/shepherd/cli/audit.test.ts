import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { promote } from '../../../db/tables/champions.ts';
import { appendEvent } from '../../../db/tables/events.ts';
import { withDatabase } from '../../../lab/database.ts';
import { runCli } from '../../../shepherd/cli/cli.ts';
import { sealRecord } from '../../../shepherd/record/seal.ts';
import { testSigner } from '../../helpers/sealedRecord.ts';
import { DAY, newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';

const X = parseSymbol('X');

interface Answer {
  readonly live: readonly {
    readonly version: number | null;
    readonly promotion: object | null;
    readonly doubt: string | null;
  }[];
}

test('an audit answers from the sealed record, and says where a table beside it tells another story', async (t) => {
  const { db, urls, connectAs } = await withDatabase(t);
  await storeSeries(db, X);
  const [one, two] = [await storeModel(db, X), await storeModel(db, X)];
  await promote(db, newPromotion(X, one));
  const payload = { day: DAY, version: one, previous: null };
  await appendEvent(db, { kind: 'champion:promoted', symbol: X, runId: null, payload, sentence: 'Model one.' });
  const audit = async (at: string): Promise<Answer['live'][number]> => {
    let out = '';
    const io = { stdout: (text: string) => (out += text), stderr: () => undefined, isTerminal: false };
    const args = ['audit', '--at', at, '--symbol', X, '--json'];
    assert.equal(await runCli(args, { DATABASE_URL: urls.owner, SYMBOLS: X }, io), 0);
    return (JSON.parse(out) as Answer).live[0]!; // one symbol was asked for
  };
  await sealRecord(db, testSigner);
  const now = '2999-01-01T00:00:00Z';
  const before = await audit(now);
  assert.deepEqual([before.version, before.doubt], [one, null]);
  assert.ok(before.promotion !== null);
  assert.deepEqual((await audit('2001-01-01')).version, null);

  // Rows put in by hand: one dated back, and one as if it had happened just now.
  const owner = connectAs('owner');
  const insert = `INSERT INTO promotions (symbol, version, kind, reason, validated_to, evidence, reference, band, promoted_on, at)
    SELECT symbol, $1, 'gate', 'never was', validated_to, evidence, reference, band, promoted_on, $2 FROM promotions LIMIT 1`;
  await owner.query(insert, [two, '2000-01-01']);
  const early = await audit('2001-01-01');
  assert.deepEqual([early.version, early.promotion], [null, null]);
  assert.match(early.doubt ?? '', new RegExp(`says model ${two} since .*which the record does not tell`));
  await owner.query(insert, [two, '2998-01-01']);
  const late = await audit(now);
  assert.deepEqual([late.version, late.promotion], [one, null]);
  assert.match(late.doubt ?? '', /which the record does not tell/);

  await owner.transaction(async (client) => {
    await client.query('ALTER TABLE events DISABLE TRIGGER USER');
    await client.query(`UPDATE events SET payload = jsonb_set(payload, '{version}', '${two}')`);
    await client.query('ALTER TABLE events ENABLE TRIGGER USER');
  });
  assert.match((await audit(now)).doubt ?? '', /is not as it was appended; see shepherd verify/);
});
