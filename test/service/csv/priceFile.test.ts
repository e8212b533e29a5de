import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { findEvaluationData } from '../../../lab/evaluationData.ts';
import { ShepherdError } from '../../../core/errors.ts';
import { addDays, parseDay } from '../../../core/series/day.ts';
import { readPriceCsv, readValuesCsv, type PriceCsv } from '../../../service/csv/priceFile.ts';

const read = (content: string | Uint8Array, column?: string): Promise<PriceCsv> =>
  readPriceCsv({ name: 'x.csv', content }, { column });
const closes = async (content: string | Uint8Array, column?: string): Promise<unknown[]> =>
  (await read(content, column)).bars.map(({ day, close }) => [day, close]);

const TWO_DAYS = [
  ['2020-03-16', 2386.13],
  ['2020-03-17', 2529.19],
];

describe('price files that are read', () => {
  it("reads Yahoo's columns", async () => {
    const { bars, column, rows } = await read(
      'Date,Open,High,Low,Close,Adj Close,Volume\n2020-03-16,2508.59,2562.98,2380.94,2386.13,2386.12,7781540000\n',
    );
    assert.deepEqual(bars, [
      {
        day: '2020-03-16',
        open: 2508.59,
        high: 2562.98,
        low: 2380.94,
        close: 2386.13,
        adjustedClose: 2386.12,
        volume: 7781540000,
      },
    ]);
    assert.deepEqual([column, rows], ['Close', 1]);
  });

  for (const [what, content] of Object.entries({
    'columns in any case, with underscores': 'DATE,adj_close,CLOSE\n2020-03-16,1,2386.13\n2020-03-17,1,2529.19\n',
    'a day and a value': 'date,value\n2020-03-16,2386.13\n2020-03-17,2529.19\n',
    'a value and a day': 'S&P 500,Day\n2386.13,2020-03-16\n2529.19,2020-03-17\n',
    'days in an unnamed first column': ',Close,Volume\n2020-03-16,2386.13,5\n2020-03-17,2529.19,5\n',
    'a byte order mark and CRLF': '\uFEFFDate,Close\r\n2020-03-16,2386.13\r\n2020-03-17,2529.19\r\n',
    'lone carriage returns': 'Date,Close\r2020-03-16,2386.13\r2020-03-17,2529.19\r',
    'no line end after the last row': 'Date,Close\n2020-03-16,2386.13\n2020-03-17,2529.19',
    'blank lines, spaces and empty rows': '\n\nDate , Close\n 2020-03-16 , 2386.13 \n,\n\n2020-03-17,2529.19\n\n',
    'semicolons and decimal commas': 'Date;Close\n2020-03-16;2386,13\n2020-03-17;2529,19\n',
    'thousands points and decimal commas': 'Date;Close\n16.03.2020;2.386,13\n17.03.2020;2.529,19\n',
    tabs: 'Date\tClose\n2020-03-16\t2386.13\n2020-03-17\t2529.19\n',
    'quoted cells with thousands commas': '"Date","Close"\n"2020-03-16","2,386.13"\n"2020-03-17","2,529.19"\n',
    'quoted decimal commas': 'Date,Close\n2020-03-16,"2386,13"\n2020-03-17,"2529,19"\n',
    exponents: 'Date,Close\n2020-03-16,2.38613e3\n2020-03-17,2.52919E+03\n',
    'shuffled rows': 'Date,Close\n2020-03-17,2529.19\n2020-03-16,2386.13\n',
    'rows written twice': 'Date,Close\n2020-03-16,2386.13\n2020-03-17,2529.19\n2020-03-16,2386.13\n',
    'days without trade':
      'Date,Close\n2020-03-14,\n2020-03-15,null\n2020-03-16,2386.13\n2020-03-17,2529.19\n2020-03-18,N/A\n',
    'times after the day': 'Date,Close\n2020-03-16 00:00:00-04:00,2386.13\n2020-03-17T00:00:00Z,2529.19\n',
    'slashes, year first': 'Date,Close\n2020/03/16,2386.13\n2020/3/17,2529.19\n',
    'packed days': 'Date,Close\n20200316,2386.13\n20200317,2529.19\n',
    'slashes, day first': 'Date,Close\n16/03/2020,2386.13\n17/03/2020,2529.19\n',
    'slashes, month first': 'Date,Close\n03/16/2020,2386.13\n3/17/2020,2529.19\n',
    'named months': 'Date,Close\n16-Mar-2020,2386.13\n"March 17, 2020",2529.19\n',
    "yfinance's three header lines":
      'Price,Close,High\nTicker,^GSPC,^GSPC\nDate,,\n2020-03-16,2386.13,2562.98\n2020-03-17,2529.19,2553.93\n',
  })) {
    it(`reads ${what}`, async () => {
      assert.deepEqual(await closes(content), TWO_DAYS);
    });
  }

  it('lets other rows show whether day or month comes first', async () => {
    const days = async (rows: string): Promise<unknown[]> =>
      (await read(`Date,Close\n${rows}`)).bars.map(({ day }) => day);
    assert.deepEqual(await days('03/04/2020,1\n13/04/2020,2\n'), ['2020-04-03', '2020-04-13']);
    assert.deepEqual(await days('03/04/2020,1\n03/13/2020,2\n'), ['2020-03-04', '2020-03-13']);
  });

  it('takes a named column alone, as the others describe another price', async () => {
    const { bars, column } = await read('Date,Close,Adj Close,Temp. °C\n2020-03-16,1,2,-3.5\n', 'temp. °c');
    assert.deepEqual([bars[0].close, bars[0].adjustedClose, column], [-3.5, null, 'Temp. °C']);
    assert.deepEqual(await closes('Date,Close,Adj Close\n2020-03-16,1,2\n', 'adj_close'), [['2020-03-16', 2]]);
  });

  it('reads zero and negative values: whether they are prices is for the series to say', async () => {
    assert.deepEqual(await closes('Date,Close\n2020-04-20,-37.63\n2020-04-21,0\n'), [
      ['2020-04-20', -37.63],
      ['2020-04-21', 0],
    ]);
  });

  it('gives back what was written, in any order and either way of writing numbers', async () => {
    const rows = fc.uniqueArray(
      fc.tuple(fc.integer({ min: 0, max: 20_000 }), fc.double({ min: 1e-6, max: 1e6, noNaN: true })),
      { selector: ([day]) => day, minLength: 1, maxLength: 30 },
    );
    await fc.assert(
      fc.asyncProperty(rows, fc.boolean(), async (series, comma) => {
        const written = series.map(([n, value]) => {
          const price = Math.round(value * 1e6) / 1e6;
          return { day: addDays(parseDay('1970-01-01'), n), price, text: price.toFixed(6) };
        });
        const lines = written.map(({ day, text }) => (comma ? `${day};${text.replace('.', ',')}` : `${day},${text}`));
        const expected = written.map(({ day, price }) => [day, price]).sort((a, b) => (a[0]! < b[0]! ? -1 : 1));
        const header = comma ? 'Date;Close' : 'Date,Close';
        assert.deepEqual(await closes(`${header}\n${lines.join('\n')}`), expected);
      }),
      { numRuns: 50 },
    );
  });

  const data = findEvaluationData();
  const skip = data === undefined && 'no evaluation data';
  it('reads real files; the odd row of PETR4 is a holiday', { skip }, async () => {
    const count = async (file: string): Promise<number> =>
      (await readPriceCsv({ path: join(data!, file) })).bars.length;
    assert.equal(await count('MSFT.csv'), 3_895);
    assert.equal(await count('BTC-USD.csv'), 3_993);
    assert.equal(await count('GSPC.csv'), 24_367);
    const { bars } = await readPriceCsv({ path: join(data!, 'PETR4.SA.csv') });
    assert.equal(bars.length, 1_737);
    assert.ok(!bars.some(({ day }) => day === '2018-01-25'));
  });
});

describe('price files that are refused', () => {
  for (const [what, content, message] of [
    ['an empty file', '', 'x.csv: is empty; expected a header line such as Date,Close and a row a day.'],
    ['blank lines only', '\n \n', 'x.csv: is empty; expected a header line such as Date,Close and a row a day.'],
    ['a header alone', 'Date,Close\n', 'x.csv: has a header but no rows; expected a row a day.'],
    ['no header', '2020-03-16,2386.13\n', 'x.csv: has a header but no rows; expected a row a day.'],
    [
      'a row where the header belongs',
      '2020-03-16,1\n2020-03-17,2\n',
      'x.csv, line 1: "2020-03-16", "1" stands where the header is expected; begin with a line such as Date,Close.',
    ],
    ['no column of days', 'a,Close\n1,2\n', 'x.csv, line 1: expected a column "Date"; found "a", "Close".'],
    [
      'no column that is known',
      'a,b\n1,2\n',
      'x.csv, line 1: expected columns "Date" and "Close"; found "a", "b". Name the price: --column of a command, target_column of a form.',
    ],
    [
      'no column of prices',
      'Date,Open,High\n2020-03-16,1,2\n',
      'x.csv, line 1: expected a column "Close"; found "Date", "Open", "High". Name the price: --column of a command, target_column of a form.',
    ],
    [
      'two columns of prices',
      'Date,Close,Close\n2020-03-16,1,2\n',
      'x.csv, line 1: expected one column "Close"; found "Date", "Close", "Close".',
    ],
    [
      'a price that is not a number',
      'Date,Close\n2020-03-16,1\n2020-03-17,abc\n',
      'x.csv, line 3, column "Close": "abc" is not a finite number; expected a price such as 123.45, or nothing.',
    ],
    [
      'NaN',
      'Date,Close\n2020-03-16,NaN\n',
      'x.csv, line 2, column "Close": "NaN" is not a finite number; expected a price such as 123.45, or nothing.',
    ],
    [
      'infinity',
      'Date,Close\n2020-03-16,1e999\n',
      'x.csv, line 2, column "Close": "1e999" is not a finite number; expected a price such as 123.45, or nothing.',
    ],
    [
      'a volume below zero',
      'Date,Close,Volume\n2020-03-16,1,-5\n',
      'x.csv, line 2, column "Volume": volume is -5; expected a number from 0.',
    ],
    [
      'prices nowhere',
      'Date,Close\n2020-03-16,\n',
      'x.csv, column "Close": holds no price; expected a number in at least one row.',
    ],
    [
      'a day that is none',
      'Date,Close\n2020-03-16,1\nsoon,2\n',
      'x.csv, line 3, column "Date": "soon" is not a day; expected a day such as 2020-03-16.',
    ],
    [
      'a day that does not exist',
      'Date,Close\n2021-02-29,1\n',
      'x.csv, line 2, column "Date": "2021-02-29" is no day of the calendar; expected a day such as 2020-03-16.',
    ],
    [
      'days that can be read two ways',
      'Date,Close\n03/04/2020,1\n05/04/2020,2\n',
      'x.csv, line 2, column "Date": "03/04/2020" can be read with day or month first; expected a day such as 2020-03-16.',
    ],
    [
      'days in both orders',
      'Date,Close\n13/04/2020,1\n04/14/2020,2\n',
      'x.csv, line 2, column "Date": "13/04/2020" can be read with day or month first; expected a day such as 2020-03-16.',
    ],
    [
      'a number that can be read two ways',
      'Date,Close\n2020-03-16,"2,386"\n',
      'x.csv, line 2, column "Close": "2,386" can be read with a decimal comma or a thousands comma; write it with a decimal point.',
    ],
    [
      'decimal points and commas in one file',
      'Date;Close\n2020-03-16;1.5\n2020-03-17;2.5\n2020-03-18;1,5\n',
      'x.csv, line 4, column "Close": "1,5" is not a finite number; expected a price such as 123.45, or nothing.',
    ],
    [
      'a day written twice with two prices',
      'Date,Close\n2020-03-16,1\n2020-03-17,2\n2020-03-16,3\n',
      'x.csv, line 4, column "Close": 2020-03-16 is 3 here and 1 in line 2; expected one row a day.',
    ],
    [
      'a row cut short',
      'Date,Open,Close\n2020-03-16,1,2\n2020-03',
      'x.csv, line 3: has 1 cell; expected 3, as in the header.',
    ],
    [
      'an open quote',
      'Date,Close\n2020-03-16,"1\n2020-03-17,2\n',
      /^x\.csv, line \d+: a quote \("\) is opened and never closed\.$/,
    ],
    [
      'an endless line',
      `Date,Close\n2020-03-16,${'1'.repeat(100_000)}`,
      /^x\.csv, line \d+: a line is longer than 65536 characters/,
    ],
    ['a zero byte', 'Date,Close\n\0', 'x.csv: is not text in UTF-8; save it as "CSV UTF-8".'],
    [
      'another encoding',
      Buffer.from('Date,Preço\n2020-03-16,1\n', 'latin1'),
      'x.csv: is not text in UTF-8; save it as "CSV UTF-8".',
    ],
    [
      'UTF-16',
      Buffer.from('\uFEFFDate,Close\n2020-03-16,1\n', 'utf16le'),
      'x.csv: is not text in UTF-8; save it as "CSV UTF-8".',
    ],
    ['a gzip', Buffer.from('1f8b0800000000000003edc1', 'hex'), 'x.csv: is not text in UTF-8; save it as "CSV UTF-8".'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(read(content), { name: 'ShepherdError', code: 'INVALID_CSV', message });
    });
  }

  it('refuses a column that is not there', async () => {
    await assert.rejects(read('Date,Close\n2020-03-16,1\n', 'Price'), {
      message: 'x.csv, line 1: expected one column "Price"; found "Date", "Close".',
    });
  });

  it('refuses a file that is not there, and a folder', async () => {
    await assert.rejects(readPriceCsv({ path: '/nowhere/x.csv' }), {
      code: 'INVALID_CSV',
      message: '/nowhere/x.csv: there is no such file.',
    });
    await assert.rejects(readPriceCsv({ path: import.meta.dirname }), { code: 'INVALID_CSV', message: /EISDIR/ });
  });

  it('stops reading a file that is too long for days', async () => {
    const minutes = Array.from({ length: 100_002 }, (_, i) => `2020-03-16 00:${String(i % 60).padStart(2, '0')},1`);
    await assert.rejects(read(`Date,Close\n${minutes.join('\n')}`), {
      code: 'INVALID_CSV',
      message: 'x.csv, line 100002: more than 100000 rows; expected one row a day.',
    });
  });

  it('never fails in any other way, whatever the bytes', async () => {
    const piece = fc.constantFrom(
      'Date',
      'Close',
      ',',
      ';',
      '"',
      '\n',
      '\r',
      '2020-03-16',
      '1.5',
      '-',
      '\uFEFF',
      '1,2',
      'null',
    );
    const text = fc.array(piece, { maxLength: 40 }).map((pieces) => Buffer.from(pieces.join('')));
    const bytes = fc.uint8Array({ maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, bytes), async (content) => {
        try {
          const { bars } = await read(content);
          assert.ok(bars.length > 0 && bars.every(({ close }) => Number.isFinite(close)));
        } catch (error) {
          assert.ok(error instanceof ShepherdError && error.code === 'INVALID_CSV', String(error));
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('values of a file', () => {
  const valuesOf = async (content: string, column?: string): Promise<number[]> => [
    ...(await readValuesCsv({ name: 'x.csv', content }, column)).values,
  ];

  it('are the column named as prices are, best name first, else the only one beside the day', async () => {
    const ranked = ['close', 'adj close', 'value', 'price', 'y', 'data'];
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

  it('stand as they came where there are no days, and oldest first where there are', async () => {
    const read = (content: string) => readValuesCsv({ name: 'x.csv', content }, undefined);
    assert.deepEqual(await read('close\n3\n\n1\nnull\n2'), { values: Float64Array.of(3, 1, 2), lastDay: null });
    const dated = await read('close,date\n3,2020-01-03\n1,2020-01-01T16:00:00Z\n,2020-01-04\n2,2020-01-02 00:00');
    assert.deepEqual(dated, { values: Float64Array.of(1, 2, 3), lastDay: '2020-01-03' });
    await assert.rejects(read('close\nnull\n-'), {
      code: 'INVALID_CSV',
      message: /^x\.csv, column "close": holds no price/,
    });
  });

  it('without days pass the same checks of a row: a volume below zero is refused, a flat row of a closed day left out', async () => {
    await assert.rejects(valuesOf('close,volume\n1,10\n2,-5'), {
      code: 'INVALID_CSV',
      message: 'x.csv, line 3, column "volume": volume is -5; expected a number from 0.',
    });
    assert.deepEqual(
      await valuesOf('open,high,low,close,volume\n1,1,1,1,10\n1,1,1,1,0\n2,2,2,2,10'),
      await valuesOf(
        'date,open,high,low,close,volume\n2020-01-01,1,1,1,1,10\n2020-01-02,1,1,1,1,0\n2020-01-03,2,2,2,2,10',
      ),
    );
  });

  it('with days are those of a price file, and are refused with its very sentences', async () => {
    const cell = fc.constantFrom('1', '2.5', '"1,5"', '1,5', '', 'null', '-3', 'abc', '1e3', 'NaN', '"', '1.234,5');
    const day = fc.constantFrom(
      '2020-03-16',
      '16.03.2020',
      '03/04/2020',
      '13/04/2020',
      '2020-02-30',
      'soon',
      '20200318',
    );
    const header = fc.constantFrom(
      'Date,Close',
      'day;close',
      'ds,y',
      'Date,Open,Close',
      'time,a,b',
      'Date,Adj Close,Open',
    );
    const file = fc
      .tuple(
        header,
        fc.array(fc.array(cell, { minLength: 1, maxLength: 2 }), { maxLength: 4 }),
        fc.array(day, { minLength: 4, maxLength: 4 }),
      )
      .map(([names, rows, days]) => {
        const separator = names.includes(';') ? ';' : ',';
        return [names, ...rows.map((cells, i) => [days[i] ?? '', ...cells].join(separator))].join('\n');
      });
    let read = 0;
    await fc.assert(
      fc.asyncProperty(file, async (content) => {
        const outcome = async (run: () => Promise<unknown>): Promise<unknown> =>
          run().catch((error: unknown) => (error instanceof ShepherdError ? error.message : error));
        const imported = await outcome(async () =>
          (await readPriceCsv({ name: 'x.csv', content })).bars.map(({ close }) => close),
        );
        assert.deepEqual(await outcome(() => valuesOf(content)), imported, content);
        if (Array.isArray(imported)) read += 1;
      }),
      { numRuns: 500, seed: 7 },
    );
    assert.ok(read > 20, `${read} files were read`);
  });

  it('of a large upload lose nothing at the seams of its pieces, and others get their turn between them', async () => {
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
  });
});
