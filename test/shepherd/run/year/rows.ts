import type { BandState } from '../../../../core/forecast/band.ts';
import type { ForecastQuality } from '../../../../core/forecast/quality.ts';
import type { TradingDay } from '../../../../core/series/day.ts';
import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { ModelVersion } from '../../../../core/model/version.ts';
import type { RunId } from '../../../../core/runId.ts';

/** Rows of the tables as the books read them. Instants are milliseconds since 1970. */

export interface PriceRow {
  readonly symbol: SeriesSymbol;
  readonly day: TradingDay;
  readonly close: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly volume: number;
  readonly storedAt: number;
}

export interface RevisionRow {
  readonly symbol: SeriesSymbol;
  readonly day: TradingDay;
  readonly old: number;
  readonly new: number;
  readonly oldVolume: number;
}

export interface FaultRow {
  readonly symbol: SeriesSymbol;
  readonly day: TradingDay;
  readonly kind: string;
  readonly close: number | null;
  /** First day of the finding. */
  readonly since: TradingDay;
  readonly resolution: string | null;
}

export interface RunRow {
  readonly id: string;
  readonly symbol: SeriesSymbol;
  readonly slot: string;
  readonly trigger: string;
  readonly state: string;
  readonly attempts: number;
  readonly outcome: string | null;
  readonly reason: string | null;
  /** From start to end; null for a run never started. */
  readonly seconds: number | null;
}

export interface CheckRow {
  readonly runId: RunId;
  readonly symbol: SeriesSymbol;
  readonly day: TradingDay;
  readonly statistic: number | null;
  readonly rawP: number | null;
  readonly calibratedP: number | null;
  readonly threshold: number | null;
  readonly verdict: 'stable' | 'drifted' | 'undetermined';
  readonly cause: string | null;
  readonly referenceSize: number;
  readonly currentSize: number;
  /** The distance that alarms; null where none was computed. */
  readonly limit: number | null;
  readonly watchVerdict: 'stable' | 'drifted' | 'undetermined';
  readonly flock: number;
  readonly detectors: readonly { readonly detector: string; readonly statistic: number; readonly limit: number }[];
  readonly loss: {
    readonly verdict: 'stable' | 'decayed' | 'undetermined';
    readonly ratio: number | null;
    readonly naiveRatio: number | null;
    readonly peak: number | null;
    readonly limit: number | null;
    readonly liveSize: number;
    readonly heldOutSize: number;
  };
}

export interface DecisionRow {
  readonly runId: RunId;
  readonly symbol: SeriesSymbol;
  readonly day: TradingDay;
  readonly stage: string;
  readonly verdict: string;
  readonly reason: string;
  readonly sentence: string;
  readonly report: unknown;
}

export interface ModelRow {
  readonly version: ModelVersion;
  readonly symbol: SeriesSymbol;
  readonly runId: RunId;
  readonly arm: string;
  readonly parent: number | null;
  readonly sha256: string;
  readonly trainedFrom: TradingDay;
  readonly trainedTo: TradingDay;
  readonly dataDigest: string;
  readonly holdout: ForecastQuality;
  readonly band: BandState;
  readonly createdAt: number;
}

export interface PromotionRow {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly previous: ModelVersion | null;
  readonly kind: string;
  readonly runId: RunId | null;
  readonly validatedTo: TradingDay;
  readonly promotedOn: TradingDay;
  readonly referenceTo: TradingDay;
  readonly band: BandState;
  readonly reason: string;
}

export interface ForecastRow {
  readonly id: number;
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly asOf: TradingDay;
  readonly horizon: number;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  readonly level: number;
  readonly naive: number;
  readonly naiveSpread: number;
  readonly distribution: { readonly mean: number; readonly spread: number; readonly dof: number | null };
}

export interface ScoreRow {
  readonly forecastId: number;
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly horizon: number;
  readonly day: TradingDay;
  readonly actual: number;
  readonly squaredError: number;
  readonly absoluteError: number;
  readonly absolutePercentageError: number;
  readonly crps: number;
  readonly naiveSquaredError: number;
  readonly naiveCrps: number;
  readonly volatility: number;
  readonly change: number;
  readonly changeError: number;
  readonly covered: boolean;
  readonly inService: boolean;
}

export interface PredictionRow {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly form: string;
  readonly asOf: TradingDay | null;
  readonly horizon: number;
  readonly prediction: number;
  readonly lower: number;
  readonly upper: number;
  readonly naive: number;
  readonly seconds: number;
  readonly day: TradingDay | null;
  readonly actual: number | null;
}

export interface EventRow {
  readonly id: number;
  readonly runId: RunId | null;
  readonly symbol: SeriesSymbol | null;
  readonly kind: string;
  readonly payload: Readonly<{ [key: string]: unknown }>;
  readonly sentence: string;
}
