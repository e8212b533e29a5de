import { compared, comparedP, figure } from '../prose/figures.ts';
import { plural } from '../prose/plural.ts';
import { dieboldMariano } from '../stats/dieboldMariano.ts';
import { fixedSmoothingP } from '../stats/fixedSmoothing.ts';
import { meanOf } from '../stats/moments.ts';
import { lossDifferences, poolDifferences, type ArmName, type DayLosses, type Evidence } from './evidence.ts';
import type { GateSettings } from './settings.ts';

/** A retrained model standing before the gate. */
export interface Challenger {
  readonly name: ArmName;
  readonly losses: DayLosses;
}

export interface GateInput {
  /** Null when there is no champion yet. All losses are of the same held-out days, unseen by every forecaster here. */
  readonly champion: DayLosses | null;
  readonly arms: readonly Challenger[];
  /** The naive forecast with EWMA volatility. */
  readonly naive: DayLosses;
  /** Evidence against this champion from earlier gates; `{}` for a new champion. */
  readonly carried: Evidence;
  readonly settings: GateSettings;
}

/** Mean losses over the held-out days. */
export interface MeanLosses {
  readonly crps: number;
  readonly mse: number;
}

/** How one arm stood against the champion. */
export interface ArmReport extends MeanLosses {
  readonly name: ArmName;
  /** Arm's CRPS / champion's over the new held-out days; null without a champion. */
  readonly crpsRatio: number | null;
  /** Days in the pooled test, new and carried; 0 without a champion. */
  readonly pooledDays: number;
  /** P under equal skill of evidence this strong that the arm has the lower CRPS (Diebold-Mariano, HLN-corrected). */
  readonly pBetter: number | null;
  /** The same, allowing for errors that persist for weeks (fixed-smoothing). */
  readonly pBetterPersistent: number | null;
  readonly pWorse: number | null;
  /** The same for a higher squared error. */
  readonly pPointWorse: number | null;
  /** P under equal skill of evidence this strong that the arm has a higher CRPS than naive. */
  readonly pWorseThanNaive: number;
}

export interface GateNumbers {
  readonly days: number;
  readonly champion: MeanLosses | null;
  readonly naive: MeanLosses;
  readonly arms: readonly ArmReport[];
  /** Level of each arm's own test: the gate's level shared out. */
  readonly levelPerArm: number;
}

export type PromoteReason = 'no-champion' | 'better' | 'not-worse';
export type RefusalReason = 'not-better' | 'worse' | 'point-forecast-worse' | 'worse-than-naive' | 'no-usable-arm';

/** `keep` means revalidated: the champion met its challengers on new days and stays; its staleness clock restarts. */
export type PromotionVerdict = {
  readonly sentence: string;
  readonly numbers: GateNumbers;
  readonly evidence: Evidence;
} & (
  | { readonly kind: 'promote'; readonly arm: ArmName; readonly reason: PromoteReason }
  | { readonly kind: 'keep'; readonly reason: RefusalReason }
);

/** One-sided level at which an arm counts as worse: as a point forecast, or than naive. */
const WORSE_LEVEL = 0.05;

/**
 * Judges retrained arms against the champion on held-out days.
 *
 * `superior`: an arm is promoted when the Diebold-Mariano test and the fixed-smoothing test over the new and the carried days
 * both say its CRPS is lower, at `settings.level` shared equally between the arms (Bonferroni), its squared error is not
 * significantly higher, and it is not significantly worse than naive. `not-worse`: its mean CRPS is no higher and no test says it is worse.
 * Of several that pass, the one with the lowest CRPS on the new days.
 */
export function judgeCandidate(input: GateInput): PromotionVerdict {
  const arms = input.arms.filter((arm) => isFinite(arm.losses));
  const numbers = gateNumbers(input, arms);
  const reports = [...numbers.arms].sort((a, b) => a.crps - b.crps);
  const best = reports[0];
  if (best === undefined) {
    const sentence = 'Keeping the champion: no challenger gave finite losses.';
    return { kind: 'keep', reason: 'no-usable-arm', sentence, numbers, evidence: input.carried };
  }
  if (input.champion === null) {
    const sentence = `Promoting the ${best.name} model: there was no champion. ${besideNaive(best, numbers)}`;
    return { kind: 'promote', arm: best.name, reason: 'no-champion', sentence, numbers, evidence: {} };
  }
  const passed = reports.find((arm) => refusalOf(arm, numbers, input.settings) === null);
  if (passed !== undefined) {
    const reason = input.settings.policy === 'superior' ? 'better' : 'not-worse';
    const sentence = `Promoting the ${passed.name} model: ${against(passed, numbers)} ${besideNaive(passed, numbers)}`;
    return { kind: 'promote', arm: passed.name, reason, sentence, numbers, evidence: {} };
  }
  const reason = refusalOf(best, numbers, input.settings) ?? 'not-better';
  const sentence = `Keeping the champion (${REFUSALS[reason]}): ${against(best, numbers)}`;
  return { kind: 'keep', reason, sentence, numbers, evidence: carryOn(input, arms) };
}

const REFUSALS: Readonly<Record<RefusalReason, string>> = {
  'not-better': 'no challenger is proven better',
  worse: 'the best challenger is worse',
  'point-forecast-worse': "the best challenger's point forecast is worse",
  'worse-than-naive': 'the best challenger is worse than naive',
  'no-usable-arm': 'no challenger gave finite losses',
};

function refusalOf(arm: ArmReport, numbers: GateNumbers, settings: GateSettings): RefusalReason | null {
  const { pWorse, pPointWorse, pWorseThanNaive } = arm;
  if (settings.policy === 'superior' && weakestProof(arm) > numbers.levelPerArm) return 'not-better';
  if (settings.policy === 'not-worse') {
    if (pWorse === null || pWorse <= WORSE_LEVEL || numbers.champion === null) return 'worse';
    if (arm.crps > numbers.champion.crps) return 'not-better';
  }
  if (pPointWorse === null || pPointWorse <= WORSE_LEVEL) return 'point-forecast-worse';
  return pWorseThanNaive <= WORSE_LEVEL ? 'worse-than-naive' : null;
}

/** Both tests must say better, so the larger p decides. */
function weakestProof({ pBetter, pBetterPersistent }: ArmReport): number {
  return Math.max(pBetter ?? 1, pBetterPersistent ?? 1);
}

function gateNumbers(input: GateInput, arms: readonly Challenger[]): GateNumbers {
  const champion = input.champion === null ? null : meanLosses(input.champion);
  return {
    days: input.naive.days.length,
    champion,
    naive: meanLosses(input.naive),
    arms: arms.map((arm) => reportArm(input, arm, champion)),
    levelPerArm: input.settings.level / Math.max(1, arms.length),
  };
}

function reportArm(input: GateInput, arm: Challenger, champion: MeanLosses | null): ArmReport {
  const means = meanLosses(arm.losses);
  const overNaive = dieboldMariano(lossDifferences(input.naive, arm.losses).crps);
  const report = { name: arm.name, ...means, pWorseThanNaive: overNaive.pFirstBetter };
  if (input.champion === null || champion === null) {
    const unknown = { pBetter: null, pBetterPersistent: null, pWorse: null, pPointWorse: null };
    return { ...report, crpsRatio: null, pooledDays: 0, ...unknown };
  }
  const fresh = lossDifferences(input.champion, arm.losses);
  const pooled = poolDifferences(input.carried[arm.name], fresh, input.settings.evidenceDays);
  const whole = dieboldMariano(pooled.crps);
  return {
    ...report,
    crpsRatio: means.crps / champion.crps,
    pooledDays: pooled.days.length,
    pBetter: whole.pSecondBetter,
    pBetterPersistent: fixedSmoothingP(pooled.crps),
    pWorse: whole.pFirstBetter,
    pPointWorse: dieboldMariano(pooled.squaredError).pFirstBetter,
  };
}

/** The evidence to keep with a champion that stays. An arm that was not usable adds nothing and loses nothing. */
function carryOn({ champion, carried, settings }: GateInput, arms: readonly Challenger[]): Evidence {
  if (champion === null) return {};
  const added = arms.map((arm) => [
    arm.name,
    poolDifferences(carried[arm.name], lossDifferences(champion, arm.losses), settings.evidenceDays),
  ]);
  return { ...carried, ...Object.fromEntries(added) } as Evidence; // keys are arm names, values come from `poolDifferences`
}

function against(arm: ArmReport, { champion, levelPerArm, days }: GateNumbers): string {
  const carried = arm.pooledDays - days;
  const span = carried > 0 ? `${days} held-out and ${plural(carried, 'carried day')}` : plural(days, 'held-out day');
  const p = comparedP(weakestProof(arm), levelPerArm);
  return `${arm.name} has ${besideChampion(arm.crps, champion)}, p ${p.first} (level ${p.second}) over ${span}.`;
}

function besideChampion(crps: number, champion: MeanLosses | null): string {
  if (champion === null) return `CRPS ${figure(crps, 3)} against none`;
  const { first, second, equal } = compared(crps, champion.crps);
  return equal ? `CRPS ${first}, equal to the champion's` : `CRPS ${first} against ${second}`;
}

function besideNaive(arm: ArmReport, numbers: GateNumbers): string {
  const { first, second, equal } = compared(numbers.naive.crps, arm.crps);
  return equal ? `Naive has the same CRPS, ${first}.` : `Naive has CRPS ${first} where it has ${second}.`;
}

function meanLosses(losses: DayLosses): MeanLosses {
  return { crps: meanOf(losses.crps), mse: meanOf(losses.squaredError) };
}

function isFinite(losses: DayLosses): boolean {
  return [...losses.crps, ...losses.squaredError].every(Number.isFinite);
}
