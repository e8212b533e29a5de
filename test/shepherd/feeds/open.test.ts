import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { ShepherdError } from '../../../core/errors.ts';
import { parseDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findSeries } from '../../../db/tables/series.ts';
import { openSource } from '../../../shepherd/feeds/open.ts';
import { pullSymbol } from '../../../shepherd/intake/pull.ts';
import { ensureSeries } from '../../../shepherd/intake/series.ts';
import type { PriceSource } from '../../../shepherd/feeds/source.ts';
import { createTestDatabase, type TestDatabase } from '../../../lab/database.ts';
import { createYahooReplay, walkBars } from '../../helpers/yahooReplay.ts';

const SECOND = 1_000;
const settings = { csvPath: '/nowhere', sampleDaySeconds: 2, yahooHost: undefined };
let database: TestDatabase;
before(async () => {
  database = await createTestDatabase();
});
after(() => database.close());

it('plays the sample into the database, and goes on after a restart where it was', async () => {
  const { db } = database;
  let now = 0;
  const clock = (): number => now;
  const source = await openSource({ ...settings, source: 'sample' }, db, clock);
  const inserted: number[] = [];
  for (let pulls = 0; pulls < 140; pulls += 1, now += 2 * SECOND) {
    const outcome = await pullSymbol({ source, db }, parseSymbol('GSPC'));
    if (outcome.kind === 'updated') {
      inserted.push(outcome.inserted);
      assert.deepEqual([outcome.revised, outcome.faults], [0, []], outcome.sentence);
    }
    if (pulls === 100) {
      const restarted = await openSource({ ...settings, source: 'sample' }, db, clock);
      assert.equal(restarted.today(), source.today());
    }
  }
  assert.equal(inserted[0], 4_968);
  assert.deepEqual(new Set(inserted.slice(1)), new Set([1]));
  assert.equal(source.today(), '2020-04-17');
  assert.equal((await findSeries(db, parseSymbol('GSPC')))!.timeZone, 'America/New_York');
});

it('opens a folder of files, which may hold what is no price', async () => {
  const { db } = database;
  const folder = mkdtempSync(join(tmpdir(), 'shepherd-open-'));
  try {
    writeFileSync(join(folder, 'TEMP.csv'), 'day,value\n2020-01-01,-3\n2020-01-02,0.5\n');
    const source = await openSource({ ...settings, source: 'csv', csvPath: folder }, db, Date.now);
    await ensureSeries(db, source, [parseSymbol('TEMP')], { note: () => undefined });
    const outcome = await pullSymbol({ source, db }, parseSymbol('TEMP'));
    assert.equal(outcome.kind === 'updated' && outcome.inserted, 2);
    assert.equal((await findSeries(db, parseSymbol('TEMP')))!.transform, 'difference');
    writeFileSync(join(folder, 'TEMP.csv'), 'day,value\n2020-01-01,-3\nsoon,1\n');
    const broken = await pullSymbol({ source, db }, parseSymbol('TEMP'));
    assert.equal(broken.kind === 'unavailable' && broken.code, 'INVALID_CSV');
    assert.match(broken.sentence, /TEMP\.csv, line 3, column "day": "soon" is not a day/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('follows the symbols of the settings, and refuses one that the feed does not know', async () => {
  const { db } = database;
  const replay = await createYahooReplay({
    series: { 'PETR4.SA': { timeZone: 'America/Sao_Paulo', bars: walkBars({ from: '2024-01-02', days: 5, seed: 1 }) } },
    now: () => Date.parse('2024-01-10T00:00:00Z'),
  });
  try {
    const source = await openSource({ ...settings, source: 'yahoo', yahooHost: replay.host }, db, Date.now);
    const notes: string[] = [];
    const note = (sentence: string): void => void notes.push(sentence);
    await ensureSeries(db, source, [parseSymbol('PETR4.SA')], { note });
    await ensureSeries(db, source, [parseSymbol('PETR4.SA')], { note });
    assert.deepEqual(notes, ['PETR4.SA: now followed, from yahoo.']);
    assert.equal((await findSeries(db, parseSymbol('PETR4.SA')))!.timeZone, 'America/Sao_Paulo');
    await assert.rejects(ensureSeries(db, source, [parseSymbol('NOPE')], { note }), { code: 'UNKNOWN_SYMBOL' });
    assert.equal(await findSeries(db, parseSymbol('NOPE')), undefined);
  } finally {
    await replay.close();
  }
});

it('follows a symbol also while its feed is down', async () => {
  const { db } = database;
  const down: PriceSource = {
    name: 'yahoo',
    today: () => parseDay('2024-01-10'),
    describe: () => Promise.reject(new ShepherdError('FEED_UNAVAILABLE', 'It does not answer.')),
    fetchBars: () => Promise.reject(new ShepherdError('FEED_UNAVAILABLE', 'It does not answer.')),
  };
  await ensureSeries(db, down, [parseSymbol('LATER')], { note: () => undefined });
  assert.equal((await findSeries(db, parseSymbol('LATER')))!.timeZone, 'UTC');
});
