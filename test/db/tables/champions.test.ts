import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../../core/decide/evidence.ts';
import type { DriftReference } from '../../../core/drift/distribution/reference.ts';
import { startBand, type BandState } from '../../../core/forecast/band.ts';
import { addDays } from '../../../core/series/day.ts';
import type { Client, Database } from '../../../db/connection/client.ts';
import {
  CHAMPION_CHANNEL,
  findChampion,
  promote,
  revalidate,
  rollback,
  saveBand,
  saveReference,
  type NewPromotion,
} from '../../../db/tables/champions.ts';
import { findPromotionAt, listPromotions } from '../../../db/tables/promotions.ts';
import { claimSlot } from '../../../db/tables/runs.ts';
import type { ReferencePeriod } from '../../../core/cycle/tenure.ts';
import { type ModelVersion, parseVersion } from '../../../core/model/version.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { withDatabase } from '../../../lab/database.ts';
import { BAND, DAY, newPromotion, storeModel, storeSeries } from '../../helpers/records.ts';

const REFERENCE: ReferencePeriod = { to: DAY, fitted: null };
const OTHER_REFERENCE: ReferencePeriod = { to: addDays(DAY, -30), fitted: null };
const EVIDENCE: Evidence = { 'fine-tuned': { days: [DAY], crps: [0.1], squaredError: [0.2] } };

const promotion = (
  version: ModelVersion,
  expected: ModelVersion | null,
  given: Partial<NewPromotion> = {},
): NewPromotion =>
  newPromotion(parseSymbol('X'), version, { expected, kind: expected === null ? 'first' : 'gate', ...given });

async function storeModels(db: Database): Promise<[ModelVersion, ModelVersion, ModelVersion]> {
  await storeSeries(db, parseSymbol('X'));
  return [
    await storeModel(db, parseSymbol('X')),
    await storeModel(db, parseSymbol('X')),
    await storeModel(db, parseSymbol('X')),
  ];
}

const served = async (client: Client): Promise<number | undefined> =>
  (await findChampion(client, parseSymbol('X')))?.model.version;

test('the first promotion needs no champion, a later one needs the champion it was decided against', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two, three] = await storeModels(db);
  assert.equal(await findChampion(db, parseSymbol('X')), undefined);
  assert.equal(await promote(db, promotion(two, one)), false);
  assert.equal(await promote(db, promotion(one, null, { evidence: EVIDENCE, reference: OTHER_REFERENCE })), true);
  assert.equal(await promote(db, promotion(two, null)), false);
  assert.equal(await promote(db, promotion(two, three)), false);
  assert.equal(await served(db), one);
  assert.equal(await promote(db, promotion(two, one)), true);

  const champion = await findChampion(db, parseSymbol('X'));
  assert.equal(champion?.model.version, two);
  assert.equal(champion.model.holdout.mse, 1.25);
  assert.equal(champion.model.trainedTo, DAY);
  assert.ok(!('weights' in champion.model));
  assert.deepEqual([champion.evidence, champion.reference], [{}, REFERENCE]);
  assert.deepEqual(
    (await listPromotions(db, parseSymbol('X'))).map(({ version, previous, kind }) => [version, previous, kind]),
    [
      [two, one, 'gate'],
      [one, null, 'first'],
    ],
  );
});

test('of many promotions against the same champion at once, one wins', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two, three] = await storeModels(db);
  await promote(db, promotion(one, null));
  const moved = await Promise.all([two, three, two, three, two].map((version) => promote(db, promotion(version, one))));
  assert.equal(moved.filter(Boolean).length, 1);
  assert.equal((await listPromotions(db, parseSymbol('X'))).length, 2);
});

test('a model of another series is refused and leaves no trace', async (t) => {
  const { db } = await withDatabase(t);
  await storeModels(db);
  await storeSeries(db, parseSymbol('Y'));
  const foreign = await storeModel(db, parseSymbol('Y'));
  await assert.rejects(promote(db, promotion(foreign, null)), {
    code: 'UNKNOWN_VERSION',
    message: `There is no model of version ${foreign} for X.`,
  });
  // Another refusal of the database is not that one.
  const kind = 'by magic' as NewPromotion['kind'];
  const own = await storeModel(db, parseSymbol('X'));
  await assert.rejects(promote(db, promotion(own, null, { kind })), { code: '23514' });
  await assert.rejects(promote(db, promotion(parseVersion(9_999), null)), { code: 'UNKNOWN_VERSION' });
  assert.equal(await served(db), undefined);
  assert.deepEqual(await listPromotions(db, parseSymbol('X')), []);
});

test('the notification comes with the commit, never before and never after a rollback', async (t) => {
  const { db, connectAs } = await withDatabase(t);
  const [one, two, three] = await storeModels(db);
  const heard: string[] = [];
  let next: (() => void) | undefined;
  await connectAs('estimator').listen(CHAMPION_CHANNEL, (payload) => {
    heard.push(payload);
    next?.();
  });
  const arrival = (): Promise<void> => new Promise((resolve) => (next = resolve));

  await assert.rejects(
    db.transaction(async (client) => {
      await promote(client, promotion(three, null));
      throw new Error('change of mind');
    }),
    /change of mind/,
  );
  let committed = arrival();
  await db.transaction(async (client) => {
    await promote(client, promotion(one, null));
    // A notification on another connection overtakes: had ours been sent already, it would have come first.
    const marked = arrival();
    await db.query(`SELECT pg_notify($1, 'marker')`, [CHAMPION_CHANNEL]);
    await marked;
    assert.deepEqual(heard, ['marker']);
    committed = arrival();
  });
  await committed;
  assert.deepEqual(JSON.parse(heard[1]!), { symbol: 'X', version: one });

  committed = arrival();
  await promote(db, promotion(two, one));
  await committed;
  assert.deepEqual(JSON.parse(heard[2]!), { symbol: 'X', version: two });
});

test('revalidation moves the clock of the champion it is meant for, and never back', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two] = await storeModels(db);
  await promote(db, promotion(one, null, { evidence: EVIDENCE, reference: OTHER_REFERENCE }));
  const later = addDays(DAY, 10);
  assert.equal(await revalidate(db, { symbol: parseSymbol('X'), expected: two, validatedTo: later }), false);
  assert.equal(
    await revalidate(db, { symbol: parseSymbol('X'), expected: one, validatedTo: later, evidence: {} }),
    true,
  );
  assert.equal(await revalidate(db, { symbol: parseSymbol('X'), expected: one, validatedTo: DAY }), true);
  const champion = await findChampion(db, parseSymbol('X'));
  assert.deepEqual([champion?.validatedTo, champion?.evidence, champion?.reference], [later, {}, OTHER_REFERENCE]);
});

test('rolling back walks one champion back each time, with what it was promoted with', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two, three] = await storeModels(db);
  const back = { symbol: parseSymbol('X'), reason: 'looks wrong', runId: null, promotedOn: addDays(DAY, 5) };
  await assert.rejects(rollback(db, back), { code: 'NO_CHAMPION' });
  await promote(db, promotion(one, null, { evidence: EVIDENCE, reference: OTHER_REFERENCE }));
  await assert.rejects(rollback(db, back), {
    code: 'NO_CHAMPION',
    message: 'X has no earlier champion to go back to.',
  });
  await promote(db, promotion(two, one, { validatedTo: addDays(DAY, 1) }));
  await promote(db, promotion(three, two));

  assert.deepEqual(await rollback(db, back), { from: three, to: two });
  assert.equal((await findChampion(db, parseSymbol('X')))?.validatedTo, addDays(DAY, 1));
  assert.deepEqual(await rollback(db, back), { from: two, to: one });
  const champion = await findChampion(db, parseSymbol('X'));
  assert.deepEqual([champion?.evidence, champion?.reference], [EVIDENCE, OTHER_REFERENCE]);
  await assert.rejects(rollback(db, back), { code: 'NO_CHAMPION' });
  const [last] = await listPromotions(db, parseSymbol('X'));
  assert.deepEqual([last?.kind, last?.reason, last?.previous], ['rollback', 'looks wrong', two]);
});

test('what was live at an instant is answered from the record', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two] = await storeModels(db);
  await promote(db, promotion(one, null));
  await db.query('SELECT pg_sleep(0.002)'); // instants cross as milliseconds
  await promote(db, promotion(two, one));
  const [second, first] = await listPromotions(db, parseSymbol('X'));
  assert.ok(first !== undefined && second !== undefined);
  assert.equal(await findPromotionAt(db, parseSymbol('X'), '2000-01-01'), undefined);
  assert.deepEqual(await findPromotionAt(db, parseSymbol('X'), first.at), first);
  assert.deepEqual(await findPromotionAt(db, parseSymbol('X'), second.at), second);
});

test('a champion that came back by hand gives way to the one it replaced, with what that one had last', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two, three] = await storeModels(db);
  const back = { symbol: parseSymbol('X'), reason: 'looks wrong', runId: null, promotedOn: addDays(DAY, 9) };
  const band = (seen: number): BandState => startBand([[seen, seen]]);
  await promote(db, promotion(one, null));
  await promote(db, promotion(two, one, { validatedTo: addDays(DAY, 1), band: band(1), promotedOn: addDays(DAY, 1) }));
  await promote(db, promotion(three, two));
  const last = { validatedTo: addDays(DAY, 3), evidence: EVIDENCE, reference: OTHER_REFERENCE, band: band(2) };
  await promote(db, promotion(two, three, { kind: 'forced', ...last }));
  await promote(db, promotion(one, two, { kind: 'forced' }));
  assert.deepEqual(await rollback(db, back), { from: one, to: two });
  const champion = await findChampion(db, parseSymbol('X'));
  const { validatedTo, evidence, reference, promotedOn } = champion!;
  assert.deepEqual({ validatedTo, evidence, reference, band: champion!.band }, last);
  assert.equal(promotedOn, back.promotedOn);
  // It arrived twice: before its last arrival model three was in service, not the one before its first.
  assert.deepEqual(await rollback(db, back), { from: two, to: three });
});

test('what is done to one series leaves the other as it was', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two] = await storeModels(db);
  await storeSeries(db, parseSymbol('Y'));
  const [other, next] = [await storeModel(db, parseSymbol('Y')), await storeModel(db, parseSymbol('Y'))];
  await promote(db, promotion(one, null));
  await promote(db, newPromotion(parseSymbol('Y'), other));
  await promote(db, newPromotion(parseSymbol('Y'), next, { expected: other }));
  const before = [await findChampion(db, parseSymbol('Y')), await listPromotions(db, parseSymbol('Y'))];
  await promote(db, promotion(two, one));
  await revalidate(db, {
    symbol: parseSymbol('X'),
    expected: two,
    validatedTo: addDays(DAY, 5),
    reference: OTHER_REFERENCE,
  });
  const fitted = { digest: 'ab' } as DriftReference; // what it holds is no matter here
  await saveReference(db, parseSymbol('X'), { to: OTHER_REFERENCE.to, fitted });
  await saveReference(db, parseSymbol('X'), { to: DAY, fitted: null });
  await saveBand(db, parseSymbol('X'), two, startBand([[7]]));
  await rollback(db, { symbol: parseSymbol('X'), reason: 'r', runId: null, promotedOn: DAY });
  assert.deepEqual([await findChampion(db, parseSymbol('Y')), await listPromotions(db, parseSymbol('Y'))], before);
  assert.equal(await findChampion(db, parseSymbol('W')), undefined);
  assert.equal((await findPromotionAt(db, parseSymbol('X'), '2999-01-01'))?.version, one);
  assert.equal((await findPromotionAt(db, parseSymbol('Y'), '2999-01-01'))?.version, next);
});

test('a fit is kept with the reference it was made for, and with no other', async (t) => {
  const { db } = await withDatabase(t);
  const [one] = await storeModels(db);
  await storeSeries(db, parseSymbol('Y'));
  await promote(db, promotion(one, null));
  await promote(db, newPromotion(parseSymbol('Y'), await storeModel(db, parseSymbol('Y'))));
  const fitted = { digest: 'ab' } as DriftReference; // what it holds is no matter here
  await saveReference(db, parseSymbol('X'), { to: OTHER_REFERENCE.to, fitted });
  assert.deepEqual(
    (await findChampion(db, parseSymbol('X')))?.reference,
    REFERENCE,
    'the reference has moved on meanwhile',
  );
  await saveReference(db, parseSymbol('X'), { to: DAY, fitted });
  assert.deepEqual((await findChampion(db, parseSymbol('X')))?.reference, { to: DAY, fitted });
  assert.deepEqual((await findChampion(db, parseSymbol('Y')))?.reference, REFERENCE);
});

test('found still the best, a champion gets the reference that is given and keeps the day it was promoted', async (t) => {
  const { db } = await withDatabase(t);
  const [one] = await storeModels(db);
  await promote(db, promotion(one, null, { evidence: EVIDENCE, promotedOn: addDays(DAY, -1) }));
  const before = (await findChampion(db, parseSymbol('X')))!;
  assert.deepEqual([before.promotedOn, before.validatedTo], [addDays(DAY, -1), DAY]);
  await db.query('SELECT pg_sleep(0.002)'); // instants cross as milliseconds
  await revalidate(db, {
    symbol: parseSymbol('X'),
    expected: one,
    validatedTo: addDays(DAY, 2),
    reference: OTHER_REFERENCE,
  });
  const after = (await findChampion(db, parseSymbol('X')))!;
  assert.ok(after.validatedAt > before.validatedAt);
  assert.deepEqual(after, {
    ...before,
    validatedTo: addDays(DAY, 2),
    validatedAt: after.validatedAt,
    reference: OTHER_REFERENCE,
  });
});

test('a promotion is on record with all that it put into service', async (t) => {
  const { db } = await withDatabase(t);
  const [one, two] = await storeModels(db);
  const runId = (await claimSlot(db, { symbol: parseSymbol('X'), slot: 'a', trigger: 'manual' }))!;
  await promote(db, promotion(one, null));
  const given = { runId, reason: 'better', validatedTo: addDays(DAY, 3), promotedOn: addDays(DAY, 4) };
  await promote(db, promotion(two, one, { ...given, evidence: EVIDENCE, reference: OTHER_REFERENCE }));
  const [latest] = await db.query(
    `SELECT symbol, version, previous, kind, reason, run_id AS "runId", validated_to AS "validatedTo", evidence, reference, band,
       promoted_on AS "promotedOn" FROM promotions ORDER BY id DESC LIMIT 1`,
  );
  const facts = { symbol: 'X', version: two, previous: one, kind: 'gate', ...given };
  assert.deepEqual(latest, { ...facts, evidence: EVIDENCE, reference: OTHER_REFERENCE, band: BAND });
  assert.equal((await listPromotions(db, parseSymbol('X')))[0]?.runId, runId);
});
