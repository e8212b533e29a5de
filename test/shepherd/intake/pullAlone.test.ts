import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { holdSymbol } from '../../../db/connection/holdSymbol.ts';
import { listCloses } from '../../../db/tables/prices.ts';
import { pullAlone } from '../../../shepherd/intake/pullAlone.ts';
import { csvFolder, setUpRun, simulatedCsv } from '../../helpers/shepherdRun.ts';

const X = parseSymbol('X');

test('a pull waits for whoever works on the symbol, stores nothing meanwhile, and is told when that takes too long', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(40, 1) }));
  const { db, databaseUrl } = context;
  const held = await holdSymbol(databaseUrl, X, { onLost: () => undefined });
  await assert.rejects(pullAlone({ ...context, patienceMs: 0 }, X), { code: 'CONFLICT', message: /working on X/ });
  const waiting = pullAlone({ ...context, patienceMs: 60_000 }, X);
  assert.equal((await listCloses(db, X)).days.length, 0);
  await held.release();
  assert.equal((await waiting).kind, 'updated');
  assert.equal((await listCloses(db, X)).days.length, 40);
});

test('a pull whose symbol is taken by another while the feed answers stores nothing', async (t) => {
  const { context } = await setUpRun(t, csvFolder(t, { X: simulatedCsv(40, 1) }));
  const { db, source } = context;
  const slow = {
    ...source,
    async fetchBars(...asked: Parameters<typeof source.fetchBars>) {
      const bars = await source.fetchBars(...asked);
      await db.query(`UPDATE leases SET epoch = nextval('lease_epochs')`);
      return bars;
    },
  };
  await assert.rejects(pullAlone({ ...context, source: slow, patienceMs: 0 }, X), { code: 'SUPERSEDED' });
  assert.equal((await listCloses(db, X)).days.length, 0);
});
