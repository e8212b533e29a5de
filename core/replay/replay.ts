import { decide, type Decision } from '../decide/decision.ts';
import { judgeCandidate, type PromotionVerdict } from '../decide/gate.ts';
import type { DecisionSettings, GateSettings } from '../decide/settings.ts';
import { assessDrift } from '../drift/distribution/assess.ts';
import { assessLossDrift, type LossDriftReport } from '../drift/loss/lossDrift.ts';
import { fitReference } from '../drift/distribution/reference.ts';
import type { DriftReport } from '../drift/distribution/report.ts';
import type { DriftSetting } from '../drift/setting.ts';
import { atHorizon, scoreRange, type AccountableModel } from '../cycle/heldOut.ts';
import { forecastLosses, naiveLosses } from '../cycle/losses.ts';
import type { BandState } from '../forecast/band.ts';
import type { DayScore } from '../forecast/score.ts';
import { seedFrom } from '../random.ts';
import type { TradingDay } from '../series/day.ts';
import type { Series } from '../series/price.ts';
import { asChanges, toChanges } from '../series/transform.ts';
import { rulesOf, type Policy, type PolicyRules } from './policy.ts';
import { liveThrough, type Shift } from './shift.ts';
import { splitOf, type ReplayModel, type Workshop } from './workshop.ts';

export interface ReplayRequest {
  readonly symbol: string;
  readonly series: Series;
  /** Indexes of the days lived through, [from, to). The first model is trained on the close of `from`. */
  readonly from: number;
  readonly to: number;
  readonly policy: Policy;
  readonly workshop: Workshop;
  readonly decision: DecisionSettings;
  readonly gate: GateSettings;
  readonly drift: DriftSetting;
  readonly onDay?: (day: TradingDay) => void;
}

/** One retrain of the replay and what became of it. */
export interface ReplayedRetrain {
  readonly day: TradingDay;
  readonly reason: Decision['reason'];
  readonly verdict: PromotionVerdict['kind'];
  readonly sentence: string;
  readonly seconds: number;
}

export interface Replay {
  readonly policy: Policy;
  readonly retrains: readonly ReplayedRetrain[];
  /** Of the champions' forecasts one day ahead, as they would have been given; in time order. */
  readonly scores: readonly DayScore[];
}

/**
 * Lives through history day by day with the pipeline's own functions: on each day the champion's forecasts are scored, the data
 * and the champion are checked as far as the policy looks at them, it is decided whether to retrain, and the gate judges. What
 * is decided on a day rests on the closes up to that day alone.
 */
export async function replayPolicy(request: ReplayRequest): Promise<Replay> {
  const { series, policy, from, to, decision: settings } = request;
  const rules = rulesOf(policy, settings);
  const retrains: ReplayedRetrain[] = [];
  const retrainDays: number[] = [];
  const scores: DayScore[] = [];
  let shift: Shift | null = null;
  for (let today = from; today < to; today += 1) {
    if (shift !== null) liveThrough(shift, series, today);
    const decision = decideOn(request, rules, shift, retrainDays, today);
    if (decision.kind === 'train' || decision.kind === 'retrain') {
      const { verdict, seconds, next } = await retrain(request, shift, decision, today);
      retrainDays.push(today);
      const { reason } = decision;
      retrains.push({ day: series.days[today]!, reason, verdict: verdict.kind, sentence: verdict.sentence, seconds });
      if (shift !== null && next !== shift) scores.push(...scoresUpTo(shift, series.days[today]!));
      shift = next;
    }
    request.onDay?.(series.days[today]!);
  }
  if (shift !== null) scores.push(...scoresUpTo(shift, series.days[to - 1]!));
  return { policy, retrains, scores };
}

function scoresUpTo({ scores }: Shift, day: TradingDay): DayScore[] {
  return scores.filter((score) => score.day <= day);
}

function decideOn(
  request: ReplayRequest,
  rules: PolicyRules,
  shift: Shift | null,
  retrainDays: readonly number[],
  today: number,
): Decision {
  const last = retrainDays.at(-1);
  return decide({
    champion: shift === null ? null : { daysSinceValidation: today - shift.validatedOn },
    drift: shift !== null && rules.watchesDrift ? checkDrift(request, shift, today) : null,
    decay: shift !== null && rules.watchesDecay ? checkLosses(request, shift, today) : null,
    manual: null,
    daysSinceRetrain: last === undefined ? null : today - last,
    recentRetrains: retrainDays.filter((each) => today - each < rules.settings.budgetDays).length,
    settings: rules.settings,
  });
}

function checkDrift({ symbol, series, drift }: ReplayRequest, shift: Shift, today: number): DriftReport {
  const { transform } = shift.model.predictor.spec;
  const changes = toChanges(series.closes.subarray(0, today + 1), transform);
  const before = asChanges(changes.subarray(0, shift.referenceTo));
  const seed = seedFrom(symbol, series.days[shift.referenceTo]!);
  shift.reference ??= fitReference(
    asChanges(before.subarray(Math.max(0, before.length - drift.referenceDays))),
    drift,
    seed,
  );
  const current = asChanges(changes.subarray(shift.referenceTo));
  return assessDrift({ reference: before, current, setting: drift, seed, fitted: shift.reference });
}

/** The champion's losses since it was last judged, against those on the unseen days up to then, as the pipeline sets them. */
function checkLosses({ symbol, series, drift }: ReplayRequest, shift: Shift, today: number): LossDriftReport {
  const scores = [...shift.unseenBefore, ...scoresUpTo(shift, series.days[today]!)];
  const judged = series.days[shift.validatedOn]!;
  const heldOut = scores.filter((score) => score.day <= judged);
  const live = scores.filter((score) => score.day > judged);
  return assessLossDrift({
    live: forecastLosses(live).crps,
    naiveLive: naiveLosses(live).crps,
    heldOut: forecastLosses(heldOut).crps,
    naiveHeldOut: naiveLosses(heldOut).crps,
    setting: drift,
    seed: seedFrom(symbol, series.days[shift.referenceTo]!),
  });
}

async function retrain(
  request: ReplayRequest,
  shift: Shift | null,
  decision: Decision,
  today: number,
): Promise<{ verdict: PromotionVerdict; seconds: number; next: Shift | null }> {
  const { series, workshop, gate } = request;
  const trained = await workshop.trainArms(today, shift?.model ?? null);
  const arms = trained.map(({ name, model }) => ({ name, model, ...scoreHeldOut(model, series, today) }));
  const verdict = judgeCandidate({
    champion: shift === null ? null : forecastLosses(scoreHeldOut(shift.model, series, today).days),
    arms: arms.map(({ name, days }) => ({ name, losses: forecastLosses(days) })),
    naive: naiveLosses(arms[0]!.days),
    carried: shift?.evidence ?? {},
    settings: gate,
  });
  const seconds = arms.reduce((sum, { model }) => sum + model.seconds, 0);
  const referenceTo = nextReference(request, shift, decision, today);
  if (verdict.kind === 'keep') {
    if (shift !== null) {
      shift.validatedOn = today;
      shift.evidence = verdict.evidence;
      shift.referenceTo = referenceTo;
      shift.reference = null;
    }
    return { verdict, seconds, next: shift };
  }
  const winner = arms.find(({ name }) => name === verdict.arm)!;
  return { verdict, seconds, next: startShift(winner, series, today, referenceTo) };
}

function scoreHeldOut(model: AccountableModel, series: Series, today: number): { days: DayScore[]; band: BandState } {
  const { heldOut } = splitOf(today, model.predictor.spec);
  const { scores, band } = scoreRange(model, series, heldOut.from, heldOut.to);
  return { days: atHorizon(scores, 1), band };
}

/** As the pipeline moves it: after an alarm the reference takes in the days that caused it, else it follows a window behind. */
function nextReference(request: ReplayRequest, shift: Shift | null, decision: Decision, today: number): number {
  return shift !== null && decision.reason === 'drifted' ? today : today - request.drift.windowDays;
}

function startShift(
  { model, band }: { model: ReplayModel; band: BandState },
  series: Series,
  today: number,
  referenceTo: number,
): Shift {
  const firstUnseen = series.days.indexOf(model.knownTo) + 1;
  return {
    model,
    validatedOn: today,
    referenceTo,
    reference: null,
    evidence: {},
    unseenBefore: atHorizon(scoreRange(model, series, firstUnseen, today + 1).scores, 1),
    band,
    pending: [],
    livedTo: today,
    scores: [],
  };
}
