import type { RecordedEvent } from '../core/events.ts';
import { plural } from '../core/prose/plural.ts';
import { breaksQuiet } from '../core/story/foldStory.ts';

/** What it needs of the log that it is put around. */
interface Teller {
  readonly event: (event: RecordedEvent) => void;
  readonly note: (sentence: string) => void;
  readonly error: (sentence: string, cause?: unknown) => void;
}

/** Quiet days are told at least this often, so that a long calm is not taken for a standstill. */
const TOLD_EVERY = 20;

/**
 * The log as a story, around one that prints every event: a run of which nothing came but to go on is counted and told with its
 * neighbours in one line; any other is told whole, from the moment it is clear that it is not quiet.
 */
export function createStoryLog<Log extends Teller>(text: Log): Log {
  /** Events of runs under way that may still turn out quiet. */
  const pending = new Map<string, RecordedEvent[]>();
  const loud = new Set<string>();
  let quietRuns = 0;

  const sayQuiet = (): void => {
    if (quietRuns > 0) text.note(`${plural(quietRuns, 'quiet run')}: nothing moved, the champion stayed.`);
    quietRuns = 0;
  };

  return {
    ...text,
    event(event: RecordedEvent) {
      const { runId, kind } = event;
      if (runId === null || loud.has(runId) || breaksQuiet(event)) {
        sayQuiet();
        if (runId !== null) {
          for (const earlier of pending.get(runId) ?? []) text.event(earlier);
          pending.delete(runId);
          if (kind.startsWith('run:')) loud.delete(runId);
          else loud.add(runId);
        }
        text.event(event);
      } else if (kind === 'run:finished') {
        pending.delete(runId);
        quietRuns += 1;
        if (quietRuns >= TOLD_EVERY) sayQuiet();
      } else pending.set(runId, [...(pending.get(runId) ?? []), event]);
    },
    error(sentence: string, cause?: unknown) {
      sayQuiet();
      text.error(sentence, cause);
    },
  };
}
