import type { RetrainDecision } from '../decide/decision.ts';
import type { Evidence } from '../decide/evidence.ts';
import type { PromotionVerdict } from '../decide/gate.ts';
import type { DriftReference } from '../drift/distribution/reference.ts';
import type { BandState } from '../forecast/band.ts';
import type { TradingDay } from '../series/day.ts';
import type { ModelVersion } from '../model/version.ts';
import { lastDayOf, type Series } from '../series/price.ts';

/** What the check of the data compares with: the days up to `to`, and the model fitted to their changes once it has been. */
export interface ReferencePeriod {
  readonly to: TradingDay;
  readonly fitted: DriftReference | null;
}

/** A champion's time in service: what moves on while its weights stay. Plain JSON. */
export interface Tenure {
  /** Last day of data when it was promoted. */
  readonly promotedOn: TradingDay;
  /** Last day of data on which it was trained or found still the best: the staleness clock. */
  readonly validatedTo: TradingDay;
  /** Carried from gate to gate. */
  readonly evidence: Evidence;
  readonly reference: ReferencePeriod;
  /** State of its bands after the last scored day. */
  readonly band: BandState;
}

export interface Judged {
  /** Up to the day of the gate. */
  readonly series: Series;
  /** Why it was retrained. */
  readonly reason: RetrainDecision['reason'];
  /** Changes in the drift check's current window. */
  readonly windowDays: number;
}

/** The winner of a gate goes into service, judged today, with the bands of its held-out days and nothing held against it. */
export function beginTenure(judged: Judged, band: BandState): Tenure {
  const today = lastDayOf(judged.series);
  return { promotedOn: today, validatedTo: today, evidence: {}, reference: nextReference(judged), band };
}

/** A model that a person puts into service past the gate: judged when it was trained, with the bands of its calibration. */
export function beginUngated(
  { trainedTo, calibration }: { readonly trainedTo: TradingDay; readonly calibration: { readonly band: BandState } },
  today: TradingDay,
): Tenure {
  const reference = { to: trainedTo, fitted: null };
  return { promotedOn: today, validatedTo: trainedTo, evidence: {}, reference, band: calibration.band };
}

/** A former champion comes back as it was when it was promoted, and answers for the days from today on. */
export function resumeTenure(former: Tenure, today: TradingDay): Tenure {
  return { ...former, promotedOn: today };
}

/** When a model began a tenure, as it is recorded. */
export interface TenureStart extends Pick<Tenure, 'promotedOn'> {
  readonly version: ModelVersion;
}

/**
 * The model in service when `day` ended; undefined before the first. Its forecasts of that day are those that count.
 * @param starts in the order in which they happened.
 */
export function versionInService(starts: readonly TenureStart[], day: TradingDay): ModelVersion | undefined {
  return starts.findLast(({ promotedOn }) => promotedOn <= day)?.version;
}

/** What a gate changes for a champion that stays: it is judged today, and remembers what spoke against it. */
export function extendTenure(
  judged: Judged,
  { evidence }: Pick<PromotionVerdict, 'evidence'>,
): Pick<Tenure, 'validatedTo' | 'evidence' | 'reference'> {
  return { validatedTo: lastDayOf(judged.series), evidence, reference: nextReference(judged) };
}

/**
 * Where the drift check's reference ends from now on. After an alarm it takes in the days that caused it, as the champion has
 * just been judged on them; otherwise it follows at the distance of a window, so that the next check has a full one.
 */
function nextReference({ series, reason, windowDays }: Judged): ReferencePeriod {
  const today = lastDayOf(series);
  const to = reason === 'drifted' ? today : (series.days.at(-1 - windowDays) ?? series.days[0] ?? today);
  return { to, fitted: null };
}
