import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCsvSeries } from '../../estimator/csvSeries.ts';

const read = (text: string, column?: string) => readCsvSeries(Buffer.from(text), column);

async function valuesOf(text: string, column?: string): Promise<number[]> {
  return [...(await read(text, column)).values];
}

test('the value is the named column, else the best known one, else the only one beside the day', async () => {
  const ranked = ['close', 'adj close', 'adj_close', 'value', 'price', 'y', 'data'];
  for (const [rank, name] of ranked.entries()) {
    // Those that are less wanted stand before it, in capitals and with spaces around them.
    const header = ['open', ...ranked.slice(rank).toReversed()].map((each) => ` ${each.toUpperCase()} `);
    const row = header.map((each) => (each.trim().toLowerCase() === name ? 7 : 1));
    assert.deepEqual(await valuesOf(`${header.join(',')}\n${row.join(',')}`), [7], name);
  }
  assert.deepEqual(await valuesOf('date,close,open\n2020-01-01,1,2', ' OPEN '), [2]);
  for (const day of ['Date', 'day', 'ds', 'time', 'timestamp']) {
    assert.deepEqual(await valuesOf(`load,${day}\n3,2020-01-01`), [3]);
  }
});

test('a column that is not there, or cannot be guessed, is refused with those that are', async () => {
  const several = /^Line 1 has no column "close"; its columns are a, b\. Name one as target_column\.$/;
  await assert.rejects(read('a,b\n1,2'), { code: 'INVALID_CSV', message: several });
  await assert.rejects(read('date,load\n2020-01-01,3', 'temperature'), {
    code: 'INVALID_CSV',
    message: 'Line 1 has no column "temperature"; its columns are date, load. Name one as target_column.',
  });
  await assert.rejects(read('date\n2020-01-01'), { message: /no column "close"; its columns are date\./ });
});

test('rows with days are put in order, oldest first, and the last day is told; without days they stay as they came', async () => {
  const shuffled = await read('close,date\n3,2020-01-03\n1,2020-01-01T16:00:00Z\n2,2020-01-02 00:00');
  assert.deepEqual([...shuffled.values, shuffled.lastDay], [1, 2, 3, '2020-01-03']);
  const undated = await read('close\n3\n1\n2');
  assert.deepEqual([...undated.values, undated.lastDay], [3, 1, 2, null]);
  assert.deepEqual(await read('date,close'), { values: new Float64Array(), lastDay: null });
});

test('a byte-order mark, empty lines, ragged rows, empty and null cells do no harm', async () => {
  const text = '\uFEFFclose,date\r\n1,2020-01-01\r\n\r\n,2020-01-02\r\nnull,2020-01-03\r\n4,2020-01-04,more\r\n ,\r\n';
  const { values, lastDay } = await read(text);
  assert.deepEqual([...values, lastDay], [1, 4, '2020-01-04']);
});

test('a fault is named by its line, as an editor counts them, its column, and what was read', async () => {
  const long = 'x'.repeat(60);
  for (const [text, message] of [
    ['date,Close\n2020-01-01,1\n2020-01-02,n/a', 'Line 3, column "Close" is "n/a"; expected a number.'],
    [`close\n${long}`, `Line 2, column "close" is "${'x'.repeat(40)}"; expected a number.`],
    ['close\nInfinity', 'Line 2, column "close" is "Infinity"; expected a number.'],
    ['date,close\n01.02.2020,1', 'Line 2: "01.02.2020" is not a day; write YYYY-MM-DD.'],
    ['date,close\n2020-02-30,1', 'Line 2: "2020-02-30" is not a day; write YYYY-MM-DD.'],
    ['close\n"1', 'The file is not readable as CSV; check its quotes.'],
    ['', 'The CSV file is empty.'],
  ] as const) {
    await assert.rejects(read(text), { code: 'INVALID_CSV', message });
  }
});

test('a file of many pieces loses nothing at their seams, and others get their turn between them', async () => {
  const values = Array.from({ length: 20_000 }, (_, i) => i);
  let turns = 0;
  let counting = true;
  const count = (): void => {
    turns += 1;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  assert.deepEqual(await valuesOf(`close\n${values.join('\n')}`), values);
  counting = false;
  assert.ok(turns >= 3, `${turns} turns in 109 kB`);
  await assert.rejects(read(`close\n"${'1\n'.repeat(40_000)}"x\n`), { message: /check its quotes/ });
});
