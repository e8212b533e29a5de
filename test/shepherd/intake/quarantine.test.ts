import { parseSymbol } from '../../../core/series/symbol.ts';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { listEvents, verifyChain } from '../../../db/tables/events.ts';
import { listFaults } from '../../../db/tables/faults.ts';
import { listCloses } from '../../../db/tables/prices.ts';
import { PRICES_CHANNEL } from '../../../db/tables/serving.ts';
import { listHeldBars } from '../../../db/tables/views.ts';
import { withDatabase } from '../../../lab/database.ts';
import { silentLog } from '../../../lab/silentLog.ts';
import { createCsvSource } from '../../../shepherd/feeds/csv.ts';
import { pullSymbol } from '../../../shepherd/intake/pull.ts';
import { acceptHeld, rejectHeld } from '../../../shepherd/intake/quarantine.ts';
import { csvFolder, simulatedCsv } from '../../helpers/shepherdRun.ts';

type Hooks = Parameters<typeof withDatabase>[0];

const lines = simulatedCsv(130, 3).trimEnd().split('\n');
/** The file's first rows, from row `jump` on at half their level. */
function fallen(rows: number, jump: number): string {
  const body = lines.slice(0, rows + 1).map((line, i) => {
    const [day, close] = line.split(',');
    return i <= jump ? line : `${day!},${Number(close) / 2}`;
  });
  return `${body.join('\n')}\n`;
}

async function setUp(t: Hooks) {
  const folder = csvFolder(t, { X: fallen(120, 120) });
  const { db, connectAs } = await withDatabase(t);
  const source = createCsvSource({ path: folder, now: () => Date.parse('2016-01-05T00:00:00Z') });
  const pull = (text?: string) => {
    if (text !== undefined) writeFileSync(join(folder, 'X.csv'), text);
    return pullSymbol({ db, source, log: silentLog }, parseSymbol('X'));
  };
  await pull();
  const held = () => listFaults(db, { symbol: parseSymbol('X'), heldOnly: true, limit: 99 });
  const days = async () => (await listCloses(db, parseSymbol('X'))).days.length;
  return { db, connectAs, pull, held, days };
}

test('what is accepted becomes prices at once, stays accepted, and is told to whoever serves the series', async (t) => {
  const { db, pull, held, days } = await setUp(t);
  await pull(fallen(122, 120));
  const [first, second] = await held();
  assert.deepEqual([(await held()).length, first?.kind, await days()], [2, 'split-unadjusted', 120]);

  let announce: (symbol: string) => void = () => undefined;
  const announced = new Promise<string>((resolve) => (announce = resolve));
  await db.listen(PRICES_CHANNEL, (symbol) => {
    announce(symbol);
  });
  const settled = await acceptHeld(db, { id: second!.id, reason: 'a fraud came out' }, silentLog);
  assert.deepEqual(settled, { symbol: 'X', kind: 'split-unadjusted', from: first!.day, to: second!.day, bars: 2 });
  assert.equal(await announced, 'X');
  assert.deepEqual([await held(), await days()], [[], 122]);
  const [event] = await listEvents(db, { symbol: parseSymbol('X'), limit: 1 });
  assert.deepEqual([event?.kind, event?.payload['words']], ['feed:accepted', 'a fraud came out']);
  assert.match(event!.sentence, /^2 bars held back as split-unadjusted taken as right \(.* to .*\): a fraud came out$/);
  assert.equal((await verifyChain(db)).intact, true);

  await pull(fallen(130, 120));
  assert.deepEqual([await held(), await days()], [[], 130], 'the level is not doubted again');
});

test('what is rejected waits no longer and never becomes a price, while later days of it are held as before', async (t) => {
  const { db, pull, held, days } = await setUp(t);
  await pull(fallen(121, 120));
  const [one] = await held();
  await rejectHeld(db, { id: one!.id, reason: 'the exchange cancelled the trades' }, silentLog);
  assert.deepEqual([await held(), await days()], [[], 120]);
  const [event] = await listEvents(db, { symbol: parseSymbol('X'), limit: 1 });
  assert.equal(event?.kind, 'feed:rejected');
  await pull(fallen(122, 120));
  assert.deepEqual([(await held()).map(({ day }) => day > one!.day), await days()], [[true], 120]);
});

test('settling twice, or what is not held, is refused and changes nothing', async (t) => {
  const { db, pull, held } = await setUp(t);
  await pull(fallen(121, 120));
  const [one] = await held();
  await acceptHeld(db, { id: one!.id, reason: 'right' }, silentLog);
  for (const id of [one!.id, '999999']) {
    await assert.rejects(rejectHeld(db, { id, reason: 'wrong' }, silentLog), { code: 'NOTHING_HELD' });
  }
  assert.equal((await listEvents(db, { symbol: parseSymbol('X'), limit: 1 }))[0]?.kind, 'feed:accepted');
});

test('the metrics see how many bars of each kind wait, zeros included', async (t) => {
  const { connectAs, pull } = await setUp(t);
  await pull(fallen(123, 120));
  const rows = await listHeldBars(connectAs('metrics'));
  assert.deepEqual(
    rows.map(({ symbol, kind, bars }) => [symbol, kind, bars]),
    [
      ['X', 'invalid-price', 0],
      ['X', 'repeated-tick', 0],
      ['X', 'split-unadjusted', 3],
      ['X', 'swapped-date', 0],
      ['X', 'unit-error', 0],
    ],
  );
});
