import { createTrainingPool } from '../shepherd/threads/pool.ts';
import { findEvaluationData } from '../lab/evaluationData.ts';
import { listSeriesFiles, readSeries, walkSeries, type WalkedSeries } from './forecast/forecastSeries.ts';
import { atLeast, atMost, option, progress, reportBench, type Bar } from './report.ts';
import { measureSeedWindow, SEED_WINDOWS } from './drift/seedWindows.ts';

/** Walk-forward evaluation of the default network on every real series, beside naive, EWMA, GARCH and the seeds' figures. */
const SEED = Number(option('seed') ?? 1);
const folder = option('data') ?? findEvaluationData();
if (folder === undefined) {
  process.stderr.write('No evaluation data: give --data DIR, a folder of CSV files, or set SHEPHERD_EVAL_DATA.\n');
  process.exit(2);
}
const only = option('only');
const pool = createTrainingPool();
const walked = new Map<string, WalkedSeries>();
const started = performance.now();
await Promise.all(
  listSeriesFiles(folder)
    .filter((path) => only === undefined || path.includes(only))
    .map(async (path) => {
      const { name, series } = await readSeries(path);
      const onFold = (done: number, of: number): void => {
        progress(`${name}: ${done} of ${of} models`);
      };
      walked.set(name, await walkSeries(series, { trainer: pool, seed: SEED, onFold }));
    }),
);

/** A calendar year counts on its own from this many scored days on. */
const YEAR_DAYS = 100;
const results = [...walked.values()].map(({ report }) => report);
const figures = (value: (result: WalkedSeries['report']) => number) => {
  const values = results.map(value);
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  return { mean, most: Math.max(...values), least: Math.min(...values) };
};
const days = results.reduce((sum, { quality }) => sum + quality.days, 0);
const covered = results.reduce((sum, { quality }) => sum + quality.coverage * quality.days, 0) / days;
const years = results.flatMap((report) => report.years.filter((year) => year.days >= YEAR_DAYS));
const mse = figures(({ quality }) => quality.mseRatio);
const crps = figures(({ quality }) => quality.crpsRatio);
const gjr = figures(({ classics }) => classics['gjr-garch-t']);
const garch = figures(({ classics }) => classics['garch-t']);
const bars: Bar[] = [
  atMost('MSE to naive, mean over series', mse.mean, 1),
  atMost('MSE to naive, worst series', mse.most, 1.005),
  atMost('CRPS to EWMA normal, mean over series', crps.mean, 0.99),
  atMost('CRPS to EWMA normal, worst series', crps.most, 1),
  atMost('CRPS to GJR-GARCH-t, mean over series', crps.mean / gjr.mean, 1),
  atLeast('90 % band: coverage overall', covered, 0.88),
  atMost('90 % band: coverage overall', covered, 0.92),
  atLeast(
    '90 % band: coverage in the worst calendar year of any series',
    Math.min(...years.map(({ coverage }) => coverage)),
    0.85,
  ),
];
const seeds: unknown[] = [];
for (const window of SEED_WINDOWS) {
  if (only !== undefined) break;
  const measured = await measureSeedWindow(window, folder, walked, { trainer: pool, seed: SEED });
  if (measured === undefined) continue;
  seeds.push(measured.figures);
  bars.push(...measured.bars);
}
await pool.close();
const series = Object.fromEntries([...walked].sort().map(([name, { report }]) => [name, report]));
const summary = { days, mse: mse.mean, crps: crps.mean, garch: garch.mean, gjrGarch: gjr.mean, coverage: covered };
const seconds = (performance.now() - started) / 1000;
reportBench({ bench: 'forecast', seed: SEED, results: { seconds, summary, series, seeds }, bars });
