import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { createRandom } from '../../../core/random.ts';
import type { RecordedEvent } from '../../../core/events.ts';
import type { TradingDay } from '../../../core/series/day.ts';
import { type SeriesSymbol, parseSymbol } from '../../../core/series/symbol.ts';
import type { Database } from '../../../db/connection/client.ts';
import { listEvents } from '../../../db/tables/events.ts';
import { listFaults } from '../../../db/tables/faults.ts';
import { listCloses, listRevisions } from '../../../db/tables/prices.ts';
import { findSeries } from '../../../db/tables/series.ts';
import { exitStatusOf, pullSymbol, type PullOutcome } from '../../../shepherd/intake/pull.ts';
import { createYahooSource } from '../../../shepherd/feeds/yahoo.ts';
import { createTestDatabase, type TestDatabase } from '../../../lab/database.ts';
import { createYahooReplay, instantIn, walkBars, type ReplayBar, type YahooReplay } from '../../helpers/yahooReplay.ts';

const bars = walkBars({ from: '2024-01-02', days: 120, seed: 3 });
const now = instantIn('America/New_York', '2024-12-02', '20:00');
const overload = { kind: 'status', status: 429, body: 'Too Many Requests' } as const;

let database: TestDatabase;
let db: Database;
let replay: YahooReplay;
let symbols = 0;
let symbol: SeriesSymbol;
let printed: RecordedEvent[];

const serve = (
  served: readonly ReplayBar[],
  splits: { day: string; numerator: number; denominator: number }[] = [],
) => {
  replay.setSeries(symbol, { bars: served, splits });
};
const pull = (range?: { from: TradingDay }): Promise<PullOutcome> => {
  const clock = { now: () => now, sleep: () => Promise.resolve() };
  const source = createYahooSource({ host: replay.host, random: createRandom(1), clock, retry: { tries: 2 } });
  return pullSymbol({ source, db, log: { event: (event) => printed.push(event) } }, symbol, range);
};
const closes = async (): Promise<unknown[]> => {
  const stored = await listCloses(db, symbol);
  return stored.days.map((day, i) => [day, stored.closes[i]]);
};
const expected = (served: readonly ReplayBar[]): unknown[] => served.map(({ day, close }) => [day, close]);
const scaled = (served: typeof bars, factor: number): typeof bars =>
  served.map(({ day, open, high, low, close, volume }) => {
    const [scaledOpen, scaledHigh, scaledLow] = [open, high, low].map((price) => Number(price) * factor);
    return { day, open: scaledOpen, high: scaledHigh, low: scaledLow, close: Math.fround(close * factor), volume };
  });

before(async () => {
  database = await createTestDatabase();
  db = database.db;
});
after(() => database.close());
beforeEach(async () => {
  replay = await createYahooReplay({ now: () => now });
  symbol = parseSymbol(`S${(symbols += 1)}`);
  printed = [];
});
afterEach(() => replay.close());

describe('a pull', () => {
  it('stores a history, its series, and an event that is handed on', async () => {
    serve(bars);
    const outcome = await pull();
    const last = bars.at(-1)!;
    const sentence = `120 new days, up to ${last.day} at ${Number(last.close.toPrecision(7))}.`;
    assert.deepEqual(outcome, {
      kind: 'updated',
      symbol,
      sentence,
      inserted: 120,
      revised: 0,
      restatement: undefined,
      faults: [],
      lastDay: last.day,
      held: 0,
    });
    assert.deepEqual(await closes(), expected(bars));
    assert.deepEqual(await findSeries(db, symbol), {
      symbol,
      source: 'yahoo',
      transform: 'log-return',
      timeZone: 'America/New_York',
      model: {},
      column: null,
      settings: {},
    });
    assert.deepEqual(
      printed.map((event) => [event.kind, event.sentence]),
      [['prices:pulled', sentence]],
    );
    assert.deepEqual(await listEvents(db, { symbol, limit: 9 }), printed);
  });

  it('asks again only for the last days, and changes nothing when nothing changed', async () => {
    serve(bars);
    await pull();
    const outcome = await pull();
    assert.deepEqual(outcome, {
      kind: 'unchanged',
      symbol,
      sentence: `Nothing new since ${bars.at(-1)!.day}.`,
      lastDay: bars.at(-1)!.day,
      held: 0,
    });
    assert.equal(replay.requests.length, 2);
    const period1 = Number(replay.requests[1]!.searchParams.get('period1'));
    const askedFrom = new Date(period1 * 1000).toISOString().slice(0, 10);
    assert.ok(askedFrom < bars.at(-10)!.day && askedFrom > bars.at(-20)!.day, askedFrom);
    assert.deepEqual(await closes(), expected(bars));
    assert.deepEqual(await listRevisions(db, symbol), []);
  });

  it('names a cell that holds what no database can, and stores the days around it', async () => {
    serve(bars.map((bar, i) => (i === 60 ? { ...bar, close: 'x\0\ud83d' } : bar)));
    const outcome = await pull();
    assert.equal(outcome.kind === 'updated' && outcome.inserted, 119);
    const faults = await listFaults(db, { symbol, limit: 9 });
    assert.deepEqual(
      faults.map(({ day, kind, evidence }) => [day, kind, evidence['read']]),
      [[bars[60]!.day, 'invalid-price', '"x\\u0000\\ud83d"']],
    );
  });

  it('adds the days that arrived since', async () => {
    serve(bars.slice(0, 100));
    await pull();
    serve(bars);
    const outcome = await pull();
    assert.equal(outcome.kind === 'updated' && outcome.inserted, 20);
    assert.deepEqual(await closes(), expected(bars));
  });

  it('keeps a corrected close as a revision', async () => {
    serve(bars);
    await pull();
    const correction = Number(bars[117]!.high);
    const corrected = bars.map((bar, i) => (i === 117 ? { ...bar, close: correction } : bar));
    serve(corrected);
    const outcome = await pull();
    assert.equal(outcome.kind === 'updated' && outcome.revised, 1);
    assert.deepEqual(await closes(), expected(corrected));
    const { day, close } = bars[117]!;
    assert.deepEqual(
      (await listRevisions(db, symbol)).map((revision) => [revision.day, revision.old, revision.new]),
      [[day, close, correction]],
    );
    assert.deepEqual(
      printed.slice(1).map((event) => event.kind),
      ['prices:pulled', 'prices:revised'],
    );
    assert.equal(replay.requests.length, 2, 'a single correction is no reason to fetch everything again');
  });

  it('fetches the whole history again after a split, as one restatement', async () => {
    serve(bars.slice(0, 119));
    await pull();
    const split = { day: bars[119]!.day, numerator: 4, denominator: 1 };
    const restated = scaled(bars, 1 / 4);
    serve(restated, [split]);
    const outcome = await pull();
    assert.deepEqual(outcome.kind === 'updated' && [outcome.inserted, outcome.revised, outcome.faults], [1, 119, []]);
    assert.deepEqual(await closes(), expected(restated));
    assert.equal((await listRevisions(db, symbol)).length, 119);
    const event = printed.find(({ kind }) => kind === 'prices:revised')!;
    assert.equal(
      event.sentence,
      `The feed restated 119 closes from ${bars[0]!.day} to ${bars[118]!.day} by a factor of 0.25, as after the split 4:1 of ${split.day}; the old ones are kept as revisions.`,
    );
    serve(restated);
    assert.equal((await pull()).kind, 'unchanged', 'the next pull finds nothing more');
  });

  it('stores nothing of a restatement whose history cannot be fetched', async () => {
    serve(bars.slice(0, 119));
    await pull();
    serve(scaled(bars, 1 / 4));
    replay.enqueue({ kind: 'edit', edit: (body) => body }, overload, overload);
    const outcome = await pull();
    assert.equal(outcome.kind, 'unavailable');
    assert.deepEqual(await closes(), expected(bars.slice(0, 119)));
    assert.equal((await pull()).kind, 'updated', 'the next pull makes good for it');
    assert.deepEqual(await closes(), expected(scaled(bars, 1 / 4)));
  });

  it('holds back prices that cannot be, keeps the others, and takes them once they are right', async () => {
    serve(bars.map((bar, i) => (i === 118 ? { ...bar, close: -1 } : i === 119 ? { ...bar, close: 'x' } : bar)));
    const outcome = await pull();
    assert.equal(outcome.kind, 'updated');
    assert.deepEqual(await closes(), expected(bars.slice(0, 118)));
    const faults = await listFaults(db, { symbol, limit: 99 });
    assert.deepEqual(
      faults.map(({ day, kind, sentence }) => [day, kind, sentence]),
      [
        [bars[118]!.day, 'invalid-price', `The close of ${bars[118]!.day} is -1; expected a price above 0.`],
        [bars[119]!.day, 'invalid-price', `${symbol} on ${bars[119]!.day}: close is "x"; expected a finite number.`],
      ],
    );
    assert.equal(printed.filter(({ kind }) => kind === 'feed:fault').length, 1);
    await pull();
    assert.equal(printed.filter(({ kind }) => kind === 'feed:fault').length, 1, 'a fault is told once');
    serve(bars);
    await pull();
    assert.deepEqual(await closes(), expected(bars));
  });

  it('holds back a split that the feed has not worked into earlier prices, until it has', async () => {
    serve([...bars.slice(0, 115), ...scaled(bars.slice(115), 1 / 4)]);
    const outcome = await pull();
    assert.equal(outcome.kind === 'updated' && outcome.faults.length, 5);
    assert.deepEqual(await closes(), expected(bars.slice(0, 115)));
    const faults = await listFaults(db, { symbol, limit: 99 });
    assert.ok(faults.every(({ kind, bar }) => kind === 'split-unadjusted' && bar !== null));
    assert.match(
      printed.at(-1)!.sentence,
      /^Held back 5 days: The close of .* a split not worked into earlier prices\.$/,
    );
    serve(scaled(bars, 1 / 4));
    await pull();
    assert.deepEqual(await closes(), expected(scaled(bars, 1 / 4)));
  });

  it('believes a fall by half that stays: held at first, stored with all its days once five more have confirmed it', async () => {
    const fallen = [...bars.slice(0, 100), ...scaled(bars.slice(100), 1 / 2)];
    serve(bars.slice(0, 100));
    await pull();
    for (let seen = 101; seen <= 105; seen += 1) {
      serve(fallen.slice(0, seen));
      await pull();
      assert.equal((await closes()).length, 100, `${seen - 100} days of the new level`);
    }
    assert.equal((await listFaults(db, { symbol, only: 'held', limit: 99 })).length, 5);
    serve(fallen.slice(0, 106));
    const outcome = await pull();
    assert.equal(outcome.kind === 'updated' && outcome.inserted, 6);
    assert.deepEqual(await closes(), expected(fallen.slice(0, 106)));
    assert.deepEqual(await listFaults(db, { symbol, only: 'held', limit: 99 }), []);
    const released = printed.filter(({ kind }) => kind === 'feed:released');
    assert.match(
      released.map(({ sentence }) => sentence).join(),
      new RegExp(`held back since ${bars[100]!.day} is real`),
    );
    serve(fallen);
    await pull();
    assert.deepEqual(await closes(), expected(fallen), 'and goes on as any other');
  });

  it('waits for the feed as long as the feed itself tells of the split', async () => {
    const split = { day: bars[100]!.day, numerator: 2, denominator: 1 };
    const unadjusted = [...bars.slice(0, 100), ...scaled(bars.slice(100), 1 / 2)];
    serve(bars.slice(0, 100));
    await pull();
    for (let seen = 101; seen <= 110; seen += 1) {
      serve(unadjusted.slice(0, seen), [split]);
      await pull();
    }
    assert.equal((await closes()).length, 100);
    serve(scaled(bars, 1 / 2), [split]);
    await pull();
    assert.deepEqual(await closes(), expected(scaled(bars, 1 / 2)));
    assert.deepEqual(await listFaults(db, { symbol, only: 'held', limit: 99 }), [], 'nothing waits any more');
  });

  it('does not take a fault for a correction of a past close', async () => {
    serve(bars);
    await pull();
    serve(bars.map((bar, i) => (i === 116 ? scaled([bar], 100)[0]! : bar)));
    const outcome = await pull();
    assert.equal(outcome.kind, 'faults');
    assert.deepEqual(await closes(), expected(bars));
    assert.equal((await listFaults(db, { symbol, limit: 99 }))[0]!.kind, 'unit-error');
  });

  it('holds back a whole history in another unit', async () => {
    serve(bars.slice(0, 119));
    await pull();
    serve(scaled(bars, 100));
    const outcome = await pull();
    assert.equal(outcome.kind, 'faults');
    assert.match(
      outcome.sentence,
      /All closes changed by a factor of 100 without a split; expected the unit they had\.$/,
    );
    assert.equal(exitStatusOf(outcome), 2);
    assert.deepEqual(await closes(), expected(bars.slice(0, 119)));
    serve(bars);
    assert.equal((await pull()).kind, 'updated');
    assert.deepEqual(await closes(), expected(bars));
  });

  it('stores the days after a crash: fear is not a fault', async () => {
    const crash = bars.map((bar, i) => (i < 110 ? bar : { ...bar, ...crashed(i) }));
    function crashed(i: number): Omit<(typeof bars)[0], 'day'> {
      const open = i === 110 ? bars[109]!.close : bars[i]!.close * 0.7;
      const close = bars[i]!.close * 0.7;
      return { open, close, low: Math.min(open, close) * 0.99, high: Math.max(open, close) * 1.01, adjclose: close };
    }
    serve(crash.slice(0, 110));
    await pull();
    serve(crash);
    await pull();
    assert.deepEqual(await closes(), expected(crash));
  });

  it('says so when all that arrived was held back', async () => {
    serve([{ day: '2024-01-02', close: 0 }]);
    const outcome = await pull();
    assert.equal(outcome.kind === 'faults' && outcome.faults.length, 1);
    assert.deepEqual(await closes(), []);
  });

  it('ends as an outcome, with what was stored kept, when the feed fails', async () => {
    serve(bars);
    await pull();
    replay.enqueue(overload, overload);
    const outcome = await pull();
    assert.equal(outcome.kind === 'unavailable' && outcome.code, 'FEED_UNAVAILABLE');
    assert.equal(exitStatusOf(outcome), 4);
    assert.match(outcome.sentence, /^Yahoo did not answer for S\d+ in 2 tries: HTTP 429/);
    assert.deepEqual(await closes(), expected(bars));
    assert.equal(printed.at(-1)!.kind, 'feed:unavailable');
  });

  it('tells an unknown symbol and an empty feed apart', async () => {
    const unknown = await pull();
    assert.equal(unknown.kind === 'unavailable' && unknown.code, 'UNKNOWN_SYMBOL');
    assert.equal(exitStatusOf(unknown), 2);
    serve([]);
    const empty = await pull();
    assert.deepEqual(
      [empty.kind, empty.sentence],
      ['empty', `The yahoo source has no rows for ${symbol}; nothing was stored.`],
    );
    assert.equal(await findSeries(db, symbol), undefined);
  });

  it('asks for a range when it is told one', async () => {
    serve(bars);
    const outcome = await pull({ from: bars[100]!.day });
    assert.equal(outcome.kind === 'updated' && outcome.inserted, 20);
  });

  it('stores a history once when two pulls meet', async () => {
    serve(bars);
    const outcomes = await Promise.all([pull(), pull(), pull()]);
    assert.deepEqual(outcomes.map(({ kind }) => kind).sort(), ['unchanged', 'unchanged', 'updated']);
    assert.deepEqual(await closes(), expected(bars));
    assert.deepEqual(await listRevisions(db, symbol), []);
  });
});
