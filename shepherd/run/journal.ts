import type { Client, Database } from '../../db/connection/client.ts';
import { saveProgress, type Run } from '../../db/tables/runs.ts';
import type { Log } from '../../service/log.ts';
import { recordTogether, type Told } from './record.ts';

/** What a finished step leaves: its result (plain JSON), rows to write, and what to tell. */
export interface StepOutcome<T> {
  readonly result: T;
  readonly write?: (client: Client) => Promise<unknown>;
  readonly events?: readonly Told[];
}

/** Carries a run through its steps, each done once however often the run is taken up again. */
export interface Journal {
  readonly run: Run;
  /**
   * Does `work` and stores its rows, its result and its events in one transaction; a step that an earlier attempt finished
   * is not done again, its stored result is the answer. Events are printed once they are stored.
   */
  step<T>(name: string, work: () => Promise<StepOutcome<T>>): Promise<T>;
  tell(events: readonly Told[], alongside?: (client: Client) => Promise<unknown>): Promise<void>;
}

export function openJournal(run: Run, db: Database, log: Log): Journal {
  const tell: Journal['tell'] = (events, alongside) =>
    recordTogether({ db, log }, { symbol: run.symbol, runId: run.id }, events, alongside);
  return {
    run,
    tell,
    async step<T>(name: string, work: () => Promise<StepOutcome<T>>): Promise<T> {
      // An earlier attempt of this same run stored it; the step's own code made the value.
      if (name in run.progress) return run.progress[name] as T;
      const { result, write, events = [] } = await work();
      await tell(events, async (client) => {
        await write?.(client);
        await saveProgress(client, run.id, name, result);
      });
      return result;
    },
  };
}
