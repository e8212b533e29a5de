import type { TradingDay } from '../series/day.ts';

/** The numbers behind each kind of finding, for the record; plain JSON. */
export interface FaultEvidence {
  /** A cell that cannot be a price, or a close outside its own bar's range. */
  readonly 'invalid-price':
    | { readonly field: string; readonly read: string }
    | { readonly close: number; readonly low: number; readonly high: number };
  /** The level changed by a clean ratio. `dailyDeviation` is the series' usual one, of log returns. */
  readonly 'split-unadjusted': LevelEvidence;
  readonly 'unit-error': LevelEvidence;
  /** The whole history in another unit: a factor that no split explains. */
  readonly 'unit-changed': { readonly factor: number; readonly days: number };
  /** `run` unchanged closes in a row; `usualShare` of the series' days are unchanged by themselves. */
  readonly 'repeated-tick': { readonly close: number; readonly run: number; readonly usualShare: number };
  /** Sent for one day where day and month of another were exchanged. */
  readonly 'swapped-date': { readonly sentAs: TradingDay; readonly meant: TradingDay; readonly close: number };
  /** So many trading days left out, between two that were sent. */
  readonly 'missing-days': { readonly days: number; readonly after: TradingDay; readonly before: TradingDay };
}

export interface LevelEvidence {
  readonly closeBefore: number;
  readonly close: number;
  /** New level over old. */
  readonly factor: number;
  readonly dailyDeviation: number;
}

export type FaultKind = keyof FaultEvidence;

/** Something wrong with what the feed sent: held back and named, never a reason to retrain. */
export type FeedFault = {
  readonly [Kind in FaultKind]: {
    readonly kind: Kind;
    /** The first and the last day concerned. */
    readonly day: TradingDay;
    readonly lastDay: TradingDay;
    readonly evidence: FaultEvidence[Kind];
    /** One sentence for a person. */
    readonly sentence: string;
  };
}[FaultKind];

/** A finding that is not to be made again: a person, or the days since, have shown that the bars of that day are right. */
export interface SettledFault {
  readonly kind: FaultKind;
  /** The first day of the finding. */
  readonly day: TradingDay;
}

/** A finding of one kind. */
export type FaultOf<Kind extends FaultKind> = Extract<FeedFault, { readonly kind: Kind }>;
