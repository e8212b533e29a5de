import { atHorizon } from '../core/cycle/heldOut.ts';
import { evaluationStart } from '../core/evaluate/start.ts';
import { sliceSeries } from '../core/series/price.ts';
import { chooseTransform } from '../core/series/transform.ts';
import { meanOf } from '../core/stats/moments.ts';
import { createTrainingPool } from '../shepherd/threads/pool.ts';
import { findEvaluationData } from '../lab/evaluationData.ts';
import { listSeriesFiles, readSeries, walkSeries, type WalkedSeries } from './forecast/forecastSeries.ts';
import { atLeast, atMost, option, progress, reportBench, type Bar } from './report.ts';
import { coverageOf } from './forecast/coverage.ts';
import { backtestRisk, discoveries, refitGjr } from './forecast/risk.ts';
import { walkShort } from './forecast/shortHistory.ts';
import { ablate, ratioOf, scoreFar, type Ratio } from './forecast/variants.ts';
import { measureSeedWindow, SEED_WINDOWS } from './drift/seedWindows.ts';

/**
 * Locked evaluation on every real series. Whatever is chosen is chosen on the days before a series' evaluation (`--part development`:
 * rolling origins over the last two fifths of them); the days after are reported, and choose nothing.
 */
const development = option('part') === 'development';
const DEVELOPMENT_SHARE = 0.6;
/** First day that a model with a full validation year can forecast. */
const LEAST_ORIGIN = 620;
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
      const { name, series: whole } = await readSeries(path);
      const start = evaluationStart(whole);
      const series = development ? sliceSeries(whole, 0, start) : whole;
      const part = development ? { from: Math.max(LEAST_ORIGIN, Math.round(start * DEVELOPMENT_SHARE)), folds: 3 } : {};
      const onFold = (done: number, of: number): void => {
        progress(`${name}: ${done} of ${of} models`);
      };
      walked.set(name, await walkSeries(series, { trainer: pool, seed: SEED, onFold, ...part }));
    }),
);

const HORIZONS = [1, 5, 20];
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
  atMost('CRPS to EWMA normal, mean over series', crps.mean, 0.984),
  atMost('CRPS to EWMA normal, worst series', crps.most, 0.995),
  atMost('CRPS to GJR-GARCH-t, mean over series', crps.mean / gjr.mean, 1),
  atLeast('90 % band: coverage overall', covered, 0.88),
  atMost('90 % band: coverage overall', covered, 0.92),
  atLeast(
    '90 % band: coverage in the worst calendar year of any series',
    Math.min(...years.map(({ coverage }) => coverage)),
    0.85,
  ),
];
/** Everything else that is told of a series. */
const details = new Map(
  [...walked].sort().map(([name, { series, walked: folds, report }]) => {
    progress(`${name}: ablation, coverage, risk`);
    const transform = chooseTransform(series.closes);
    const far = new Map(HORIZONS.map((horizon) => [horizon, scoreFar(series, folds, horizon)]));
    const scores = folds.flatMap(({ scores: each }) => atHorizon(each, 1));
    const naive = scores.map(({ naiveCrps }) => naiveCrps);
    const gjr = refitGjr(series, folds, transform);
    const own = scores.map(({ crps: each }) => each);
    const peer = gjr.map(({ crps: each }) => each);
    const ablation: Record<string, Ratio> = {
      ...ablate(series, folds),
      'GJR-GARCH-t refitted every 60 days': ratioOf(peer, naive),
    };
    return [
      name,
      {
        ratio: ratioOf(own, naive),
        toGjr: ratioOf(own, peer),
        ablation,
        weights: folds.map(({ calibration }) => calibration.weight ?? null),
        coverage: Object.fromEntries([...far].map(([horizon, days]) => [horizon, coverageOf(days, horizon)])),
        risk: backtestRisk(far.get(1) ?? []),
        riskOfGjr: backtestRisk(gjr).map(({ fisslerZiegel }) => fisslerZiegel),
        short: development ? null : walkShort(series, transform),
        mse: report.quality.mseRatio,
      },
    ] as const;
  }),
);
const all = [...details.values()];
const meanRatio = (of: (detail: (typeof all)[number]) => number | undefined): number =>
  meanOf(all.map((each) => of(each) ?? Number.NaN));
const closesOnly = meanRatio(({ ablation }) => ablation['closes only']?.ratio);
const tests = all.flatMap(({ risk }) => risk.flatMap(({ kupiec, christoffersen }) => [kupiec, christoffersen]));
const rejected = discoveries(tests, 0.05);
bars.push(
  atMost('CRPS to EWMA normal with closes alone, mean over series', closesOnly, 0.989),
  atMost(
    'CRPS to GJR-GARCH-t refitted every 60 days: lower end of the 90 % interval, worst series',
    Math.max(...all.map(({ toGjr }) => toGjr.interval?.[0] ?? 1)),
    1,
  ),
  atMost(
    'network alone to scale model alone, CRPS, or weight 0',
    Math.max(
      ...all.map(({ ablation, weights }) =>
        weights.every((weight) => weight === 0)
          ? 1
          : (ablation['network alone']?.ratio ?? 1) / (ablation['scale model alone']?.ratio ?? 1),
      ),
    ),
    1,
  ),
  ...HORIZONS.flatMap((horizon) => {
    const terciles = all.flatMap(({ coverage }) => coverage[horizon]?.terciles ?? []);
    const [least, most] = horizon === 1 ? [0.87, 0.93] : [0.85, 0.95];
    return [
      atLeast(
        `90 % band ${horizon} ahead: least coverage of a third of the days by volatility`,
        Math.min(...terciles),
        least,
      ),
      atMost(
        `90 % band ${horizon} ahead: most coverage of a third of the days by volatility`,
        Math.max(...terciles),
        most,
      ),
    ];
  }),
  ...HORIZONS.flatMap((horizon) => {
    const overall = meanOf(all.map(({ coverage }) => coverage[horizon]?.overall ?? Number.NaN));
    return [
      atLeast(`90 % band ${horizon} ahead: coverage overall`, overall, 0.88),
      atMost(`90 % band ${horizon} ahead: coverage overall`, overall, 0.92),
    ];
  }),
  atMost('value at risk: tests of Kupiec and Christoffersen rejected at 5 % after FDR control', rejected, 0),
  atMost(
    'Fissler-Ziegel loss less that of GJR-GARCH-t, mean over series and levels',
    meanRatio(({ risk, riskOfGjr }) => meanOf(risk.map(({ fisslerZiegel }, i) => fisslerZiegel - (riskOfGjr[i] ?? 0)))),
    0,
  ),
);
if (!development) {
  bars.push(
    atMost(
      'first 250 days: CRPS to EWMA normal, mean over series',
      meanRatio(({ short }) => short?.own.ratio),
      1,
    ),
    atMost(
      'first 250 days: CRPS less that of GARCH-t on the same days, mean over series',
      meanRatio(({ short }) => (short?.own.ratio ?? 0) - (short?.garch.ratio ?? 0)),
      0,
    ),
  );
}
const seeds: unknown[] = [];
for (const window of SEED_WINDOWS) {
  if (only !== undefined || development) break;
  const measured = await measureSeedWindow(window, folder, walked, { trainer: pool, seed: SEED });
  if (measured === undefined) continue;
  seeds.push(measured.figures);
  bars.push(...measured.bars);
}
await pool.close();
const series = Object.fromEntries([...walked].sort().map(([name, { report }]) => [name, report]));
const summary = { days, mse: mse.mean, crps: crps.mean, garch: garch.mean, gjrGarch: gjr.mean, coverage: covered };
const seconds = (performance.now() - started) / 1000;
reportBench({
  bench: 'forecast',
  seed: SEED,
  results: {
    seconds,
    part: development ? 'development' : 'evaluation',
    summary,
    details: Object.fromEntries(details),
    series,
    seeds,
  },
  bars,
});
