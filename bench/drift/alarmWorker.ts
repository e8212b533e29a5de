import { DEFAULT_DRIFT_SETTING } from '../../core/drift/setting.ts';
import { createRandom, seedFrom } from '../../core/random.ts';
import { simulateReturns, type ProcessName } from '../../lab/returnProcesses.ts';
import { liveCycle } from '../cycle/liveCycle.ts';
import { watchFlock, type FlockResult } from './flockStretch.ts';

export type AlarmTask =
  | { readonly kind: 'life'; readonly process: ProcessName; readonly stream: number; readonly seed: number }
  | {
      readonly kind: 'change';
      readonly process: ProcessName;
      readonly change: Change;
      readonly stream: number;
      readonly seed: number;
    }
  | { readonly kind: 'flock'; readonly process: ProcessName; readonly stream: number; readonly seed: number };

/** What happens to the returns of a series whose world changes. */
export const CHANGES = {
  'volatility x2': (value: number) => 2 * value,
  'volatility x1/2': (value: number) => 0.5 * value,
  'mean +0.5 sd': (value: number) => value + 0.5,
  'two-sided shape': (value: number) => Math.sign(value) * (0.9 + 0.1 * Math.abs(value)),
} as const;

export type Change = keyof typeof CHANGES;

export interface LifeResult {
  readonly days: number;
  /** By what each needless retrain was asked for. */
  readonly alarms: readonly string[];
}

/** Days until a change was answered by a retrain, LONGEST + 1 where it never was; and until KS alone would have. */
export interface ChangeResult {
  readonly delay: number;
  readonly by: string;
}

export const YEARS = 5;
export const LONGEST = 252;
const { referenceDays, windowDays } = DEFAULT_DRIFT_SETTING;
const KNOWN = referenceDays + windowDays;

export default function work(task: AlarmTask): LifeResult | ChangeResult | FlockResult {
  const { process, stream, seed } = task;
  const own = seedFrom(seed, task.kind, process, stream);
  if (task.kind === 'flock') return watchFlock(process, own);
  const random = createRandom(own);
  const life = {
    symbol: `${process}-${stream}-${seed}`,
    process,
    from: KNOWN,
    setting: DEFAULT_DRIFT_SETTING,
    flock: 1,
  };
  if (task.kind === 'life') {
    const returns = simulateReturns(process, KNOWN + YEARS * 252, random);
    return { days: YEARS * 252, alarms: liveCycle({ ...life, returns }).map(({ by }) => by) };
  }
  // At any moment of the cycle of 60 days: the first of which is lived through before.
  const at = KNOWN + 61 + Math.floor(60 * random());
  const change = CHANGES[task.change];
  const returns = simulateReturns(process, at + LONGEST, random).map((value, t) => (t < at ? value : change(value)));
  const alarm = liveCycle({ ...life, returns, untilAlarmFrom: at }).find((each) => each.at >= at);
  return { delay: alarm === undefined ? LONGEST + 1 : alarm.at - at + 1, by: alarm?.by ?? 'none' };
}
