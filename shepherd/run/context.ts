import type { ModelSpec } from '../../core/model/spec.ts';
import type { SeriesSettings } from '../../core/settings/seriesSettings.ts';
import type { Database } from '../../db/connection/client.ts';
import type { Log } from '../../service/log.ts';
import type { PriceSource } from '../feeds/source.ts';
import type { RunTracker } from '../tracking/tracker.ts';
import type { TrainingPool } from '../threads/pool.ts';

/** How a person wants the flock kept, before what is chosen for one series alone; every default has its reason where it is defined. */
export interface Settings extends SeriesSettings {
  readonly spec: ModelSpec;
}

/** What a run is given besides itself; nothing in a run reaches for the machine's clock or environment. */
export interface RunContext {
  readonly db: Database;
  /** Where the lease of the symbol is held, on a connection of its own. */
  readonly databaseUrl: string;
  readonly source: PriceSource;
  readonly pool: TrainingPool;
  readonly settings: Settings;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Progress bars instead of progress lines. */
  readonly isTerminal: boolean;
  readonly signal: AbortSignal;
  /** How long a run that gives no sign of life is left alone; default as `holdSymbol`. */
  readonly leaseMs?: number;
  /** Told of each training once it is judged. */
  readonly tracker?: RunTracker | undefined;
}
