import type { TradingDay } from '../series/day.ts';
import type { PriceBar, Series } from '../series/price.ts';

export type FeedFaultKind =
  | 'invalid-price'
  | 'split-unadjusted'
  | 'unit-error'
  | 'repeated-tick'
  | 'swapped-date'
  | 'missing-days'
  | 'restated-history';

/** Something wrong with what the feed sent: quarantined and named, never a reason to retrain. */
export interface FeedFault {
  readonly kind: FeedFaultKind;
  /** The first day concerned. */
  readonly day: TradingDay;
  /** Numbers behind the finding, for the record. */
  readonly evidence: Readonly<Record<string, number | string>>;
  /** One sentence for a person. */
  readonly sentence: string;
}

export interface FaultQuestion {
  /** What is stored already, oldest first; may be empty. */
  readonly known: Series;
  /** Bars from the feed, oldest first; they may overlap the known days. */
  readonly incoming: readonly PriceBar[];
}

/**
 * Faults in bars before they are stored. Bars of a day named in a fault must be quarantined; the others may be stored.
 * An empty answer means nothing suspicious.
 */
export function findFeedFaults({ incoming }: FaultQuestion): FeedFault[] {
  return incoming
    .filter((bar) => !(Number.isFinite(bar.close) && bar.close > 0))
    .map((bar) => ({
      kind: 'invalid-price',
      day: bar.day,
      evidence: { close: String(bar.close) },
      sentence: `The close of ${bar.day} is ${bar.close}, not a positive number.`,
    }));
}
