import { evaluationStart } from '../core/evaluate/start.ts';
import { fitFlock } from '../lab/fitFlock.ts';
import { sliceSeries } from '../core/series/price.ts';
import { findEvaluationData } from '../lab/evaluationData.ts';
import { listSeriesFiles, readSeries } from './forecast/forecastSeries.ts';
import { option } from './report.ts';

/** Prints the coefficients of `core/forecast/scale/flock.ts`, fitted on what lies before each series' evaluation. */
const folder = option('data') ?? findEvaluationData();
if (folder === undefined) throw new Error('No evaluation data: give --data DIR, or set SHEPHERD_EVAL_DATA.');
const without = (option('without') ?? '').split(',').filter((name) => name !== '');
const read = await Promise.all(listSeriesFiles(folder).map((path) => readSeries(path)));
const flock = read
  .filter(({ name }) => !without.includes(name))
  .map(({ series }) => sliceSeries(series, 0, evaluationStart(series)));
const fitted = fitFlock(flock);
const rounded = (value: number): number => Number(value.toFixed(4));
for (const [kind, fits] of Object.entries(fitted))
  process.stdout.write(
    `  ${kind}: [\n${fits.map(({ coefficients, dof }) => `    { coefficients: [${coefficients.map(rounded).join(', ')}], location: 0, dof: ${rounded(dof)} },\n`).join('')}  ],\n`,
  );
