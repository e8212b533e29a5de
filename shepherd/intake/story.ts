/** What the audit record says of a pull: the numbers as payload, and the same in one sentence. */
import type { AuditEvent } from '../../core/events.ts';
import type { NonEmpty } from '../../core/nonEmpty.ts';
import type { TradingDay } from '../../core/series/day.ts';
import type { PriceBar } from '../../core/series/price.ts';
import type { HeldLevel } from '../../core/feed/heldLevel.ts';
import type { NewFault } from '../../db/tables/faults.ts';
import type { RevisedClose } from '../../core/feed/restatement.ts';
import type { SavedBars } from '../../db/tables/prices.ts';
import type { SourceName } from '../../db/tables/series.ts';
import type { Restatement } from '../../core/feed/restatement.ts';
import { price, wholeNumber } from '../../core/prose/figures.ts';
import { plural } from '../../core/prose/plural.ts';

type Story = Pick<AuditEvent, 'kind' | 'payload' | 'sentence'>;

/** Payloads stay readable: the tables hold every row. */
const MOST_EXAMPLES = 20;

export function tellPrices(
  source: SourceName,
  bars: readonly PriceBar[],
  saved: SavedBars,
  { lastDay, held }: { readonly lastDay: TradingDay | undefined; readonly held: number },
): Story {
  const { inserted, revised, unchanged } = saved;
  const last = bars.at(-1);
  const payload = {
    source,
    inserted,
    revised: revised.length,
    unchanged,
    lastDay: lastDay ?? null,
    lastClose: last?.close ?? null,
    held,
  };
  const waiting = held === 0 ? '' : ` ${plural(held, 'bar')} ${held === 1 ? 'is' : 'are'} held back.`;
  return { kind: 'prices:pulled', payload, sentence: `${sayPrices(inserted, last, lastDay)}${waiting}` };
}

function sayPrices(inserted: number, last: PriceBar | undefined, lastDay: TradingDay | undefined): string {
  if (inserted === 0 || last === undefined) {
    return lastDay === undefined ? 'No price could be stored.' : `Nothing new since ${lastDay}.`;
  }
  return `${plural(inserted, 'new day')}, up to ${last.day} at ${price(last.close)}.`;
}

export function tellRevisions(revised: readonly RevisedClose[], restatement: Restatement | undefined): Story {
  const examples = revised.slice(0, MOST_EXAMPLES);
  const payload = { days: revised.length, examples, restatement: restatement ?? null };
  if (restatement !== undefined) {
    const { factor, days, from, to, split } = restatement;
    const because =
      split === undefined ? '' : `, as after the split ${split.numerator}:${split.denominator} of ${split.day}`;
    const what = `The feed restated ${plural(days, 'close')} from ${from} to ${to} by a factor of ${price(factor)}${because}`;
    return { kind: 'prices:revised', payload, sentence: `${what}; the old ones are kept as revisions.` };
  }
  const [first] = examples;
  const example = first === undefined ? '' : ` (${first.day}: ${price(first.old)} is now ${price(first.new)})`;
  return {
    kind: 'prices:revised',
    payload,
    sentence: `The feed corrected ${plural(revised.length, 'past close')}${example}; the old ones are kept as revisions.`,
  };
}

export function tellFaults(faults: NonEmpty<NewFault>): Story {
  const examples = faults.slice(0, MOST_EXAMPLES).map(({ day, kind, sentence }) => ({ day, kind, sentence }));
  const held = new Set(faults.flatMap(({ kind, day }) => (kind === 'missing-days' ? [] : [day]))).size;
  const what = held === 0 ? '' : `Held back ${plural(held, 'day')}: `;
  const findings = new Set(faults.map(({ sentence }) => sentence));
  const more = findings.size > 1 ? ` And ${wholeNumber(findings.size - 1)} more.` : '';
  const sentence = `${what}${faults[0].sentence}${more}`;
  return { kind: 'feed:fault', payload: { count: faults.length, faults: examples }, sentence };
}

/** A level that was held back and is believed now. */
export function tellReleased({ kind, day }: HeldLevel, why: string): Story {
  return {
    kind: 'feed:released',
    payload: { kind, day },
    sentence: `The level held back since ${day} is real: ${why}.`,
  };
}
