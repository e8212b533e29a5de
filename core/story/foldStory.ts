import type { EventKind, RecordedEvent } from '../events.ts';

/** What a day brings on which nothing is decided but to go on. */
const DAILY: readonly EventKind[] = [
  'prices:pulled',
  'forecast:scored',
  'drift:checked',
  'retrain:decided',
  'run:finished',
];

type Told = Pick<RecordedEvent, 'runId' | 'at' | 'kind' | 'payload' | 'sentence'>;

/** A run, or several quiet ones in a row, or what a person did between two. Its events are in the order they came. */
export interface Chapter<Event extends Told = Told> {
  readonly quiet: boolean;
  /** Runs folded into this one; 0 for what belongs to no run. */
  readonly runs: number;
  readonly from: string;
  readonly to: string;
  readonly events: readonly Event[];
}

/** Whether a finished run decided nothing but to keep the champion, of data that has not drifted. */
export function isQuiet(run: readonly Told[]): boolean {
  return run.some(({ kind }) => kind === 'run:finished') && !run.some(breaksQuiet);
}

/** Whether an event alone shows that its run is worth reading. */
export function breaksQuiet({ kind, payload }: Pick<Told, 'kind' | 'payload'>): boolean {
  if (kind === 'drift:checked') return alarmed(payload);
  if (kind === 'retrain:decided') return 'reason' in payload && payload['reason'] !== 'fresh';
  if (kind === 'run:finished') return payload['outcome'] !== 'kept' || payload['reason'] !== 'fresh';
  return !DAILY.includes(kind);
}

/** Whether a check said that something has moved: the data, by either of its checks, or the losses of the champion. */
export function alarmed(payload: Readonly<Record<string, unknown>>): boolean {
  const verdictOf = (part: unknown): unknown =>
    part instanceof Object && 'verdict' in part ? part.verdict : undefined;
  return (
    verdictOf(payload['drift']) === 'drifted' ||
    verdictOf(payload['watch']) === 'drifted' ||
    verdictOf(payload['loss']) === 'decayed'
  );
}

/** Events, the oldest first, as a story: one chapter a run, quiet runs in a row folded into one that keeps its last run's events. */
export function foldStory<Event extends Told>(events: readonly Event[]): Chapter<Event>[] {
  const chapters: Chapter<Event>[] = [];
  for (const run of byRun(events)) {
    const [first, last] = [run[0], run.at(-1)];
    if (first === undefined || last === undefined) continue;
    const quiet = isQuiet(run);
    const before = chapters.at(-1);
    const runs = first.runId === null ? 0 : 1;
    if (quiet && before?.quiet === true) {
      chapters[chapters.length - 1] = { ...before, runs: before.runs + 1, to: last.at, events: run };
    } else chapters.push({ quiet, runs, from: first.at, to: last.at, events: run });
  }
  return chapters;
}

/** Neighbours of one run together; what belongs to no run stands alone. */
function byRun<Event extends Told>(events: readonly Event[]): Event[][] {
  const runs: Event[][] = [];
  for (const event of events) {
    const current = runs.at(-1);
    if (event.runId !== null && current?.[0]?.runId === event.runId) current.push(event);
    else runs.push([event]);
  }
  return runs;
}
