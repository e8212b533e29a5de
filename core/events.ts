import type { RunId } from './runId.ts';
import type { SeriesSymbol } from './series/symbol.ts';

/**
 * Everything the audit record can say. `kind` is noun:verb; the payload holds the numbers; the sentence is the same record for people.
 * An event is stored first and printed from what was stored.
 */
export interface AuditEvent {
  readonly kind: EventKind;
  readonly symbol: SeriesSymbol | null;
  readonly runId: RunId | null;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly sentence: string;
}

export const EVENT_KINDS = [
  'run:finished',
  'run:failed',
  'run:skipped',
  'run:requeued',
  'run:overtaken',
  'prices:pulled',
  'prices:revised',
  'feed:fault',
  'feed:accepted',
  'feed:rejected',
  'feed:released',
  'feed:unavailable',
  'feed:silent',
  'forecast:scored',
  'drift:checked',
  'retrain:decided',
  'training:finished',
  'gate:judged',
  'champion:promoted',
  'champion:revalidated',
  'champion:rolled-back',
  'champion:pinned',
  'champion:released',
  'table:checked',
  'table:trained',
  'table:judged',
  'table:promoted',
  'table:rolled-back',
  'settings:changed',
  'shepherd:started',
  'shepherd:stopped',
  'chain:closed',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/** Its sentence, and who did it where that was not the schedule. */
export function sentenceWithActor({ sentence, payload }: Pick<AuditEvent, 'sentence' | 'payload'>): string {
  const { by } = payload;
  return typeof by === 'string' && by !== 'schedule' ? `${sentence} (by ${by})` : sentence;
}

/** An event as it stands in the record. */
export interface RecordedEvent extends AuditEvent {
  readonly id: string;
  readonly at: string;
}
