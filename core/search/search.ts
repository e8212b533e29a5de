import { ShepherdError } from '../errors.ts';
import { HELD_OUT_DAYS, VALIDATION_DAYS } from '../cycle/split.ts';
import { cutFolds } from '../evaluate/folds.ts';
import { judgeFold, type Trainer } from '../evaluate/walkForward.ts';
import { nextDayScores } from '../evaluate/walkReport.ts';
import { measureQuality } from '../forecast/quality.ts';
import type { ModelSpec } from '../model/spec.ts';
import { sliceSeries, type Series } from '../series/price.ts';
import { nextTrials, winnerOf, type HalvingPlan, type JudgedTrial, type ScoredTrial } from './halving.ts';
import { drawSpec } from './space.ts';

/** A judged trial with the setting it judged. */
export interface SearchTrial extends JudgedTrial {
  readonly spec: ModelSpec;
  readonly detail: {
    readonly origins: number;
    readonly days: number;
    readonly mseRatio: number | null;
    readonly error: string | null;
  };
}

/** Where the trials are kept, so that a search can be stopped and resumed. */
export interface TrialStore {
  list(): Promise<readonly JudgedTrial[]>;
  save(trial: SearchTrial): Promise<void>;
}

export interface SearchRequest {
  /** The whole series; the days a gate will hold out are cut off here, so that no setting is chosen on them. */
  readonly series: Series;
  readonly base: ModelSpec;
  readonly seed: number;
  readonly plan: HalvingPlan;
  readonly trainer: Trainer;
  readonly store: TrialStore;
  readonly onTrial?: (trial: SearchTrial) => void;
}

export interface SearchResult {
  readonly winner: ScoredTrial & { readonly spec: ModelSpec };
  /** Score of the setting in use, where it reached the last rung. */
  readonly inUse: number | null;
}

/** Share of the days before the first rolling origin. */
const FIRST_ORIGIN = 0.6;

/**
 * Searches for a better setting by rolling-origin cross-validation with successive halving. The winner is only a challenger:
 * it still has to pass the gate, on days no trial has seen.
 * @throws ShepherdError TOO_FEW_VALUES for a short series, INVALID_INPUT when no setting could be trained.
 */
export async function runSearch(request: SearchRequest): Promise<SearchResult> {
  const { base, seed, plan, store } = request;
  const horizon = base.horizon;
  const series = sliceSeries(request.series, 0, request.series.closes.length - HELD_OUT_DAYS - horizon);
  const folds = cutFolds(series.closes.length, {
    from: Math.round(series.closes.length * FIRST_ORIGIN),
    folds: Math.max(...plan.origins),
    validationDays: VALIDATION_DAYS,
    horizon,
  });
  for (;;) {
    const trials = nextTrials(plan, await store.list());
    if (trials.length === 0) break;
    await Promise.all(
      trials.map(async ({ number, rung, origins }) => {
        const spec = drawSpec(base, seed, number);
        // The latest origins first: they are the most like the days to come.
        const judged = await judgeSetting(request, series, spec, folds.slice(-origins));
        const trial = { number, rung, spec, ...judged };
        await store.save(trial);
        request.onTrial?.(trial);
      }),
    );
  }
  const done = await store.list();
  const winner = winnerOf(plan, done);
  if (winner === null)
    throw new ShepherdError('INVALID_INPUT', 'No setting of the search could be trained on this series.');
  const last = plan.origins.length - 1;
  const inUse = done.find(({ number, rung }) => number === 0 && rung === last);
  return { winner: { ...winner, spec: drawSpec(base, seed, winner.number) }, inUse: inUse?.score ?? null };
}

async function judgeSetting(
  { trainer, seed }: SearchRequest,
  series: Series,
  spec: ModelSpec,
  folds: ReturnType<typeof cutFolds>,
): Promise<Pick<SearchTrial, 'score' | 'detail'>> {
  try {
    const walked = await Promise.all(
      folds.map((fold) => judgeFold(series, fold, { trainer, spec, seed, validationDays: VALIDATION_DAYS })),
    );
    const { crpsRatio, mseRatio, days } = measureQuality(nextDayScores(walked));
    const score = Number.isFinite(crpsRatio) ? crpsRatio : null;
    return { score, detail: { origins: folds.length, days, mseRatio, error: null } };
  } catch (error) {
    if (!(error instanceof ShepherdError) || error.code === 'CANCELLED') throw error;
    return { score: null, detail: { origins: folds.length, days: 0, mseRatio: null, error: error.message } };
  }
}
