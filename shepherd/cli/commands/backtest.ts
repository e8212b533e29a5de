import { basename } from 'node:path';
import { ShepherdError } from '../../../core/errors.ts';
import { VALIDATION_DAYS } from '../../../core/cycle/split.ts';
import { evaluationStart } from '../../../core/evaluate/start.ts';
import { walkForward } from '../../../core/evaluate/walkForward.ts';
import { reportWalk, type WalkReport } from '../../../core/evaluate/walkReport.ts';
import { DEFAULT_SPEC } from '../../../core/model/spec.ts';
import type { ForecastQuality } from '../../../core/forecast/quality.ts';
import { parseDay } from '../../../core/series/day.ts';
import { toSeries, type Series } from '../../../core/series/price.ts';
import { chooseTransform } from '../../../core/series/transform.ts';
import { readPriceCsv } from '../../../service/csv/priceFile.ts';
import { formatTable } from '../table.ts';
import { createTrainingPool } from '../../threads/pool.ts';
import { printResult, textOption, wholeNumberOption, type Command } from './command.ts';
import { figure, fixed, percent } from '../../../core/prose/figures.ts';

const FOLDS = 5;

/** Needs no database: a file in, a verdict out, for use in other people's pipelines. */
export const backtest: Command = {
  name: 'backtest',
  summary: 'walk-forward evaluation of one series against naive and the classic volatility models',
  usage: 'shepherd backtest <csv> [--column C] [--from DAY] [--folds N] [--seed N] [--json]',
  examples: [
    'shepherd backtest prices.csv',
    'shepherd backtest prices.csv --column adj_close --from 2024-01-01 --json',
  ],
  options: {
    column: { type: 'string', about: 'header of the column to take as the price' },
    from: { type: 'string', about: 'first day to forecast; the last 30 % of the days when left out' },
    folds: { type: 'string', about: 'how often a model is trained anew (5)' },
    seed: { type: 'string', about: 'of the training (1)' },
  },
  async run(context, values, [path]) {
    if (path === undefined) throw new ShepherdError('INVALID_INPUT', `Give a CSV file: ${backtest.usage}`);
    const { bars } = await readPriceCsv({ path }, { column: textOption(values, 'column') });
    const series = toSeries(bars);
    const transform = chooseTransform(series.closes);
    const pool = createTrainingPool(context.config.training);
    try {
      const walked = await walkForward(series, {
        trainer: { train: (request, options) => pool.train(request, { ...options, signal: context.signal }) },
        spec: { ...DEFAULT_SPEC, transform },
        seed: wholeNumberOption(values, 'seed', 0, 1),
        from: startIndex(series, textOption(values, 'from')),
        folds: wholeNumberOption(values, 'folds', 1, FOLDS),
        validationDays: VALIDATION_DAYS,
        onFold: (done, of) => {
          context.io.stderr(`${done} of ${of} models trained and judged\n`);
        },
      });
      const report = reportWalk(series, walked, transform);
      printResult(context, { file: basename(path), ...report }, describe(report));
      return 0;
    } finally {
      await pool.close();
    }
  },
};

function startIndex(series: Series, from: string | undefined): number {
  if (from === undefined) return evaluationStart(series);
  const day = parseDay(from);
  const index = series.days.findIndex((each) => each >= day);
  if (index === -1)
    throw new ShepherdError('INVALID_INPUT', `The series ends before ${day}; choose an earlier --from.`);
  return index;
}

function describe(report: WalkReport): string[] {
  const { quality, years, classics, horizons, trainings } = report;
  const share = (ratio: number | null): string => (ratio === null ? '-' : percent(ratio, 2));
  const row = (name: string, figures: ForecastQuality): string[] => [
    name,
    String(figures.days),
    figure(figures.mae),
    figure(figures.naiveMae),
    share(figures.mape),
    share(figures.naiveMape),
    fixed(figures.mseRatio, 4),
    fixed(figures.crpsRatio, 4),
    percent(figures.coverage),
  ];
  const header = ['year', 'days', 'MAE', 'naive', 'MAPE', 'naive', 'MSE/naive', 'CRPS/EWMA', 'in 90 % band'];
  const better = quality.crpsRatio < 1 && quality.mseRatio <= 1;
  return [
    `${report.first} to ${report.last}, one day ahead; ${trainings.length} models, each trained only on days before those it forecasts.`,
    '',
    ...formatTable(header, [...years.map((year) => row(year.year, year)), row('all', quality)]),
    '',
    `CRPS to EWMA normal: network ${fixed(quality.crpsRatio, 4)}, GARCH(1,1)-t ${fixed(classics['garch-t'], 4)}, GJR-GARCH(1,1)-t ${fixed(classics['gjr-garch-t'], 4)}.`,
    `Days ahead: ${horizons.map(({ days, crpsRatio, coverage }) => `${days}: CRPS ${fixed(crpsRatio, 4)}, covered ${percent(coverage)}`).join('; ')}.`,
    ...(quality.mape === null ? ['There is no MAPE where values pass through zero or come near it.'] : []),
    better ? 'The network is better than naive here.' : 'The network is NOT better than naive here.',
  ];
}
