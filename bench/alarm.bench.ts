/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes run below the lengths of what they index */
import { Piscina } from 'piscina';
import type { ProcessName } from '../lab/returnProcesses.ts';
import {
  CHANGES,
  LONGEST,
  YEARS,
  type AlarmTask,
  type Change,
  type ChangeResult,
  type LifeResult,
} from './drift/alarmWorker.ts';
import { FLOCKS, type FlockResult } from './drift/flockStretch.ts';
import { atLeast, atMost, option, progress, quantile, reportBench, type Bar } from './report.ts';

/** How often a cycle that has nothing to find retrains, how soon one that has does, and what becomes of both in a flock. */
const seed = Number(option('seed') ?? 20261122);
/** Streams of five years a process, changes of each kind, references of each flock. */
const lives = Number(option('lives') ?? 24);
const changes = Number(option('changes') ?? 60);
const references = Number(option('references') ?? 60);
const threads = Number(option('threads') ?? 2);
const WISHED = 252;

const processes: readonly { name: string; process: ProcessName; delay: number | null }[] = [
  { name: 'normal', process: 'normal', delay: 8 },
  { name: 'GARCH(.08,.90)', process: 'garch', delay: 12 },
  { name: 't5-GARCH(.08,.90)', process: 't5-garch', delay: 20 },
  { name: 'GJR(.03,.10,.90)', process: 'gjr', delay: null },
];

const pool = new Piscina<AlarmTask, LifeResult & ChangeResult & FlockResult>({
  filename: new URL('./drift/alarmWorker.js', import.meta.url).href,
  maxThreads: threads,
});
const started = performance.now();
let done = 0;

async function all<T>(count: number, task: (stream: number) => AlarmTask): Promise<T[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, stream) => {
      const result = await pool.run(task(stream));
      done += 1;
      if (done % 20 === 0) progress(`alarm: ${done} tasks`);
      return result as T; // each kind of task answers with its own kind of result
    }),
  );
}

/** A ratio of sums over streams, with the standard error that streams differ by. */
function ratio(parts: readonly { readonly above: number; readonly below: number }[]): { value: number; error: number } {
  const above = parts.reduce((sum, part) => sum + part.above, 0);
  const below = parts.reduce((sum, part) => sum + part.below, 0);
  const value = above / below;
  const square = parts.reduce((sum, part) => sum + (part.above - value * part.below) ** 2, 0);
  return { value, error: Math.sqrt(square) / below };
}

const table: Record<string, Record<string, unknown>> = {};
const bars: Bar[] = [];
for (const { name, process, delay: longest } of processes) {
  const lived = await all<LifeResult>(lives, (stream) => ({ kind: 'life', process, stream, seed }));
  const between = ratio(lived.map(({ days, alarms }) => ({ above: days, below: alarms.length })));
  const by: Record<string, number> = {};
  for (const { alarms } of lived) for (const each of alarms) by[each] = (by[each] ?? 0) + 1;
  const row: Record<string, unknown> = {
    needlessRetrains: lived.flatMap(({ alarms }) => alarms).length,
    daysBetween: between,
    by,
  };
  bars.push(
    atLeast(`days between needless retrains, ${name}, at least`, between.value, 202),
    atMost(`days between needless retrains, ${name}, at most`, between.value, 302),
  );
  for (const change of Object.keys(CHANGES) as Change[]) {
    const met = await all<ChangeResult>(changes, (stream) => ({ kind: 'change', process, change, stream, seed }));
    const delays = met.map(({ delay }) => delay);
    row[change] = {
      median: quantile(delays, 0.5),
      quartiles: [quantile(delays, 0.25), quantile(delays, 0.75)],
      answeredWithinAYear: delays.filter((delay) => delay <= LONGEST).length / delays.length,
    };
    if (change === 'volatility x2' && longest !== null)
      bars.push(atMost(`median days until volatility x2 is answered, ${name}`, quantile(delays, 0.5), longest));
  }
  const watched = await all<FlockResult>(references, (stream) => ({ kind: 'flock', process, stream, seed }));
  row['flocks'] = Object.fromEntries(
    FLOCKS.map((series, f) => {
      // The check of losses spends the rest of the budget, which no reference is needed for.
      const rate = ratio(watched.map(({ days, alarms }) => ({ above: days / series, below: alarms[f]! })));
      const delays = watched.flatMap((each) => each.delays[f]!);
      return [
        series,
        {
          daysBetween: rate,
          medianDelay: quantile(delays, 0.5),
          quartiles: [quantile(delays, 0.25), quantile(delays, 0.75)],
        },
      ];
    }),
  );
  table[name] = row;
}
await pool.destroy();

reportBench({
  bench: 'alarm',
  seed,
  results: {
    lives,
    years: YEARS,
    changes,
    references,
    wishedDays: WISHED,
    seconds: (performance.now() - started) / 1000,
    table,
  },
  bars,
});
