/* eslint-disable @typescript-eslint/no-non-null-assertion -- a summary for each of the processes */
import { availableParallelism } from 'node:os';
import { Piscina } from 'piscina';
import type { AlarmResult, AlarmTask } from './drift/alarmWorker.ts';
import { atLeast, atMost, option, progress, quantile, reportBench, type Bar } from './report.ts';
import type { ProcessName } from '../lab/returnProcesses.ts';

const seed = Number(option('seed') ?? 20261121);
const streams = Number(option('reps') ?? 320);
const processes: readonly { name: string; process: ProcessName; held: boolean }[] = [
  { name: 'normal', process: 'normal', held: true },
  { name: 'GARCH(.08,.90)', process: 'garch', held: true },
  { name: 't5-GARCH(.08,.90)', process: 't5-garch', held: false },
];
const wished = 252;

const pool = new Piscina<AlarmTask, AlarmResult>({
  filename: new URL('./drift/alarmWorker.js', import.meta.url).href,
  maxThreads: availableParallelism(),
});
const started = performance.now();
let done = 0;
const measured = await Promise.all(processes.map(({ process }) => watchStreams(process)));
await pool.destroy();

const summaries = measured.map(summarise);
reportBench({
  bench: 'alarm',
  seed,
  results: {
    streams,
    wishedDays: wished,
    seconds: (performance.now() - started) / 1000,
    table: Object.fromEntries(processes.map(({ name }, k) => [name, summaries[k]])),
  },
  bars: processes.flatMap(({ name, held }, k): Bar[] => {
    const { daysBetweenFalseAlarms, medianDelay } = summaries[k]!;
    if (!held) return [];
    return [
      atLeast(`days between false alarms, ${name}, at least`, daysBetweenFalseAlarms, 202),
      atMost(`days between false alarms, ${name}, at most`, daysBetweenFalseAlarms, 302),
      atMost(`median delay at volatility x2, ${name}`, medianDelay, 45),
    ];
  }),
});

async function watchStreams(process: ProcessName): Promise<AlarmResult[]> {
  return Promise.all(
    Array.from({ length: streams }, async (_, stream) => {
      const result = await pool.run({ process, stream, seed });
      done += 1;
      if (done % 50 === 0) progress(`alarm: ${done} of ${processes.length * streams} streams`);
      return result;
    }),
  );
}

function summarise(
  results: readonly AlarmResult[],
): Record<string, number> & { daysBetweenFalseAlarms: number; medianDelay: number } {
  const intervals = results.flatMap((result) => result.intervals);
  const mean = intervals.reduce((sum, days) => sum + days, 0) / intervals.length;
  const deviation = Math.sqrt(intervals.reduce((sum, days) => sum + (days - mean) ** 2, 0) / (intervals.length - 1));
  // A delay beyond a year sorts last.
  const delays = results.map((result) => result.delay ?? 253);
  return {
    falseAlarms: intervals.length,
    daysBetweenFalseAlarms: mean,
    standardError: deviation / Math.sqrt(intervals.length),
    medianDelay: quantile(delays, 0.5),
    delayLowerQuartile: quantile(delays, 0.25),
    delayUpperQuartile: quantile(delays, 0.75),
    noticedWithinAYear: results.filter((result) => result.delay !== null).length / results.length,
    medianDelayForetold: quantile(
      results.map((result) => result.expectedDelay ?? 253),
      0.5,
    ),
    medianThreshold: quantile(
      results.map((result) => result.threshold),
      0.5,
    ),
  };
}
