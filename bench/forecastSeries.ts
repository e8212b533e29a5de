import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { CLASSICS, scoreClassic, type Classic } from '../core/evaluate/classics.ts';
import { atHorizon } from '../core/evaluate/heldOut.ts';
import { byYear, qualityOf, type Quality } from '../core/evaluate/quality.ts';
import { VALIDATION_DAYS } from '../core/evaluate/split.ts';
import { walkForward, type Trainer, type WalkedFold } from '../core/evaluate/walkForward.ts';
import type { DayScore } from '../core/forecast/score.ts';
import { DEFAULT_SPEC } from '../core/model/spec.ts';
import { toSeries, type Series } from '../core/series/price.ts';
import { chooseTransform } from '../core/series/transform.ts';
import { readPriceCsv } from '../shepherd/source/csvFile.ts';

export const FOLDS = 5;
/** Share of the days before the evaluation; it begins with the calendar year nearest to it. */
const TRAINING_SHARE = 0.7;
/** A calendar year counts on its own from this many scored days on. */
const YEAR_DAYS = 100;

export interface SeriesResult {
  readonly first: string;
  readonly days: number;
  readonly quality: Quality;
  /** CRPS of each classic / that of the EWMA normal, on the same days. */
  readonly classics: Record<Classic, number>;
  /** Longer horizons: CRPS to EWMA normal, and coverage. */
  readonly horizons: readonly { readonly days: number; readonly crpsRatio: number; readonly coverage: number }[];
  readonly years: Record<string, { readonly days: number; readonly crpsRatio: number; readonly coverage: number }>;
  readonly trainings: readonly { readonly knownTo: string; readonly epochs: number; readonly bestEpoch: number }[];
}

export interface WalkedSeries {
  readonly result: SeriesResult;
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

/** Index of the first day of the calendar year nearest to the share of training days. */
export function evaluationStart({ days }: Series): number {
  const share = Math.round(days.length * TRAINING_SHARE);
  const newYears = days.flatMap((day, i) => (i > 0 && day.slice(0, 4) !== days[i - 1]!.slice(0, 4) ? [i] : []));
  return newYears.reduce((best, i) => (Math.abs(i - share) < Math.abs(best - share) ? i : best), share + 250);
}

export async function walkSeries(
  series: Series,
  options: {
    trainer: Trainer;
    seed: number;
    from?: number;
    folds?: number;
    onFold?: (done: number, of: number) => void;
  },
): Promise<WalkedSeries> {
  const transform = chooseTransform(series.closes);
  const spec = { ...DEFAULT_SPEC, transform };
  const { from = evaluationStart(series), folds = FOLDS, ...rest } = options;
  const walked = await walkForward(series, { ...rest, spec, from, folds, validationDays: VALIDATION_DAYS });
  const all = walked.flatMap((fold) => fold.scores);
  const scores = atHorizon(all, 1);
  const quality = qualityOf(scores);
  return {
    scores,
    result: {
      first: series.days[from]!,
      days: scores.length,
      quality,
      classics: classicRatios(series, walked, quality, transform),
      horizons: Array.from({ length: spec.horizon }, (_, h) => {
        const { crpsRatio, coverage } = qualityOf(atHorizon(all, h + 1));
        return { days: h + 1, crpsRatio, coverage };
      }),
      years: yearFigures(scores),
      trainings: walked.map(({ knownTo, epochs, bestEpoch }) => ({ knownTo, epochs, bestEpoch })),
    },
  };
}

function classicRatios(
  series: Series,
  walked: readonly WalkedFold[],
  quality: Quality,
  transform: SeriesTransform,
): Record<Classic, number> {
  const ratio = (classic: Classic): number => {
    const losses = walked.flatMap(({ fold }) => scoreClassic(classic, series, fold, transform));
    return losses.reduce((sum, loss) => sum + loss, 0) / losses.length / quality.naive.crps;
  };
  const names = Object.keys(CLASSICS) as Classic[]; // `keys` forgets that they are those of the record
  return Object.fromEntries(names.map((name) => [name, ratio(name)])) as Record<Classic, number>; // one entry a name
}

type SeriesTransform = ReturnType<typeof chooseTransform>;

function yearFigures(scores: readonly DayScore[]): SeriesResult['years'] {
  const figures: [string, SeriesResult['years'][string]][] = [];
  for (const [year, days] of byYear(scores)) {
    if (days.length < YEAR_DAYS) continue;
    const { crpsRatio, coverage } = qualityOf(days);
    figures.push([year, { days: days.length, crpsRatio, coverage }]);
  }
  return Object.fromEntries(figures);
}
