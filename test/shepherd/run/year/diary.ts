import type { BandState } from '../../../../core/forecast/band.ts';
import type { Evidence } from '../../../../core/decide/evidence.ts';
import type { TradingDay } from '../../../../core/series/day.ts';
import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { ModelVersion } from '../../../../core/model/version.ts';
import type { RunId } from '../../../../core/runId.ts';
import type { Answer } from './caller.ts';
import type { Offer } from './feed.ts';

/** The champion's row as it stood after an act; instants are milliseconds since 1970. */
export interface Service {
  readonly version: ModelVersion;
  readonly promotedOn: TradingDay;
  readonly validatedTo: TradingDay;
  readonly promotedAt: number;
  readonly validatedAt: number;
  readonly referenceTo: TradingDay;
  readonly evidence: Evidence;
  readonly band: BandState;
}

/** When the test began and ended an act, milliseconds since 1970: what the act wrote carries an instant in between. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A run that was carried through, by one attempt or several. */
export interface RunEntry extends Span {
  readonly act: 'run';
  readonly symbol: SeriesSymbol;
  readonly today: TradingDay;
  readonly runId: RunId;
  readonly slot: string;
  readonly trigger: 'schedule' | 'catch-up' | 'manual';
  /** A person's reason to retrain whatever the check says. */
  readonly forced: string | null;
  readonly offer: Offer;
  readonly attempts: number;
  /** Level of the gate in this run. */
  readonly level: number;
  readonly service: Service | null;
}

/** What the test did, in order, with what it could see of each act at the time. */
export type Entry =
  | RunEntry
  /** A slot that was claimed and never worked on. */
  | { readonly act: 'left'; readonly symbol: SeriesSymbol; readonly runId: RunId; readonly slot: string }
  | (Span & {
      readonly act: 'forced' | 'rollback';
      readonly symbol: SeriesSymbol;
      /** The model put into service by force; where a rollback leads is for the books to say. */
      readonly version: ModelVersion | null;
      readonly reason: string;
      readonly service: Service | null;
    })
  /** A person said what becomes of the bars held back. */
  | (Span & {
      readonly act: 'settled';
      readonly symbol: SeriesSymbol;
      readonly how: 'accepted' | 'rejected';
      readonly reason: string;
    })
  | { readonly act: 'asked'; readonly symbol: SeriesSymbol; readonly answers: readonly Answer[] }
  | { readonly act: 'scrape'; readonly text: string };
