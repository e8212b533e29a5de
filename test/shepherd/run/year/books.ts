import type { RunId } from '../../../../core/runId.ts';
import type { TradingDay } from '../../../../core/series/day.ts';
import type { SeriesSymbol } from '../../../../core/series/symbol.ts';
import type { Decided, DecisionRules } from './decisions.ts';
import type { Answer } from './caller.ts';
import type { Entry, RunEntry, Service } from './diary.ts';
import type { EventBook } from './events.ts';
import type { ForecastBook } from './forecasts.ts';
import type { PriceBook } from './prices.ts';
import type { YearRecord } from './record.ts';
import type { CheckRow, DecisionRow, ModelRow } from './rows.ts';
import type { Quality } from './scores.ts';
import type { InService, ServiceBook } from './service.ts';

/** All that must have happened, as far as it can be told without asking the project. */
export interface Books {
  /** Read only for what the books cannot know; see `keepBooks`. */
  readonly record: YearRecord;
  readonly rules: DecisionRules;
  readonly symbols: ReadonlyMap<string, SymbolBooks>;
  readonly runs: BookedRun[];
  readonly decisions: { readonly entry: RunEntry; readonly day: TradingDay; readonly decided: Decided }[];
  readonly checks: BookedCheck[];
  readonly gates: BookedGate[];
  readonly services: BookedService[];
  readonly events: EventBook;
  readonly scrapes: Scraped[];
}

/** Everything the books know of one symbol. */
export interface SymbolBooks {
  readonly prices: PriceBook;
  readonly forecasts: ForecastBook;
  readonly service: ServiceBook;
  /** Last day of data of each gate. */
  readonly gates: TradingDay[];
  /** Those that an alarm led to. */
  readonly alarms: TradingDay[];
  /** What callers were told, and the close that came of it. */
  readonly told: Told[];
  lastCheck: BookedCheck | undefined;
  lastSuccess: RunEntry | undefined;
}

export interface Told {
  readonly answer: Answer;
  readonly day: TradingDay | null;
  readonly actual: number | null;
}

export interface BookedRun {
  readonly id: RunId;
  readonly symbol: SeriesSymbol;
  readonly slot: string;
  readonly trigger: string;
  readonly state: 'queued' | 'done' | 'failed' | 'skipped';
  readonly attempts: number;
  readonly outcome: string | null;
  readonly reason: string | null;
}

/** The check that one run must have made. */
export interface BookedCheck {
  readonly entry: RunEntry;
  readonly row: CheckRow | undefined;
  readonly day: TradingDay;
  /** Changes of the two windows, as the prices stood. */
  readonly reference: readonly number[];
  readonly current: readonly number[];
  /** Days on which the champion's losses were promised and are watched. */
  readonly heldOutDays: readonly TradingDay[];
  readonly liveDays: readonly TradingDay[];
  /** Mean CRPS over naive's on the live days, by the forecasts it gave; null where these are not what would be forecast now. */
  readonly naiveRatio: number | null;
}

/** A gate that one run must have held. */
export interface BookedGate {
  readonly entry: RunEntry;
  readonly row: DecisionRow | undefined;
  readonly day: TradingDay;
  readonly champion: InService | null;
  readonly arms: readonly ModelRow[];
  readonly prices: { readonly days: readonly TradingDay[]; readonly closes: readonly number[] };
  readonly winner: string | null;
}

/** What must be in service after an act, and its bands by then. */
export interface BookedService {
  readonly entry: Entry & { readonly service: Service | null };
  readonly champion: InService | null;
  readonly band: ForecastBook['band'];
}

/** What a scrape must show. */
export interface Scraped {
  readonly text: string;
  readonly runs: readonly BookedRun[];
  readonly symbols: ReadonlyMap<string, SymbolState>;
}

export interface SymbolState {
  readonly lastDay: TradingDay | undefined;
  /** Kinds of the faults that held bars back which still wait, one a bar. */
  readonly held: readonly string[];
  readonly champion: InService | null;
  readonly check: BookedCheck | undefined;
  readonly quality: Quality | undefined;
  readonly scored: number;
  readonly lastSuccess: RunEntry | undefined;
  readonly answers: number;
}
