import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { parseDay } from '../../../core/series/day.ts';
import { parseSymbol, type SeriesSymbol } from '../../../core/series/symbol.ts';
import { createCsvSource } from '../../../shepherd/feeds/csv.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'shepherd-csv-'));
  writeFileSync(join(folder, 'MSFT.csv'), 'Date,Close\n2020-03-16,135.42\n2020-03-17,146.57\n');
  writeFileSync(join(folder, 'petr4.sa.CSV'), 'Date,Close\n2020-03-16,14.1\n');
});
after(() => {
  rmSync(folder, { recursive: true });
});
const now = (): number => Date.parse('2020-03-18T12:00:00Z');

it('finds the file of a symbol in a folder, whatever its case', async () => {
  const source = createCsvSource({ path: folder, now, timeZone: 'America/New_York' });
  assert.equal((await source.fetchBars(parseSymbol('MSFT'), {})).bars.length, 2);
  assert.equal((await source.fetchBars(parseSymbol('PETR4.SA'), {})).bars[0]!.close, 14.1);
  assert.deepEqual(await source.describe(parseSymbol('MSFT')), { timeZone: 'America/New_York' });
  assert.equal(source.today(), '2020-03-18');
});

it('reads a single file for any symbol, and the column it is told', async () => {
  const path = join(folder, 'MSFT.csv');
  assert.equal((await createCsvSource({ path, now, column: 'close' }).fetchBars(parseSymbol('X'), {})).bars.length, 2);
});

it('gives only the days asked for, and rows appended since the last pull', async () => {
  const source = createCsvSource({ path: folder, now });
  const range = { from: parseDay('2020-03-17') };
  assert.deepEqual(
    (await source.fetchBars(parseSymbol('MSFT'), range)).bars.map(({ day }) => day),
    ['2020-03-17'],
  );
  appendFileSync(join(folder, 'MSFT.csv'), '2020-03-18,140.4\n');
  assert.deepEqual(
    (await source.fetchBars(parseSymbol('MSFT'), range)).bars.map(({ day }) => day),
    ['2020-03-17', '2020-03-18'],
  );
});

it('names the files there are when the symbol has none, and never leaves the folder', async () => {
  const source = createCsvSource({ path: folder, now });
  await assert.rejects(source.fetchBars(parseSymbol('AAPL'), {}), {
    code: 'UNKNOWN_SYMBOL',
    message: `There is no AAPL.csv in ${folder}; it holds MSFT.csv, petr4.sa.CSV.`,
  });
  await assert.rejects(source.fetchBars('../x/MSFT' as SeriesSymbol, {}), { code: 'UNKNOWN_SYMBOL' });
  await assert.rejects(createCsvSource({ path: join(folder, 'none'), now }).fetchBars(parseSymbol('AAPL'), {}), {
    code: 'INVALID_CSV',
    message: /there is no such file/,
  });
});
