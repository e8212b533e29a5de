import { checkData, checkLosses } from '../cycle/computeCheck.ts';
import { decideRetrain } from '../cycle/decideRetrain.ts';
import { judgeArms } from '../cycle/judgeArms.ts';
import { beginTenure, extendTenure } from '../cycle/tenure.ts';
import {
  isAlarm,
  type DecayFinding,
  type DriftFinding,
  type RetrainDecision,
  type WatchFinding,
} from '../decide/decision.ts';
import type { PromotionVerdict } from '../decide/gate.ts';
import type { DecisionSettings, GateSettings } from '../decide/settings.ts';
import type { DriftSetting } from '../drift/setting.ts';
import type { DayScore } from '../forecast/score.ts';
import type { TradingDay } from '../series/day.ts';
import { lastDayOf, sliceSeries, type Series } from '../series/price.ts';
import { liveThrough, putIntoService, scoresUpTo, type ReplayChampion } from './champion.ts';
import { rulesOf, type Policy, type PolicyRules } from './policy.ts';
import type { Workshop } from './workshop.ts';

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
  /** Series that share the setting's needless retrains, this one among them; 1 when left out. */
  readonly flock?: number;
  readonly onDay?: (day: TradingDay, decision: RetrainDecision) => void;
}

/** One retrain of the replay and what became of it. */
export interface ReplayedRetrain {
  readonly day: TradingDay;
  readonly reason: RetrainDecision['reason'];
  readonly verdict: PromotionVerdict;
  readonly seconds: number;
}

export interface Replay {
  readonly policy: Policy;
  readonly retrains: readonly ReplayedRetrain[];
  /** Of the champions' forecasts one day ahead, as they would have been given; in time order. */
  readonly scores: readonly DayScore[];
}

/**
 * Lives through history day by day in the stages of a run (core/cycle): on each day the champion's forecasts are scored, the
 * data and the champion are checked as far as the policy looks at them, it is decided whether to retrain, and the gate judges.
 * What is decided on a day rests on the closes up to that day alone.
 */
export async function replayPolicy(request: ReplayRequest): Promise<Replay> {
  const { policy, from, to, onDay } = request;
  const rules = rulesOf(policy, request.decision);
  const retrains: ReplayedRetrain[] = [];
  const retired: DayScore[] = [];
  let champion: ReplayChampion | null = null;
  for (let today = from; today < to; today += 1) {
    const series = sliceSeries(request.series, 0, today + 1);
    const day = lastDayOf(series);
    if (champion !== null) liveThrough(champion, request.series, today);
    const decision = decideRetrain({
      days: series.days,
      tenure: champion?.tenure ?? null,
      ...check(request, rules, champion, series),
      manual: null,
      retrainDays: retrains.map((each) => each.day),
      alarmDays: retrains.filter(({ reason }) => isAlarm(reason)).map((each) => each.day),
      settings: rules.settings,
    });
    if (decision.kind === 'train' || decision.kind === 'retrain') {
      const { reason } = decision;
      const { verdict, seconds, next } = await retrain(request, champion, series, reason);
      retrains.push({ day, reason, verdict, seconds });
      if (champion !== null && next !== champion) retired.push(...scoresUpTo(champion, day));
      champion = next;
    }
    onDay?.(day, decision);
  }
  const last = request.series.days[to - 1];
  return { policy, retrains, scores: [...retired, ...(champion && last ? scoresUpTo(champion, last) : [])] };
}

/** The checks that the policy looks at. Looking changes nothing but what is remembered of the reference's fit. */
function check(
  { symbol, drift: setting, flock = 1 }: ReplayRequest,
  { watchesDrift, watchesDecay }: PolicyRules,
  champion: ReplayChampion | null,
  series: Series,
): { drift: DriftFinding | null; watch: WatchFinding | null; loss: DecayFinding | null } {
  if (champion === null) return { drift: null, watch: null, loss: null };
  const { model, tenure, unseenBefore } = champion;
  const { reference, validatedTo } = tenure;
  const asked = { symbol, reference, setting, flock };
  const loss = watchesDecay
    ? checkLosses({ ...asked, unseen: [...unseenBefore, ...scoresUpTo(champion, lastDayOf(series))], validatedTo })
    : null;
  if (!watchesDrift) return { drift: null, watch: null, loss };
  const { drift, watch, fitted } = checkData({ ...asked, series, transform: model.predictor.spec.transform });
  champion.tenure = { ...tenure, reference: { to: reference.to, fitted } };
  return { drift, watch, loss };
}

async function retrain(
  { workshop, gate, drift: { windowDays } }: ReplayRequest,
  champion: ReplayChampion | null,
  series: Series,
  reason: RetrainDecision['reason'],
): Promise<{ verdict: PromotionVerdict; seconds: number; next: ReplayChampion | null }> {
  const arms = await workshop.trainArms(series, champion?.model ?? null);
  const carried = champion?.tenure.evidence ?? {};
  const { verdict, winner } = judgeArms({ series, champion: champion?.model ?? null, arms, carried, settings: gate });
  const seconds = arms.reduce((sum, { model }) => sum + model.seconds, 0);
  const judged = { series, reason, windowDays };
  if (winner !== null) {
    return { verdict, seconds, next: putIntoService(winner.arm.model, beginTenure(judged, winner.band), series) };
  }
  if (champion !== null) champion.tenure = { ...champion.tenure, ...extendTenure(judged, verdict) };
  return { verdict, seconds, next: champion };
}
