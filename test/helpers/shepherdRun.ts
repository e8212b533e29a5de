import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedEvent } from '../../core/events.ts';
import { addDays, parseDay, weekday } from '../../core/series/day.ts';
import { createRandom, normal } from '../../core/random.ts';
import { parseSymbol } from '../../core/series/symbol.ts';
import { saveSeries } from '../../db/tables/series.ts';
import { silentLog } from '../../lab/silentLog.ts';
import type { Log } from '../../service/log.ts';
import type { RunContext } from '../../shepherd/run/context.ts';
import { DEFAULT_SETTINGS } from './defaultSettings.ts';
import { createCsvSource } from '../../shepherd/feeds/csv.ts';
import { createTrainingPool } from '../../shepherd/threads/pool.ts';
import { withDatabase, type TestDatabase } from '../../lab/database.ts';
import { SMALL_SPEC } from './smallModel.ts';

interface TestHooks {
  after(work: () => Promise<void> | void): void;
}

/** A CSV of weekdays with seeded Gaussian returns; `volatility` by index. */
export function simulatedCsv(days: number, seed: number, volatility: (i: number) => number = () => 0.01): string {
  const random = createRandom(seed);
  const rows = ['Date,Close'];
  let day = parseDay('2015-01-05');
  let close = 100;
  for (let i = 0; i < days; i += 1) {
    rows.push(`${day},${close}`);
    close *= Math.exp(volatility(i) * normal(random));
    do day = addDays(day, 1);
    while (weekday(day) === 0 || weekday(day) === 6);
  }
  return `${rows.join('\n')}\n`;
}

/** A folder with one file a symbol, gone when the test ends. */
export function csvFolder(t: TestHooks, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'shepherd-csv-'));
  t.after(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const [symbol, text] of Object.entries(files)) writeFileSync(join(folder, `${symbol}.csv`), text);
  return folder;
}

export interface RunSetup {
  readonly database: TestDatabase;
  readonly context: RunContext;
  readonly told: RecordedEvent[];
  readonly stop: AbortController;
}

/** Everything a run needs, real: PostgreSQL, a feed of files, training threads. */
export async function setUpRun(t: TestHooks, folder: string, symbols: readonly string[] = ['X']): Promise<RunSetup> {
  const database = await withDatabase(t);
  const pool = createTrainingPool({ threads: 1 });
  t.after(() => pool.close());
  const told: RecordedEvent[] = [];
  const log: Log = { ...silentLog, event: (event) => told.push(event) };
  for (const symbol of symbols)
    await saveSeries(database.db, {
      symbol: parseSymbol(symbol),
      source: 'csv',
      transform: 'log-return',
      timeZone: 'UTC',
    });
  const stop = new AbortController();
  const context: RunContext = {
    db: database.db,
    databaseUrl: database.urls.shepherd,
    source: createCsvSource({ path: folder, now: () => Date.parse('2015-01-05T00:00:00Z') }),
    pool,
    settings: { ...DEFAULT_SETTINGS, spec: SMALL_SPEC },
    log,
    now: Date.now,
    isTerminal: false,
    signal: stop.signal,
  };
  return { database, context, told, stop };
}
