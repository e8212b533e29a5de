import { compared, comparedP, figure, probability } from '../prose/figures.ts';
import { plural } from '../prose/plural.ts';
import type { DecisionSettings } from './settings.ts';

/** What the decision needs to know of the champion. */
export interface ChampionAge {
  /** Trading days of the series after the last day on which it was trained or revalidated. */
  readonly daysSinceValidation: number;
}

/** The part of a `DriftReport` (core/drift) that a decision rests on. */
export type DriftFinding =
  | { readonly verdict: 'stable'; readonly cause: null; readonly calibratedP: number; readonly threshold: number }
  | { readonly verdict: 'drifted'; readonly cause: string; readonly calibratedP: number; readonly threshold: number }
  | { readonly verdict: 'undetermined'; readonly cause: null; readonly calibratedP: null; readonly threshold: null };

/** The part of a `WatchReport` (core/drift) that a decision rests on. */
export interface WatchFinding {
  readonly verdict: 'stable' | 'drifted' | 'undetermined';
  readonly cause: string | null;
  /** What alarms, where something does. */
  readonly first: { readonly detector: string; readonly statistic: number; readonly limit: number } | null;
}

/** The champion's live loss / what its losses on unseen days before promised. */
export type DecayFinding =
  | { readonly verdict: 'stable' | 'decayed'; readonly ratio: number }
  | { readonly verdict: 'undetermined'; readonly ratio: null };

export interface DecisionInput {
  readonly champion: ChampionAge | null;
  /** Null when the check was not made. */
  readonly drift: DriftFinding | null;
  /** Absent: not watched. */
  readonly watch?: WatchFinding | null;
  readonly decay: DecayFinding | null;
  /** A person's reason for asking, or null. */
  readonly manual: string | null;
  /** A person's reason for keeping the champion whatever comes; absent: none. */
  readonly pinned?: string | undefined;
  /** Trading days since the last retrain ended, whatever came of it; null when there was none. */
  readonly daysSinceRetrain: number | null;
  /** Trading days since the last retrain that answered an alarm; null when there was none. */
  readonly daysSinceAlarm: number | null;
  /** Retrains within the last `settings.budgetDays` trading days. */
  readonly recentRetrains: number;
  readonly settings: DecisionSettings;
}

export type RetrainReason = 'manual' | 'drifted' | 'decayed' | 'stale';
/** Whether a retrain for this reason answers an alarm, and so spends of the needless ones that are allowed. */
export function isAlarm(reason: RetrainDecision['reason']): boolean {
  return reason === 'drifted' || reason === 'decayed';
}

export type KeepReason = 'fresh' | 'feed-fault' | 'cooling-down' | 'budget-spent' | 'pinned';

/** Every decision carries the sentence that is logged and the numbers it was made from. */
export type RetrainDecision = { readonly sentence: string; readonly numbers: DecisionNumbers } & (
  | { readonly kind: 'train'; readonly reason: 'no-champion' }
  | { readonly kind: 'retrain'; readonly reason: RetrainReason }
  | { readonly kind: 'keep'; readonly reason: KeepReason }
  | { readonly kind: 'undetermined'; readonly reason: 'drift-unknown' }
);

export interface DecisionNumbers {
  readonly daysSinceValidation: number | null;
  readonly daysSinceRetrain: number | null;
  readonly daysSinceAlarm: number | null;
  readonly recentRetrains: number;
  readonly calibratedP: number | null;
  readonly lossRatio: number | null;
}

/** Whether to train, and why. Pure: the same input gives the same answer. */
export function decide(input: DecisionInput): RetrainDecision {
  const { champion, drift, watch = null, decay, settings } = input;
  const numbers: DecisionNumbers = {
    daysSinceValidation: champion?.daysSinceValidation ?? null,
    daysSinceRetrain: input.daysSinceRetrain,
    daysSinceAlarm: input.daysSinceAlarm,
    recentRetrains: input.recentRetrains,
    calibratedP: drift?.calibratedP ?? null,
    lossRatio: decay?.ratio ?? null,
  };
  if (champion === null) {
    return {
      kind: 'train',
      reason: 'no-champion',
      sentence: 'No model is in service yet, so one is trained.',
      numbers,
    };
  }
  if (input.manual !== null) {
    return {
      kind: 'retrain',
      reason: 'manual',
      sentence: `Retraining because a person asked: ${input.manual}.`,
      numbers,
    };
  }
  const wish = retrainWish(champion, drift, watch, decay, settings);
  if (wish !== null) {
    const refusal = costRefusal(input, wish);
    return refusal === null ? { kind: 'retrain', ...wish, numbers } : { kind: 'keep', ...refusal, numbers };
  }
  if (drift?.cause === 'feed' || watch?.cause === 'feed') {
    const sentence = 'Keeping the champion: the change in the data is a fault of the feed, which no retrain repairs.';
    return { kind: 'keep', reason: 'feed-fault', sentence, numbers };
  }
  if (drift?.verdict === 'undetermined') {
    const sentence = `Undetermined: whether the data has drifted cannot be told; ${ageOf(champion, settings)}.`;
    return { kind: 'undetermined', reason: 'drift-unknown', sentence, numbers };
  }
  const calm = drift === null ? '' : `no drift (calibrated p ${probability(drift.calibratedP)}), `;
  return {
    kind: 'keep',
    reason: 'fresh',
    sentence: `Keeping the champion: ${calm}${ageOf(champion, settings)}.`,
    numbers,
  };
}

function retrainWish(
  champion: ChampionAge,
  drift: DriftFinding | null,
  watch: WatchFinding | null,
  decay: DecayFinding | null,
  settings: DecisionSettings,
): { reason: RetrainReason; sentence: string } | null {
  const isFeed = drift?.cause === 'feed' || watch?.cause === 'feed';
  if (watch?.first && watch.cause !== null && !isFeed) {
    const { detector, statistic, limit } = watch.first;
    const shown = compared(statistic, limit, 3);
    const proof = `${detector} ${shown.first}, limit ${shown.second}`;
    return { reason: 'drifted', sentence: `Retraining: the data has drifted in ${watch.cause} (${proof}).` };
  }
  if (drift?.verdict === 'drifted' && !isFeed) {
    const { first, second } = comparedP(drift.calibratedP, drift.threshold);
    const proof = `calibrated p ${first}, threshold ${second}`;
    return { reason: 'drifted', sentence: `Retraining: the data has drifted in ${drift.cause} (${proof}).` };
  }
  if (decay?.verdict === 'decayed') {
    return {
      reason: 'decayed',
      sentence: `Retraining: the champion's live loss is ${figure(decay.ratio, 3)} times its held-out loss.`,
    };
  }
  if (champion.daysSinceValidation > settings.staleAfterDays) {
    return { reason: 'stale', sentence: `Retraining: ${ageOf(champion, settings)}.` };
  }
  return null;
}

/** The reason not to spend another retrain yet, or null. */
function costRefusal(
  input: DecisionInput,
  wish: { readonly reason: RetrainReason; readonly sentence: string },
): { reason: KeepReason; sentence: string } | null {
  const { recentRetrains, settings } = input;
  // Age waits for whatever was trained last; an alarm waits only for the answer to the one before, as what is retrained by the calendar knows nothing of it.
  const since = wish.reason === 'stale' ? input.daysSinceRetrain : input.daysSinceAlarm;
  const instead = wish.sentence.replace(/^Retraining: /, '').replace(/\.$/, '');
  if (input.pinned !== undefined) {
    return { reason: 'pinned', sentence: `Keeping the champion although ${instead}: it is pinned (${input.pinned}).` };
  }
  if (since !== null && since < settings.cooldownDays) {
    const which = wish.reason === 'stale' ? 'the last retrain' : 'the retrain after the last alarm';
    const pause = `${which} was ${plural(since, 'trading day')} ago and the cooldown is ${settings.cooldownDays}`;
    return { reason: 'cooling-down', sentence: `Keeping the champion although ${instead}: ${pause}.` };
  }
  if (recentRetrains >= settings.budgetRetrains) {
    const spent = `${recentRetrains} of ${plural(settings.budgetRetrains, 'retrain')} in ${plural(settings.budgetDays, 'day')} are spent`;
    return { reason: 'budget-spent', sentence: `Keeping the champion although ${instead}: ${spent}.` };
  }
  return null;
}

function ageOf(champion: ChampionAge, settings: DecisionSettings): string {
  return `last validated ${plural(champion.daysSinceValidation, 'trading day')} ago (stale after ${settings.staleAfterDays})`;
}
