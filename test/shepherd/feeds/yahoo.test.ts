import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { findEvaluationData } from '../../../lab/evaluationData.ts';
import { createRandom } from '../../../core/random.ts';
import { parseDay } from '../../../core/series/day.ts';
import { parseSymbol } from '../../../core/series/symbol.ts';
import type { RetryPolicy } from '../../../shepherd/feeds/retry.ts';
import type { PriceSource } from '../../../shepherd/feeds/source.ts';
import { createYahooSource } from '../../../shepherd/feeds/yahoo.ts';
import { createYahooReplay, instantIn, walkBars, type YahooReplay } from '../../helpers/yahooReplay.ts';

const NEW_YORK = 'America/New_York';
const bars = walkBars({ from: '2024-01-02', days: 40, seed: 1 });
const lastDay = bars.at(-1)!.day;

let now: number;
let waits: number[];
let replay: YahooReplay;

/** The clock stands still but for the waits, which take no time and are written down. */
function createSource(retry: Partial<RetryPolicy> = {}): PriceSource {
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    now += ms;
    return Promise.resolve();
  };
  return createYahooSource({ host: replay.host, random: createRandom(7), clock: { now: () => now, sleep }, retry });
}

beforeEach(async () => {
  now = instantIn(NEW_YORK, '2024-06-03', '20:00');
  waits = [];
  replay = await createYahooReplay({ series: { MSFT: { bars } }, now: () => now });
});
afterEach(() => replay.close());

describe('yahoo: what it reads', () => {
  it('reads a history through the real client, every field', async () => {
    const fetched = await createSource().fetchBars(parseSymbol('MSFT'), {});
    const [{ adjclose, ...first }] = bars as [(typeof bars)[0]];
    assert.deepEqual(fetched.bars[0], { ...first, adjustedClose: adjclose });
    assert.deepEqual(
      fetched.bars.map(({ day, close }) => [day, close]),
      bars.map(({ day, close }) => [day, close]),
    );
    assert.equal(fetched.timeZone, NEW_YORK);
    assert.deepEqual(fetched.problems, []);
    const query = Object.fromEntries(replay.requests[0]!.searchParams);
    assert.equal(replay.requests[0]!.pathname, '/v8/finance/chart/MSFT');
    assert.equal(query['interval'], '1d');
    assert.equal(query['period1'], String(Date.parse('1900-01-01T00:00:00Z') / 1000));
  });

  it('includes both ends of a range', async () => {
    const range = { from: bars[10]!.day, to: bars[12]!.day };
    const fetched = await createSource().fetchBars(parseSymbol('MSFT'), range);
    assert.deepEqual(
      fetched.bars.map(({ day }) => day),
      [bars[10]!.day, bars[11]!.day, bars[12]!.day],
    );
  });

  it('asks for symbols that need escaping in a path', async () => {
    for (const symbol of ['^GSPC', 'EURUSD=X', 'PETR4.SA', 'BRK-B']) replay.setSeries(symbol, { bars });
    const source = createSource();
    for (const symbol of [
      parseSymbol('^GSPC'),
      parseSymbol('EURUSD=X'),
      parseSymbol('PETR4.SA'),
      parseSymbol('BRK-B'),
    ]) {
      assert.equal((await source.fetchBars(symbol, {})).bars.length, bars.length, symbol);
    }
  });

  for (const [timeZone, opensAt, closesAt] of [
    [NEW_YORK, '09:30', '16:00'],
    ['America/Sao_Paulo', '10:00', '17:00'],
    ['Asia/Tokyo', '09:00', '15:00'],
    ['Pacific/Auckland', '10:00', '16:45'],
    ['Europe/London', '00:00', '23:59'],
    ['UTC', '00:00', '23:59'],
  ] as const) {
    it(`gives the exchange's own days in ${timeZone}, across clock changes`, async () => {
      const year = walkBars({ from: '2018-01-02', days: 400, seed: 2, everyDay: true });
      replay.setSeries('X', { timeZone, opensAt, closesAt, bars: year });
      const fetched = await createSource().fetchBars(parseSymbol('X'), {});
      assert.deepEqual(
        fetched.bars.map(({ day }) => day),
        year.map(({ day }) => day),
      );
      assert.deepEqual(await createSource().describe(parseSymbol('X')), { timeZone });
    });
  }

  it('leaves out days without trade', async () => {
    replay.setSeries('MSFT', { bars: bars.map((bar, i) => (i === 5 ? { day: bar.day, close: null } : bar)) });
    const fetched = await createSource().fetchBars(parseSymbol('MSFT'), {});
    assert.equal(fetched.bars.length, bars.length - 1);
    assert.ok(!fetched.bars.some(({ day }) => day === bars[5]!.day));
    assert.deepEqual(fetched.problems, []);
  });

  it("leaves out an exchange's holiday printed as a flat row without volume", async () => {
    const { day, close } = bars[5]!;
    const before = bars[4]!.close;
    const holiday = { day, close: before, open: before, high: before, low: before, adjclose: before, volume: 0 };
    const quiet = { ...holiday, close, open: close, high: close, low: close };
    const days = async (row: typeof holiday, from = bars[0]!.day): Promise<boolean> => {
      replay.setSeries('PETR4.SA', { bars: bars.map((bar, i) => (i === 5 ? row : bar)) });
      return (await createSource().fetchBars(parseSymbol('PETR4.SA'), { from })).bars.some((bar) => bar.day === day);
    };
    assert.equal(await days(holiday), false);
    assert.equal(await days(holiday, day), false, 'also where the range begins on it');
    assert.equal(await days(quiet), true, 'a close of its own is a price');
  });

  it('tells splits, by the day they take effect', async () => {
    const splits = [{ day: bars[20]!.day, numerator: 4, denominator: 1 }];
    const dividends = [{ day: bars[21]!.day, amount: 0.205 }];
    replay.setSeries('MSFT', { bars, splits, dividends });
    assert.deepEqual((await createSource().fetchBars(parseSymbol('MSFT'), {})).splits, splits);
  });

  it('leaves out the day that is still running, and takes it once its closing price is settled', async () => {
    replay.setSeries('MSFT', { bars: [...bars, { ...bars[0]!, day: parseDay('2024-06-03') }] });
    const lastAt = async (time: string): Promise<string | undefined> => {
      now = instantIn(NEW_YORK, '2024-06-03', time);
      return (await createSource().fetchBars(parseSymbol('MSFT'), {})).bars.at(-1)?.day;
    };
    assert.equal(await lastAt('11:00'), lastDay);
    assert.equal(await lastAt('16:10'), lastDay, 'quotes are delayed');
    assert.equal(await lastAt('16:20'), '2024-06-03');
    now = instantIn(NEW_YORK, '2024-06-04', '02:00');
    assert.equal((await createSource().fetchBars(parseSymbol('MSFT'), {})).bars.at(-1)?.day, '2024-06-03');
  });

  it('takes the fresher of two rows for one day', async () => {
    replay.setSeries('MSFT', { bars: [...bars, { ...bars.at(-1)!, close: 123 }] });
    const fetched = await createSource().fetchBars(parseSymbol('MSFT'), {});
    assert.equal(fetched.bars.length, bars.length);
    assert.equal(fetched.bars.at(-1)!.close, 123);
  });

  it('names a price of the wrong type and keeps the other days', async () => {
    const day = bars[3]!.day;
    replay.setSeries('MSFT', { bars: bars.map((bar, i) => (i === 3 ? { ...bar, close: 'abc' } : bar)) });
    const fetched = await createSource().fetchBars(parseSymbol('MSFT'), {});
    assert.equal(fetched.bars.length, bars.length - 1);
    assert.deepEqual(fetched.problems, [
      { day, field: 'close', read: '"abc"', sentence: `MSFT on ${day}: close is "abc"; expected a finite number.` },
    ]);
  });

  it('answers with no bars for a period without any', async () => {
    const later = { from: parseDay('2024-05-01') };
    assert.deepEqual((await createSource().fetchBars(parseSymbol('MSFT'), later)).bars, []);
    replay.enqueue({
      kind: 'status',
      status: 400,
      body: '{"chart":{"result":null,"error":{"code":"Bad Request","description":"Data doesn\'t exist for startDate = 1, endDate = 2"}}}',
    });
    assert.deepEqual((await createSource().fetchBars(parseSymbol('MSFT'), later)).bars, []);
  });

  const data = findEvaluationData();
  it('reads a recorded answer', { skip: data === undefined && 'no evaluation data' }, async () => {
    const body = readFileSync(join(data!, 'yahoo', 'BTC-USD-2020-01-01.json'), 'utf8');
    replay.enqueue({ kind: 'body', body });
    const fetched = await createSource().fetchBars(parseSymbol('BTC-USD'), {});
    assert.deepEqual(
      fetched.bars.map(({ day, close }) => [day, close]),
      [
        ['2020-01-01', 7200.17431640625],
        ['2020-01-02', 6985.47021484375],
        ['2020-01-03', 7344.88427734375],
      ],
    );
    assert.equal(fetched.timeZone, 'UTC');
  });
});

describe('yahoo: when it fails', () => {
  const busy = { kind: 'status', status: 429, body: 'Too Many Requests\r\n' } as const;

  it('tries again after overload, faults, cut and garbled answers', async () => {
    replay.enqueue(
      busy,
      { kind: 'status', status: 502, body: '<html>' },
      { kind: 'cut' },
      { kind: 'body', body: '{"chart":{"res' },
    );
    const fetched = await createSource().fetchBars(parseSymbol('MSFT'), {});
    assert.equal(fetched.bars.length, bars.length);
    assert.equal(replay.requests.length, 5);
    assert.equal(waits.length, 4);
    const limits = [1_000, 2_000, 4_000, 8_000];
    assert.ok(
      waits.every((wait, i) => wait >= 0 && wait < limits[i]!),
      String(waits),
    );
    assert.notEqual(waits[1], 2 * waits[0]!, 'the waits are spread');
  });

  it('waits as long as a 429 asks', async () => {
    replay.enqueue({ ...busy, headers: { 'retry-after': '17' } });
    await createSource().fetchBars(parseSymbol('MSFT'), {});
    assert.deepEqual(waits, [17_000]);
  });

  it('does not wait past its time limit', async () => {
    replay.enqueue({ ...busy, headers: { 'retry-after': '3600' } });
    await assert.rejects(createSource().fetchBars(parseSymbol('MSFT'), {}), {
      code: 'FEED_UNAVAILABLE',
      message:
        'Yahoo did not answer for MSFT in 1 try: HTTP 429, Too Many Requests. Stored prices are kept; the next run asks again.',
    });
    assert.deepEqual(waits, []);
  });

  it('gives up after the last try', async () => {
    replay.enqueue(busy, busy, busy);
    await assert.rejects(createSource({ tries: 3 }).fetchBars(parseSymbol('MSFT'), {}), {
      code: 'FEED_UNAVAILABLE',
      message: /in 3 tries: HTTP 429/,
    });
    assert.equal(replay.requests.length, 3);
  });

  it('limits the time of each try', async () => {
    replay.enqueue({ kind: 'hang' });
    assert.equal((await createSource({ tryMs: 100 }).fetchBars(parseSymbol('MSFT'), {})).bars.length, bars.length);
    replay.enqueue({ kind: 'hang' });
    await assert.rejects(createSource({ tryMs: 100, tries: 1 }).fetchBars(parseSymbol('MSFT'), {}), {
      code: 'FEED_UNAVAILABLE',
      message: /time limit passed/,
    });
  });

  it('stops when it is told to', async () => {
    replay.enqueue({ kind: 'hang' });
    const stop = new AbortController();
    const pending = createSource().fetchBars(parseSymbol('MSFT'), {}, stop.signal);
    stop.abort();
    await assert.rejects(pending, { code: 'CANCELLED' });
  });

  it('names an unknown symbol at once, without a second try', async () => {
    await assert.rejects(createSource().fetchBars(parseSymbol('NOPE'), {}), {
      code: 'UNKNOWN_SYMBOL',
      message:
        'Yahoo does not know the symbol "NOPE" (No data found, symbol may be delisted). Look the symbol up on finance.yahoo.com.',
    });
    assert.equal(replay.requests.length, 1);
  });

  it('says so when nobody listens', async () => {
    await replay.close();
    await assert.rejects(createSource({ tries: 2 }).fetchBars(parseSymbol('MSFT'), {}), {
      code: 'FEED_UNAVAILABLE',
      message: /in 2 tries: .*ECONNREFUSED/,
    });
  });

  const first = (body: { chart: { result: Record<string, unknown>[] | null } }): Record<string, unknown> =>
    body.chart.result![0]!;
  for (const [what, edit] of Object.entries<(body: Parameters<typeof first>[0]) => unknown>({
    'timestamps that are text': (body) => (Object.assign(first(body), { timestamp: ['x'] }), body),
    'fewer closes than timestamps': (body) => (Object.assign(first(body), { timestamp: [1, 2] }), body),
    'no zone': (body) => (Object.assign(first(body), { meta: {} }), body),
    'a zone nobody knows': (body) => (
      Object.assign(first(body)['meta']!, { exchangeTimezoneName: 'Mars/Crater' }),
      body
    ),
    'no result': () => ({ chart: { result: null, error: null } }),
    'another document': () => ({ hello: 'world' }),
    'a list': () => [1, 2, 3],
    'a number': () => 17,
    null: () => null,
  })) {
    it(`refuses ${what} in one sentence`, async () => {
      replay.enqueue({ kind: 'edit', edit });
      await assert.rejects(createSource().fetchBars(parseSymbol('MSFT'), {}), {
        code: 'FEED_UNAVAILABLE',
        message: /^Yahoo's answer for MSFT [^\n]*\.$/,
      });
      assert.equal(replay.requests.length, 1, 'the same question would get the same answer');
    });
  }

  it('prints nothing, whatever happens', async (t) => {
    const printed = (['log', 'info', 'warn', 'error', 'dir'] as const).map((name) => t.mock.method(console, name));
    replay.enqueue(
      { kind: 'status', status: 500, body: 'oops' },
      { kind: 'edit', edit: () => ({ chart: { result: [{}] } }) },
    );
    await createSource()
      .fetchBars(parseSymbol('MSFT'), {})
      .catch(() => undefined);
    assert.ok(printed.every(({ mock }) => mock.callCount() === 0));
  });
});
