import type { RecordedEvent } from '../../../../core/events.ts';
import type { TestDatabase } from '../../../../lab/database.ts';
import { silentLog } from '../../../../lab/silentLog.ts';
import type { PriceSource } from '../../../../shepherd/feeds/source.ts';
import type { RunContext, Settings } from '../../../../shepherd/run/context.ts';
import { DEFAULT_SETTINGS } from '../../../helpers/defaultSettings.ts';
import { createTrainingPool } from '../../../../shepherd/threads/pool.ts';
import { SMALL_SPEC } from '../../../helpers/smallModel.ts';

/** The rules of the year: a small network, and a gate, a cooldown, a budget and alarms of which a single year sees something. */
export const SETTINGS: Settings = {
  ...DEFAULT_SETTINGS,
  spec: { ...SMALL_SPEC, horizon: 2 },
  decision: { staleAfterDays: 60, cooldownDays: 20, budgetRetrains: 4, budgetDays: 120 },
  gate: { ...DEFAULT_SETTINGS.gate, level: 0.5 },
  drift: { ...DEFAULT_SETTINGS.drift, rule: { kind: 'false-alarms', everyDays: 20 } },
};

/** Two shepherds on one database, each with connections of its own, and what they tell the world. */
export interface Shepherds {
  readonly both: readonly [RunContext, RunContext];
  /** They take turns, so that nothing can rest on what one of them remembers. */
  next(): RunContext;
  /** Every event that was printed, in order. */
  readonly told: RecordedEvent[];
  /** Trainings that the tracker was told of, by name. */
  readonly tracked: string[];
}

export interface TestHooks {
  after(work: () => Promise<void>): unknown;
}

export function openShepherds(t: TestHooks, database: TestDatabase, source: PriceSource): Shepherds {
  const told: RecordedEvent[] = [];
  const tracked: string[] = [];
  const pool = createTrainingPool({ threads: 1 });
  t.after(() => pool.close());
  const open = (): RunContext => ({
    db: database.connectAs('shepherd'),
    databaseUrl: database.urls.shepherd,
    source,
    pool,
    settings: SETTINGS,
    log: { ...silentLog, event: (event) => void told.push(event) },
    now: Date.now,
    isTerminal: false,
    signal: new AbortController().signal,
    tracker: { record: (_client, { name }) => Promise.resolve(void tracked.push(name)) },
  });
  const both = [open(), open()] as const;
  let turn = 0;
  return { both, told, tracked, next: () => both[(turn += 1) % 2 === 0 ? 0 : 1] };
}

/** How a shepherd dies in the middle of a run: stopped while the step after an event is under way, or at the event itself. */
export interface Death {
  readonly at: RecordedEvent['kind'];
  readonly how: 'stopped' | 'killed';
}

/** The same shepherd, which will not survive the first event of that kind. */
export function dying(context: RunContext, { at, how }: Death): RunContext {
  const stop = new AbortController();
  const event = (told: RecordedEvent): void => {
    context.log.event(told);
    if (told.kind !== at) return;
    if (how === 'killed') throw new Error('killed by the test');
    stop.abort();
  };
  return { ...context, signal: stop.signal, log: { ...context.log, event } };
}
