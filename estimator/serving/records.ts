import type { RecordedEvent } from '../../core/events.ts';
import type { ForecastQuality } from '../../core/forecast/quality.ts';
import type { ModelVersion } from '../../core/model/version.ts';
import type { SeriesSymbol } from '../../core/series/symbol.ts';

/** A model as it is listed. */
export interface ModelListing {
  readonly symbol: SeriesSymbol;
  readonly version: ModelVersion;
  readonly arm: string;
  readonly transform: string;
  readonly trainedFrom: string;
  readonly trainedTo: string;
  readonly createdAt: string;
  readonly sha256: string;
  /** Held-out figures beside naive, as the gate saw them. */
  readonly holdout: ForecastQuality;
}

/** When a model came into service, and why. */
export interface PromotionListing {
  readonly version: ModelVersion;
  readonly previous: ModelVersion | null;
  readonly kind: string;
  readonly reason: string;
  /** Who did it; null in records older than this field. */
  readonly by: string | null;
  readonly at: string;
}

export type EventListing = Pick<RecordedEvent, 'id' | 'at' | 'runId' | 'kind' | 'payload' | 'sentence'>;

/** One detector of one check: at 1 of its limit and above it alarms. */
export interface DetectorListing {
  readonly day: string;
  readonly detector: string;
  readonly statistic: number;
  readonly limit: number;
}

/** One series among the others; null is what is not known of it yet. */
export interface FlockListing {
  readonly symbol: SeriesSymbol;
  readonly source: string;
  readonly lastDay: string | null;
  readonly version: number | null;
  readonly pinned: boolean;
  readonly verdict: string | null;
  readonly cause: string | null;
  readonly heldBars: number;
  readonly missedDays: number;
  readonly scored: number;
  readonly skill: number | null;
  readonly coverage: number | null;
  readonly spent: number | null;
  readonly allowed: number | null;
  readonly outcome: string | null;
  readonly sentence: string | null;
  readonly endedAt: string | null;
}

/** The last word of the drift check. */
export interface DriftListing {
  readonly day: string;
  readonly verdict: string;
  readonly cause: string | null;
  readonly calibratedP: number | null;
  readonly checkedAt: string;
}

/** What people ask about the past; every function rejects with DATABASE_UNAVAILABLE while the server is away. */
export interface Records {
  listModels(symbol: SeriesSymbol): Promise<ModelListing[]>;
  listPromotions(symbol: SeriesSymbol): Promise<PromotionListing[]>;
  listEvents(symbol: SeriesSymbol, limit: number): Promise<EventListing[]>;
  /** Of the last checks, the oldest first. */
  listDetectors(symbol: SeriesSymbol, checks: number): Promise<DetectorListing[]>;
  listFlock(): Promise<FlockListing[]>;
  findLastDrift(symbol: SeriesSymbol): Promise<DriftListing | undefined>;
}
