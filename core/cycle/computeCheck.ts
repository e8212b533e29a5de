import { assessDrift, lastOf } from '../drift/distribution/assessDrift.ts';
import { obstacleOfReference } from '../drift/distribution/obstacle.ts';
import { belongsTo, fitReference, type DriftReference } from '../drift/distribution/reference.ts';
import type { DriftReport } from '../drift/distribution/report.ts';
import { assessWatch, type WatchReport } from '../drift/sequential/assessWatch.ts';
import { LOSS_SHARE, rateOf } from '../drift/budget.ts';
import { assessLossDrift, type LossDriftReport } from '../drift/loss/assessLossDrift.ts';
import type { DriftSetting } from '../drift/setting.ts';
import { seedFrom } from '../random.ts';
import type { TradingDay } from '../series/day.ts';
import type { Series } from '../series/price.ts';
import { asChanges, toChanges, type Changes, type Transform } from '../series/transform.ts';
import { normalisedCrps, normalisedNaiveCrps, type LossDay } from './losses.ts';
import type { ReferencePeriod, Tenure } from './tenure.ts';

/** Plain values, so that a check can be made on another thread. */
interface Check {
  readonly symbol: string;
  readonly reference: ReferencePeriod;
  readonly setting: DriftSetting;
  /** Series that share the setting's needless retrains, this one among them; 1 when left out. */
  readonly flock?: number;
}

export interface DataCheckInput extends Check {
  /** Up to today. */
  readonly series: Series;
  readonly transform: Transform;
}

export interface DataCheck {
  /** The newest changes against the reference, by Kolmogorov-Smirnov: the check of record. */
  readonly drift: DriftReport;
  /** All changes since the reference, day by day. */
  readonly watch: WatchReport;
  /** The reference's fit, made now or earlier; null where there is too little to fit. */
  readonly fitted: DriftReference | null;
}

/** Has the data moved? The latest changes against those up to the end of the champion's reference. */
export function checkData({ symbol, series, transform, reference, setting, flock = 1 }: DataCheckInput): DataCheck {
  const seed = seedFrom(symbol, reference.to);
  const { before, after } = splitAt(series, reference.to, transform);
  const fitted = fitOf(lastOf(before, setting.referenceDays), reference.fitted, setting, seed);
  const given = fitted === null ? {} : { fitted };
  const drift = assessDrift({ reference: before, current: after, setting, seed, flock, ...given });
  const budget = setting.rule.kind === 'level' ? null : { everyDays: setting.rule.everyDays, series: flock };
  const watch = assessWatch({ reference: lastOf(before, setting.referenceDays), days: after, fitted, budget });
  return { drift, watch, fitted };
}

export interface LossCheckInput extends Check {
  /** The champion's scores one day ahead on days it had not seen when it forecast them, ascending. */
  readonly unseen: readonly LossDay[];
  readonly validatedTo: Tenure['validatedTo'];
}

/** Has the champion decayed? Its losses since it was last judged against those on the unseen days up to then. */
export function checkLosses({
  symbol,
  unseen,
  validatedTo,
  reference,
  setting,
  flock = 1,
}: LossCheckInput): LossDriftReport {
  const { rule } = setting;
  const heldOut = unseen.filter(({ day }) => day <= validatedTo);
  const live = unseen.filter(({ day }) => day > validatedTo);
  return assessLossDrift({
    live: live.map(normalisedCrps),
    naiveLive: live.map(normalisedNaiveCrps),
    heldOut: heldOut.map(normalisedCrps),
    naiveHeldOut: heldOut.map(normalisedNaiveCrps),
    setting:
      rule.kind === 'level'
        ? { rule }
        : { rule: { ...rule, everyDays: 1 / rateOf({ ...rule, series: flock }, LOSS_SHARE) } },
    seed: seedFrom(symbol, reference.to),
  });
}

export interface CheckInput extends DataCheckInput, LossCheckInput {}

export interface CheckFigures extends DataCheck {
  readonly loss: LossDriftReport;
}

/** Both questions of a check. */
export function computeCheck(input: CheckInput): CheckFigures {
  return { ...checkData(input), loss: checkLosses(input) };
}

/** The changes that end on or before `to`, and those after it. */
function splitAt(series: Series, to: TradingDay, transform: Transform): { before: Changes; after: Changes } {
  const changes = toChanges(series.closes, transform);
  // Change k leads to day k + 1, so those up to `to` are as many as the days before the last that is not later.
  const cut = Math.max(
    0,
    series.days.findLastIndex((day) => day <= to),
  );
  return { before: asChanges(changes.subarray(0, cut)), after: asChanges(changes.subarray(cut)) };
}

/** The stored fit while it belongs to these very days (a revised close makes it stale), else one made now; it costs most of a check. */
function fitOf(
  reference: Changes,
  stored: DriftReference | null,
  setting: DriftSetting,
  seed: number,
): DriftReference | null {
  if (stored !== null && belongsTo(stored, reference, setting)) return stored;
  return obstacleOfReference(reference) === null ? fitReference(reference, setting, seed) : null;
}
