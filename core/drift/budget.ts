import { DETECTORS, type Detector } from './sequential/detectors.ts';

/** All that watches the data of a series. */
export type Watch = Detector | 'ks';

export const WATCHES = [...DETECTORS, 'ks'] as const satisfies readonly Watch[];

/**
 * What each may spend of the needless retrains that a person allows. Most goes to a rising volatility: it is what happens, it is what hurts, and
 * under a GARCH filter it must be seen within two weeks or is taken for the market's own swing. A crash that the filter follows step by step is
 * seen by its level alone.
 */
export const DATA_SHARES: Readonly<Record<Watch, number>> = {
  'volatility-up': 0.5,
  'volatility-level': 0.12,
  'volatility-down': 0.04,
  'mean-up': 0.02,
  'mean-down': 0.02,
  'skew-right': 0.0075,
  'skew-left': 0.0075,
  'tails-heavier': 0.0075,
  'tails-lighter': 0.0075,
  ks: 0.07,
};

/** The check of losses has the rest. */
export const LOSS_SHARE = 0.2;

/** What a person allows, and among how many. */
export interface Budget {
  /** Trading days from one needless retrain of the flock to the next, on average. */
  readonly everyDays: number;
  /** Series that spend it, each the same part. */
  readonly series: number;
}

/** Needless alarms a day that one watch of one series may raise. */
export function rateOf({ everyDays, series }: Budget, share: number): number {
  return share / (everyDays * series);
}
