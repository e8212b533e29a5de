import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silentLog } from '../../../lab/silentLog.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import { type ModelVersion, parseVersion } from '../../../core/model/version.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findChampion, promote } from '../../../db/tables/champions.ts';
import type { Client, Database } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { saveBars } from '../../../db/tables/prices.ts';
import { listPromotions } from '../../../db/tables/promotions.ts';
import type { Log } from '../../../service/log.ts';
import { forcePromotion, rollBack } from '../../../shepherd/run/force.ts';
import { withDatabase } from '../../../lab/database.ts';
import { bar, newPromotion, storeSeries } from '../../helpers/records.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';
import { serveModel, storeWorkingModel } from '../../helpers/workingModels.ts';
import { calibrationWith } from '../../helpers/smallModel.ts';

const series = simulateSeries({ length: 720, seed: 25 });
const TODAY = series.days.at(-1)!;
const [EARLIER, TRAINED_TO] = [series.days[500]!, series.days[654]!];

function listener(): { told: RecordedEvent[]; log: Log } {
  const told: RecordedEvent[] = [];
  return { told, log: { ...silentLog, event: (event) => told.push(event) } };
}

/** Two models, the first in service since an earlier day. */
async function setUp(db: Database): Promise<{ one: ModelVersion; two: ModelVersion }> {
  await storeSeries(
    db,
    parseSymbol('X'),
    series.days.map((day, i) => bar(day, series.closes[i]!)),
  );
  const one = await storeWorkingModel(db, parseSymbol('X'), { series });
  const two = await storeWorkingModel(db, parseSymbol('X'), { series, spreadFactor: 2 });
  await serveModel(db, parseSymbol('X'), one, {
    validatedTo: EARLIER,
    promotedOn: EARLIER,
    reference: { to: EARLIER, fitted: null },
  });
  return { one, two };
}

/** As it is, with a change made by someone else just before the pointer is moved. */
function overtaken(db: Database, change: (client: Client) => Promise<unknown>): Database {
  return {
    ...db,
    transaction: async (work) => {
      await change(db);
      return db.transaction(work);
    },
  };
}

test('a model put into service by hand is judged by nothing since its training, and says who asked', async (t) => {
  const { db } = await withDatabase(t);
  const { one, two } = await setUp(db);
  const { told, log } = listener();
  const answer = await forcePromotion(db, { version: two, symbol: parseSymbol('X'), reason: 'the desk asks' }, log);
  assert.deepEqual(answer, { symbol: 'X', version: two, previous: one });
  const now = (await findChampion(db, parseSymbol('X')))!;
  assert.deepEqual(
    [now.model.version, now.promotedOn, now.validatedTo, now.reference, now.evidence, now.band],
    [two, TODAY, TRAINED_TO, { to: TRAINED_TO, fitted: null }, {}, calibrationWith(2).band],
  );
  const [promotion] = await listPromotions(db, parseSymbol('X'));
  assert.deepEqual(
    [promotion?.version, promotion?.previous, promotion?.kind, promotion?.reason, promotion?.runId],
    [two, one, 'forced', 'the desk asks', null],
  );
  assert.deepEqual(
    told.map(({ kind, symbol, runId, payload, sentence }) => ({ kind, symbol, runId, payload, sentence })),
    [
      {
        kind: 'champion:promoted',
        symbol: 'X',
        runId: null,
        payload: { day: TODAY, version: two, previous: one, reason: 'forced', words: 'the desk asks' },
        sentence: `Model ${two} was put into service by hand: the desk asks`,
      },
    ],
  );
  assert.deepEqual(await listEvents(db, { limit: 9 }), told);
});

test('a first model can be put into service by hand, also where no price is stored', async (t) => {
  const { db } = await withDatabase(t);
  await storeSeries(db, parseSymbol('X'));
  const version = await storeWorkingModel(db, parseSymbol('X'), { series });
  const answer = await forcePromotion(db, { version, reason: 'none yet' }, listener().log);
  assert.equal(answer.previous, null);
  assert.equal((await findChampion(db, parseSymbol('X')))?.promotedOn, TRAINED_TO);
});

test('a promotion by hand that makes no sense is refused in one sentence and leaves no trace', async (t) => {
  const { db } = await withDatabase(t);
  const { one, two } = await setUp(db);
  const broken = await storeWorkingModel(db, parseSymbol('X'), {
    series,
    golden: { closes: [...series.closes.slice(0, 60)], prediction: -1 },
  });
  const { told, log } = listener();
  const reason = 'because';
  for (const [request, code, message] of [
    [{ version: parseVersion(4711), reason }, 'UNKNOWN_VERSION', /^There is no model of version 4711\.$/],
    [
      { version: two, symbol: parseSymbol('Y'), reason },
      'UNKNOWN_VERSION',
      new RegExp(`^Model ${two} belongs to X, not to Y\\.$`),
    ],
    [{ version: one, reason }, 'INVALID_INPUT', new RegExp(`^Model ${one} is the champion of X already\\.$`)],
    [{ version: broken, reason }, 'INVALID_ARTIFACT', new RegExp(`^Model ${broken} answers `)],
  ] as const) {
    await assert.rejects(forcePromotion(db, request, log), { code, message });
  }
  const three = await storeWorkingModel(db, parseSymbol('X'), { series });
  const busy = overtaken(db, (client) => promote(client, newPromotion(parseSymbol('X'), three, { expected: one })));
  await assert.rejects(forcePromotion(busy, { version: two, reason }, log), {
    code: 'CONFLICT',
    message: 'The champion of X was changed by someone else just now; look again.',
  });
  assert.equal((await findChampion(db, parseSymbol('X')))?.model.version, three);
  assert.deepEqual([told, await listEvents(db, { limit: 9 })], [[], []]);
});

test('going back puts the champion before into service with what it had, today, and says why', async (t) => {
  const { db } = await withDatabase(t);
  const { one, two } = await setUp(db);
  const before = (await findChampion(db, parseSymbol('X')))!;
  await forcePromotion(db, { version: two, reason: 'the desk asks' }, listener().log);
  await saveBars(db, parseSymbol('X'), [bar('2030-01-01', 100)]);
  const { told, log } = listener();
  const answer = await rollBack(db, { symbol: parseSymbol('X'), reason: 'worse' }, log);
  assert.deepEqual(answer, { symbol: 'X', from: two, to: one });
  const now = (await findChampion(db, parseSymbol('X')))!;
  assert.deepEqual(
    [now.model.version, now.promotedOn, now.validatedTo, now.reference, now.band],
    [one, '2030-01-01', before.validatedTo, before.reference, before.band],
  );
  assert.deepEqual(
    told.map(({ kind, symbol, runId, payload, sentence }) => ({ kind, symbol, runId, payload, sentence })),
    [
      {
        kind: 'champion:rolled-back',
        symbol: 'X',
        runId: null,
        payload: { day: '2030-01-01', from: two, to: one, words: 'worse' },
        sentence: `Back to model ${one} from model ${two}: worse`,
      },
    ],
  );
  assert.deepEqual((await listEvents(db, { limit: 1 }))[0], told[0]);
});

test('going back where that cannot be says why and leaves no trace', async (t) => {
  const { db } = await withDatabase(t);
  const { one, two } = await setUp(db);
  const { told, log } = listener();
  await assert.rejects(rollBack(db, { symbol: parseSymbol('NOWHERE'), reason: 'r' }, log), {
    code: 'UNKNOWN_SYMBOL',
    message: 'There is no series NOWHERE; known: X.',
  });
  await assert.rejects(rollBack(db, { symbol: parseSymbol('X'), reason: 'r' }, log), { code: 'NO_CHAMPION' });
  await promote(db, newPromotion(parseSymbol('X'), two, { expected: one }));
  // Someone else's promotion commits between the look at the present champion and the move away from it.
  const three = await storeWorkingModel(db, parseSymbol('X'), { series });
  const busy: Database = {
    ...db,
    transaction: (work) =>
      db.transaction((client) =>
        work({
          query: async (text, parameters) => {
            if (text.includes('INSERT INTO promotions'))
              await promote(db, newPromotion(parseSymbol('X'), three, { expected: two }));
            return client.query(text, parameters);
          },
        }),
      ),
  };
  await assert.rejects(rollBack(busy, { symbol: parseSymbol('X'), reason: 'r' }, log), {
    code: 'CONFLICT',
    message: 'The champion of X was changed by someone else just now; look again.',
  });
  assert.equal((await findChampion(db, parseSymbol('X')))?.model.version, three);
  assert.deepEqual([told, await listEvents(db, { limit: 9 })], [[], []]);
});
