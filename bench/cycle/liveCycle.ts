/* eslint-disable @typescript-eslint/no-non-null-assertion -- indexes run below the lengths of what they index */
import { computeCheck } from '../../core/cycle/computeCheck.ts';
import { decideRetrain } from '../../core/cycle/decideRetrain.ts';
import type { LossDay } from '../../core/cycle/losses.ts';
import { HELD_OUT_DAYS } from '../../core/cycle/split.ts';
import { extendTenure, type Tenure } from '../../core/cycle/tenure.ts';
import { isAlarm } from '../../core/decide/decision.ts';
import { DEFAULT_DECISION_SETTINGS } from '../../core/decide/settings.ts';
import type { DriftSetting } from '../../core/drift/setting.ts';
import { ewmaVolatility } from '../../core/forecast/naive.ts';
import { crpsNormal } from '../../core/metrics/crps.ts';
import { addDays, parseDay, type TradingDay } from '../../core/series/day.ts';
import { PROCESSES, type ProcessName } from '../../lab/returnProcesses.ts';

/** A series as it is lived with: what comes, and by what it is kept. */
export interface CycleTask {
  readonly symbol: string;
  readonly process: ProcessName;
  readonly returns: Float64Array;
  /** Index of the return on which it is lived from; all before are known. */
  readonly from: number;
  readonly setting: DriftSetting;
  readonly flock: number;
  /** Ends the life at the first alarm on or after this index; never when left out. */
  readonly untilAlarmFrom?: number;
}

export interface LivedAlarm {
  readonly at: number;
  readonly reason: 'drifted' | 'decayed';
  readonly by: string;
}

/** Levels handed to a check: its reference, and the days since. */
const RECENT = 1300;

/**
 * Lives through a series in the stages of a run (core/cycle) day by day: check, decision, and where it says retrain, a gate that keeps
 * the champion. No network is trained: the champion forecasts by the true process, so that each alarm is needless where nothing has changed.
 */
export function liveCycle({ symbol, process, returns, from, setting, flock, untilAlarmFrom }: CycleTask): LivedAlarm[] {
  const first = parseDay('1980-01-01');
  const days = Array.from({ length: returns.length + 1 }, (_, k) => addDays(first, k));
  let level = 0;
  const closes = Float64Array.from([0, ...returns], (value) => Math.exp((level += 0.001 * value)));
  const losses = lossesOf(process, returns, days);
  let tenure: Pick<Tenure, 'validatedTo' | 'reference' | 'evidence'> = {
    validatedTo: days[from]!,
    reference: { to: days[from - setting.windowDays]!, fitted: null },
    evidence: {},
  };
  const retrains: { readonly day: TradingDay; readonly isAlarm: boolean }[] = [];
  const alarms: LivedAlarm[] = [];
  for (let today = from + 1; today < days.length; today += 1) {
    const cut = Math.max(0, today + 1 - RECENT);
    const series = { days: days.slice(cut, today + 1), closes: closes.subarray(cut, today + 1) };
    const { drift, watch, loss, fitted } = computeCheck({
      symbol,
      series,
      transform: 'log-return',
      unseen: losses.slice(from - HELD_OUT_DAYS, today),
      validatedTo: tenure.validatedTo,
      reference: tenure.reference,
      setting,
      flock,
    });
    tenure = { ...tenure, reference: { ...tenure.reference, fitted } };
    const decision = decideRetrain({
      days: series.days,
      tenure,
      drift,
      watch,
      loss,
      manual: null,
      retrainDays: retrains.map(({ day }) => day),
      alarmDays: retrains.filter((each) => each.isAlarm).map(({ day }) => day),
      settings: DEFAULT_DECISION_SETTINGS,
    });
    if (decision.kind !== 'retrain') continue;
    const { reason } = decision;
    retrains.push({ day: days[today]!, isAlarm: isAlarm(reason) });
    if (retrains.length > 20) retrains.shift();
    if (reason === 'drifted' || reason === 'decayed') {
      alarms.push({ at: today - 1, reason, by: reason === 'decayed' ? 'losses' : (watch.first?.detector ?? 'ks') });
      if (untilAlarmFrom !== undefined && today - 1 >= untilAlarmFrom) return alarms;
    }
    tenure = { ...tenure, ...extendTenure({ series, reason, windowDays: setting.windowDays }, tenure) };
  }
  return alarms;
}

/** One day ahead by the true variance recursion, beside naive; element k is of the day that return k leads to. */
function lossesOf(process: ProcessName, returns: Float64Array, days: readonly TradingDay[]): LossDay[] {
  const { alpha, gamma, beta } = PROCESSES[process];
  const volatility = ewmaVolatility(returns);
  let variance = 1;
  return Array.from(returns, (change, k) => {
    const deviation = Math.sqrt(variance);
    variance = 1 - alpha - gamma / 2 - beta + (change < 0 ? alpha + gamma : alpha) * change * change + beta * variance;
    const naive = volatility[k - 1] ?? 1;
    return {
      day: days[k + 1]!,
      crps: crpsNormal(0, deviation, change),
      naiveCrps: crpsNormal(0, naive, change),
      volatility: naive,
    };
  });
}
