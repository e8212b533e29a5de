/** Successive halving (Jamieson & Talwalkar 2016): many settings on little, the best third of them on more, and so on. */
export interface HalvingPlan {
  /** Settings at the first rung. */
  readonly trials: number;
  /** Rolling origins each setting is judged on, by rung. */
  readonly origins: readonly number[];
}

/** One setting at one rung of its budget, judged. */
export interface JudgedTrial {
  readonly number: number;
  readonly rung: number;
  /** CRPS to EWMA normal over the rung's origins, lower is better; null when it could not be trained. */
  readonly score: number | null;
}

/** A trial that could be trained. */
export type ScoredTrial = JudgedTrial & { readonly score: number };

export interface PlannedTrial {
  readonly number: number;
  readonly rung: number;
  /** Rolling origins of its rung. */
  readonly origins: number;
}

/** One setting in so many goes on to the next rung. */
export const REDUCTION = 3;

export const DEFAULT_PLAN: HalvingPlan = { trials: 12, origins: [1, 2, 4] };

/**
 * What is to be done next, given what is done: the missing trials of the first unfinished rung; nothing when all is done.
 * Depends on the rows alone, so a search that was stopped goes on where it was.
 */
export function nextTrials(plan: HalvingPlan, done: readonly JudgedTrial[]): PlannedTrial[] {
  for (const [rung, origins] of plan.origins.entries()) {
    const judged = new Set(done.filter((trial) => trial.rung === rung).map(({ number }) => number));
    const missing = entrants(plan, done, rung).filter((number) => !judged.has(number));
    if (missing.length > 0) return missing.map((number) => ({ number, rung, origins }));
  }
  return [];
}

/** Trials in all, over every rung. */
export function plannedTrials({ trials, origins }: HalvingPlan): number {
  return origins.reduce((sum, _, rung) => sum + survivors(trials, rung), 0);
}

/** The best setting of the last rung, or null while the search is not finished or nothing could be trained. */
export function winnerOf(plan: HalvingPlan, done: readonly JudgedTrial[]): ScoredTrial | null {
  if (nextTrials(plan, done).length > 0) return null;
  return ranked(done.filter(({ rung }) => rung === plan.origins.length - 1))[0] ?? null;
}

function entrants(plan: HalvingPlan, done: readonly JudgedTrial[], rung: number): number[] {
  if (rung === 0) return Array.from({ length: plan.trials }, (_, number) => number);
  return ranked(done.filter((trial) => trial.rung === rung - 1))
    .slice(0, survivors(plan.trials, rung))
    .map(({ number }) => number);
}

function survivors(trials: number, rung: number): number {
  return Math.max(1, Math.floor(trials / REDUCTION ** rung));
}

/** Best first; equal scores by number, failures left out. */
function ranked(trials: readonly JudgedTrial[]): ScoredTrial[] {
  return trials.filter(isScored).sort((a, b) => a.score - b.score || a.number - b.number);
}

function isScored(trial: JudgedTrial): trial is ScoredTrial {
  return trial.score !== null;
}
