/* eslint-disable @typescript-eslint/no-non-null-assertion -- windows of these lengths always have a verdict, and with it both p-values */
import { assessDrift } from '../../core/drift/distribution/assessDrift.ts';
import { SINGLE_CHECK_SETTING } from '../../core/drift/setting.ts';
import { createRandom, seedFrom } from '../../core/random.ts';
import { asChanges, type Changes } from '../../core/series/transform.ts';
import { kolmogorovSmirnov } from '../../core/stats/ks.ts';
import { PSI_SHIFTED, populationStabilityIndex } from '../../lab/psi.ts';
import { simulateReturns, type ProcessName } from '../../lab/returnProcesses.ts';

export interface DriftTask {
  readonly process: ProcessName;
  /** Applied to the current window: r -> shift * sd + scale * r. */
  readonly change: { readonly shift: number; readonly scale: number };
  readonly from: number;
  readonly to: number;
  readonly seed: number;
}

/** How many repetitions each test called drifted. */
export interface Alarms {
  readonly calibrated: number;
  readonly blocks: number;
  readonly plainKs: number;
  readonly psi: number;
  readonly levels: number;
}

const REFERENCE = 1000;
const CURRENT = 60;
const NOMINAL = 0.05;

/** Repetitions `from` … `to - 1` of one row of the table. */
export default function countAlarms({ process, change, from, to, seed }: DriftTask): Alarms {
  const alarms = { calibrated: 0, blocks: 0, plainKs: 0, psi: 0, levels: 0 };
  for (let k = from; k < to; k += 1) {
    const own = seedFrom(seed, process, change.shift, change.scale, k);
    const returns = simulateReturns(process, REFERENCE + CURRENT, createRandom(own));
    const reference = returns.subarray(0, REFERENCE) as Changes; // a part of changes is changes
    const deviation = process === 'ar' ? Math.sqrt(1 / (1 - 0.25)) : 1;
    const current = asChanges(returns.slice(REFERENCE).map((value) => change.shift * deviation + change.scale * value));
    const report = assessDrift({ reference, current, setting: SINGLE_CHECK_SETTING, seed: own });
    if (report.calibratedP! <= NOMINAL) alarms.calibrated += 1;
    if (report.rawP! <= NOMINAL) alarms.plainKs += 1;
    if (report.bootstrapP !== null && report.bootstrapP <= NOMINAL) alarms.blocks += 1;
    if (populationStabilityIndex(reference, current) > PSI_SHIFTED) alarms.psi += 1;
    const levels = cumulate(reference, current);
    if (kolmogorovSmirnov(levels.subarray(0, REFERENCE), levels.subarray(REFERENCE)).pValue <= NOMINAL)
      alarms.levels += 1;
  }
  return alarms;
}

/** The prices behind the returns, a day's deviation being one per cent: what a test on levels would be shown. */
function cumulate(reference: Changes, current: Changes): Float64Array {
  let level = Math.log(100);
  return Float64Array.from([...reference, ...current], (change) => Math.exp((level += 0.01 * change)));
}
