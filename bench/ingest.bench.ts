/* eslint-disable @typescript-eslint/no-non-null-assertion -- bars a name, and times in pairs */
// Rows a second that `saveBars` stores, against COPY of the same rows into the same table: the fastest way in that PostgreSQL has.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { createRandom, normal } from '../core/random.ts';
import { addDays, parseDay } from '../core/series/day.ts';
import type { PriceBar } from '../core/series/price.ts';
import { type SeriesSymbol, parseSymbol } from '../core/series/symbol.ts';
import { createDatabase, type Database } from '../db/connection/client.ts';
import { migrate } from '../db/schema/migrate.ts';
import { openDatabase } from '../db/server/open.ts';
import { saveBars } from '../db/tables/prices.ts';
import { saveSeries } from '../db/tables/series.ts';
import { atLeast, option, progress, quantile, reportBench } from './report.ts';

const SEED = 20261121;
const SYMBOLS = 20;
const DAYS = 5_000; // twenty years
const repetitions = Number(option('reps') ?? 7);

/** A random walk with all fields of a bar, at the precision of a feed. */
function makeBars(seed: number): PriceBar[] {
  const random = createRandom(seed);
  const first = parseDay('2000-01-03');
  let close = 100;
  return Array.from({ length: DAYS }, (_, i) => {
    const open = close;
    close *= Math.exp(0.01 * normal(random));
    const [low, high] = [Math.min(open, close) * 0.995, Math.max(open, close) * 1.005];
    const volume = Math.round(1e7 * random());
    return { day: addDays(first, i), close, open, high, low, adjustedClose: close, volume };
  });
}

const rowsOf = function* (symbols: readonly string[], bars: readonly (readonly PriceBar[])[]): Generator<string> {
  for (const [i, symbol] of symbols.entries()) {
    yield bars[i]!.map((b) =>
      [symbol, b.day, b.close, b.open, b.high, b.low, b.adjustedClose, b.volume].join('\t').concat('\n'),
    ).join('');
  }
};

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

const folder = mkdtempSync(join(tmpdir(), 'shepherd-ingest-'));
const opened = await openDatabase({ dataDir: folder });
await migrate(opened.urls.owner);
const db = createDatabase({ url: opened.urls.shepherd, applicationName: 'bench ingest' });
const copier = new pg.Client({ connectionString: opened.urls.owner });
await copier.connect();

const bars = Array.from({ length: SYMBOLS }, (_, i) => makeBars(SEED + i));
const copied: number[] = [];
const saved: number[] = [];
const repeated: number[] = [];
for (let repetition = 0; repetition <= repetitions; repetition += 1) {
  progress(repetition === 0 ? 'warming up' : `repetition ${repetition} of ${repetitions}`);
  const names = await freshSeries(db);
  const bySave = async (): Promise<number> =>
    seconds(async () => {
      for (const [i, symbol] of names.saved.entries()) await saveBars(db, symbol, bars[i]!);
    });
  const byCopy = async (): Promise<number> =>
    seconds(() =>
      pipeline(
        Readable.from(rowsOf(names.copied, bars)),
        copier.query(copyFrom('COPY prices (symbol, day, close, open, high, low, adjusted_close, volume) FROM STDIN')),
      ),
    );
  const [a, b] = repetition % 2 ? [await byCopy(), await bySave()] : [await bySave(), await byCopy()].reverse();
  const again = await bySave(); // the same bars once more: nothing to change
  if (repetition === 0) continue;
  copied.push(a!);
  saved.push(b!);
  repeated.push(again);
}
await copier.end();
await db.close();
await opened.stop();
rmSync(folder, { recursive: true });

/** An empty table and two times twenty series in it. */
async function freshSeries(database: Database): Promise<{ saved: SeriesSymbol[]; copied: SeriesSymbol[] }> {
  await copier.query('TRUNCATE prices');
  await copier.query('CHECKPOINT'); // no repetition pays for writing the one before
  const names = (prefix: string): SeriesSymbol[] =>
    Array.from({ length: SYMBOLS }, (_, i) => parseSymbol(`${prefix}-${i}`));
  const [toSave, toCopy] = [names('S'), names('C')];
  for (const symbol of [...toSave, ...toCopy]) {
    await saveSeries(database, { symbol, source: 'csv', transform: 'log-return', timeZone: 'UTC' });
  }
  return { saved: toSave, copied: toCopy };
}

const rows = SYMBOLS * DAYS;
const speed = (times: readonly number[]): Record<string, number> => ({
  rowsPerSecond: Math.round(rows / quantile(times, 0.5)),
  slowest: Math.round(rows / Math.max(...times)),
  fastest: Math.round(rows / Math.min(...times)),
});
const ratios = copied.map((time, i) => time / saved[i]!);
reportBench({
  bench: 'ingest',
  seed: SEED,
  results: {
    rows,
    symbols: SYMBOLS,
    repetitions,
    copy: speed(copied),
    saveBars: speed(saved),
    saveBarsUnchanged: speed(repeated),
    ratioSpread: [Math.min(...ratios), Math.max(...ratios)],
  },
  bars: [atLeast('saveBars against COPY of the same rows', quantile(ratios, 0.5), 0.5)],
});
