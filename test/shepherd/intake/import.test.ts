import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { parseSymbol } from '../../../core/series/symbol.ts';
import { findEvaluationData } from '../../../lab/evaluationData.ts';
import type { Database } from '../../../db/connection/client.ts';
import { listCloses, listRevisions } from '../../../db/tables/prices.ts';
import { findSeries } from '../../../db/tables/series.ts';
import { createCsvSource } from '../../../shepherd/feeds/csv.ts';
import { pullSymbol } from '../../../shepherd/intake/pull.ts';
import { runCli } from '../../../shepherd/cli/cli.ts';
import { createTestDatabase, type TestDatabase } from '../../../lab/database.ts';
import { simulateSeries } from '../../../lab/simulatedSeries.ts';

let database: TestDatabase;
let db: Database;
let folder: string;
let out: string[];
let err: string[];

const run = (...args: string[]): Promise<number> =>
  runCli(
    ['import', ...args],
    { DATABASE_URL: database.urls.shepherd },
    {
      stdout: (text) => out.push(...text.trimEnd().split('\n')),
      stderr: (text) => err.push(...text.trimEnd().split('\n')),
      isTerminal: false,
    },
  );
const write = (name: string, content: string): string => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};

before(async () => {
  database = await createTestDatabase();
  db = database.db;
  folder = mkdtempSync(join(tmpdir(), 'shepherd-import-'));
});
after(async () => {
  rmSync(folder, { recursive: true });
  await database.close();
});
beforeEach(() => {
  out = [];
  err = [];
});

describe('shepherd import', () => {
  it('keeps the column that was chosen: a later import and a pull of the file read the same one', async () => {
    const path = write('OPENS.csv', 'Date,Open,Close\n2020-03-16,10,20\n2020-03-17,11,21\n');
    assert.equal(await run(path, '--symbol', 'OPENS', '--column', 'Open'), 0);
    write('OPENS.csv', 'Date,Open,Close\n2020-03-16,10,20\n2020-03-17,11,21\n2020-03-18,12,22\n');
    assert.equal(await run(path, '--symbol', 'OPENS'), 0);
    write('OPENS.csv', 'Date,Open,Close\n2020-03-16,10,20\n2020-03-17,11,21\n2020-03-18,12,22\n2020-03-19,13,23\n');
    const source = createCsvSource({ path: folder, now: () => Date.parse('2020-03-20') });
    const outcome = await pullSymbol({ db, source }, parseSymbol('OPENS'));
    assert.equal(outcome.kind, 'updated');
    assert.deepEqual([...(await listCloses(db, parseSymbol('OPENS'))).closes], [10, 11, 12, 13]);
    assert.equal((await findSeries(db, parseSymbol('OPENS')))?.column, 'Open');
  });

  it('stores a file, says what it did, and changes nothing the second time', async () => {
    const path = write('a.csv', 'Date,Close\n2020-03-17,2529.19\n2020-03-16,2386.13\n');
    assert.equal(await run(path, '--symbol', 'A', '--time-zone', 'America/New_York'), 0);
    assert.deepEqual(out, [
      'A: read 2 rows of a.csv, column "Close", 2020-03-16 to 2020-03-17.',
      'A: 2 new, 0 revised, 0 unchanged.',
      'A: the model sees log returns, as every value is above 0.',
    ]);
    assert.deepEqual(await findSeries(db, parseSymbol('A')), {
      symbol: 'A',
      source: 'csv',
      transform: 'log-return',
      timeZone: 'America/New_York',
      column: null,
      model: {},
      settings: {},
    });
    out = [];
    assert.equal(await run(path, '--symbol', 'A'), 0);
    assert.equal(out[1], 'A: 0 new, 0 revised, 2 unchanged.');
    assert.equal((await findSeries(db, parseSymbol('A')))!.timeZone, 'America/New_York', 'what was said before stands');
  });

  it('tells of trading days that the file should have and has not', async () => {
    const days = simulateSeries({ length: 300, seed: 3 }).days;
    const gaps = new Set([days[40], days[41], days[200]]);
    const rows = days.filter((day) => !gaps.has(day)).map((day, i) => `${day},${100 + (i % 7)}`);
    const path = write('gaps.csv', `day,value\n${rows.join('\n')}\n`);
    out.length = 0;
    assert.equal(await run(path, '--symbol', 'GAPS'), 0);
    assert.ok(
      out.includes(`GAPS: 3 expected trading days are missing, the first ${days[40]!}, the last ${days[200]!}.`),
      out.join('\n'),
    );
    out.length = 0;
    await run(path, '--symbol', 'GAPS', '--json');
    assert.deepEqual((JSON.parse(out[0]!) as { missing: unknown }).missing, {
      days: 3,
      first: days[40],
      last: days[200],
    });
  });

  it('keeps corrected closes as revisions', async () => {
    await run(write('b.csv', 'Date,Close\n2020-03-16,10\n2020-03-17,11\n'), '--symbol', 'B');
    await run(write('b.csv', 'Date,Close\n2020-03-16,10\n2020-03-17,11.5\n2020-03-18,12\n'), '--symbol', 'B', '--json');
    const { inserted, revised, unchanged } = JSON.parse(out.at(-1)!) as Record<string, unknown>;
    assert.deepEqual([inserted, revised, unchanged], [1, 1, 1]);
    assert.deepEqual(
      (await listRevisions(db, parseSymbol('B'))).map((revision) => [revision.day, revision.old, revision.new]),
      [['2020-03-17', 11, 11.5]],
    );
  });

  it('takes another column, and differences where values are not all above 0', async () => {
    const path = write('c.csv', 'Date,Close,Temperature\n2020-03-16,1,-3.5\n2020-03-17,1,0\n2020-03-18,1,4\n');
    assert.equal(await run(path, '--symbol', 'C', '--column', 'temperature'), 0);
    assert.deepEqual([...(await listCloses(db, parseSymbol('C'))).closes], [-3.5, 0, 4]);
    assert.equal((await findSeries(db, parseSymbol('C')))!.transform, 'difference');
    assert.equal(out.at(-1), 'C: the model sees differences, as not every value is above 0.');
    await run(path, '--symbol', 'C', '--column', 'close');
    assert.equal(out.at(-1), 'C: the model sees differences, as when the series was first stored.');
  });

  it('refuses a price of 0 or below for a series of prices, and stores nothing of the file', async () => {
    await run(write('d.csv', 'Date,Close\n2020-03-16,10\n'), '--symbol', 'D');
    const path = write('d.csv', 'Date,Close\n2020-03-16,11\n2020-03-17,-5\n2020-03-18,12\n');
    assert.equal(await run(path, '--symbol', 'D'), 2);
    assert.deepEqual(err, [
      'D on 2020-03-17: close is -5; expected a price above 0. D is stored as a series of prices; import this file under another symbol. (INVALID_PRICE)',
    ]);
    assert.deepEqual([...(await listCloses(db, parseSymbol('D'))).closes], [10]);
    assert.deepEqual(await listRevisions(db, parseSymbol('D')), []);
  });

  it('refuses a broken file with one sentence, and stores nothing of it', async () => {
    const path = write('e.csv', 'Date,Close\n2020-03-16,10\n2020-03-17,abc\n');
    assert.equal(await run(path, '--symbol', 'E'), 2);
    assert.equal(err.length, 1);
    assert.match(err[0]!, /e\.csv, line 3, column "Close": "abc" is not a finite number/);
    assert.equal(await findSeries(db, parseSymbol('E')), undefined);
  });

  for (const [what, args, message] of [
    ['no file', ['--symbol', 'X'], /^Expected one file and a symbol: shepherd import/],
    ['two files', ['a.csv', 'b.csv', '--symbol', 'X'], /^Expected one file and a symbol/],
    ['no symbol', ['a.csv'], /^Expected one file and a symbol/],
    ['an odd symbol', ['a.csv', '--symbol', '../etc'], /^"\.\.\/etc" is not a symbol/],
    ['an unknown zone', ['a.csv', '--symbol', 'X', '--time-zone', 'Mars'], /^--time-zone "Mars" is not a time zone/],
    [
      'an unknown option',
      ['a.csv', '--symbol', 'X', '--colour'],
      /^Unknown option '--colour'\. usage: shepherd import/,
    ],
    ['an option without its value', ['a.csv', '--symbol'], /^Option '--symbol <value>' argument missing\. usage: /],
    [
      'a file that is not there',
      ['/nowhere/a.csv', '--symbol', 'X'],
      /^\/nowhere\/a\.csv: there is no such file\. \(INVALID_CSV\)$/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      assert.equal(await run(...args), 2);
      assert.match(err.join(' '), message);
    });
  }

  const data = findEvaluationData();
  for (const [symbol, timeZone, days] of [
    ['MSFT', 'America/New_York', 3_895],
    ['BTC-USD', 'UTC', 3_993],
    ['PETR4.SA', 'America/Sao_Paulo', 1_737],
  ] as const) {
    it(`imports the real ${symbol}`, { skip: data === undefined && 'no evaluation data' }, async () => {
      assert.equal(await run(join(data!, `${symbol}.csv`), '--symbol', symbol, '--time-zone', timeZone), 0);
      assert.equal((await listCloses(db, parseSymbol(symbol))).days.length, days, out.join('\n'));
      assert.equal((await findSeries(db, parseSymbol(symbol)))!.transform, 'log-return');
    });
  }
});
