import { DETECTORS, type Detector } from './sequential/detectors.ts';

/** All that watches the data of a series. */
export type Watch = Detector | 'ks';

export const WATCHES = [...DETECTORS, 'ks'] as const satisfies readonly Watch[];

/**
 * What each may spend of the needless retrains that a person allows. Most goes to a rising volatility: it is what happens, it is what hurts, and
 * under a GARCH filter it must be seen within two weeks or is taken for the market's own swing.
 */
export const DATA_SHARES: Readonly<Record<Watch, number>> = {
  'volatility-up': 0.54,
  'volatility-down': 0.05,
  'mean-up': 0.03,
  'mean-down': 0.03,
  'skew-right': 0.01,
  'skew-left': 0.01,
  'tails-heavier': 0.01,
  'tails-lighter': 0.01,
  ks: 0.11,
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
