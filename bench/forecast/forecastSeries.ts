import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { VALIDATION_DAYS } from '../../core/cycle/split.ts';
import { evaluationStart } from '../../core/evaluate/start.ts';
import { walkForward, type Trainer, type WalkedFold } from '../../core/evaluate/walkForward.ts';
import { nextDayScores, reportWalk, type WalkReport } from '../../core/evaluate/walkReport.ts';
import type { DayScore } from '../../core/forecast/score.ts';
import { DEFAULT_SPEC } from '../../core/model/spec.ts';
import { toSeries, type Series } from '../../core/series/price.ts';
import { chooseTransform } from '../../core/series/transform.ts';
import { readPriceCsv } from '../../service/csv/priceFile.ts';

const FOLDS = 5;

export interface WalkedSeries {
  readonly report: WalkReport;
  readonly series: Series;
  readonly walked: readonly WalkedFold[];
  /** One day ahead, in time order. */
  readonly scores: readonly DayScore[];
}

export function listSeriesFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.csv') && !file.includes('.asof-'))
    .map((file) => join(folder, file));
}

export async function readSeries(path: string, column?: string): Promise<{ name: string; series: Series }> {
  const { bars } = await readPriceCsv({ path }, { column });
  return { name: basename(path, '.csv'), series: toSeries(bars) };
}

export interface WalkOptions {
  readonly trainer: Trainer;
  readonly seed: number;
  readonly from?: number;
  readonly folds?: number;
  readonly onFold?: (done: number, of: number) => void;
}

export async function walkSeries(series: Series, options: WalkOptions): Promise<WalkedSeries> {
  const transform = chooseTransform(series.closes);
  const spec = { ...DEFAULT_SPEC, transform };
  const { from = evaluationStart(series), folds = FOLDS, ...rest } = options;
  const walked = await walkForward(series, { ...rest, spec, from, folds, validationDays: VALIDATION_DAYS });
  return { series, walked, scores: nextDayScores(walked), report: reportWalk(series, walked, transform) };
}
