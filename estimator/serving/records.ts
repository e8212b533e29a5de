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

export interface EventListing {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly sentence: string;
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
  findLastDrift(symbol: SeriesSymbol): Promise<DriftListing | undefined>;
}
