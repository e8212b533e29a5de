import type { ChangeDistribution } from '../model/network.ts';

/** A forecast and what came of it, as changes. */
export interface PastForecast {
  readonly actual: number;
  readonly forecast: ChangeDistribution;
}
