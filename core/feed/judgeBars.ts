import type { TradingDay } from '../series/day.ts';
import { sliceSeries, type PriceBar, type Series } from '../series/price.ts';
import type { Transform } from '../series/transform.ts';
import type { FeedFault, SettledFault } from './fault.ts';
import { findFeedFaults } from './faults.ts';
import type { FeedProblem, StockSplit } from './fetched.ts';
import { confirmedLevel, type HeldLevel } from './heldLevel.ts';
import { rejectionOf, type RejectedBar } from './rejected.ts';
import { findUnitChange } from './restatement.ts';

export interface IncomingBars {
  readonly transform: Transform;
  /** IANA time zone of the exchange, for its holidays. */
  readonly timeZone: string;
  /** What is stored already. */
  readonly known: Series;
  /** The stored bar before the first of `bars`, in full. */
  readonly lastBar?: PriceBar | undefined;
  /** Ascending, one a day, finite. */
  readonly bars: readonly PriceBar[];
  /** `bars` are the whole history and replace what is known: they are judged by themselves. */
  readonly replacesHistory: boolean;
  /** Rows that could not be read as bars. */
  readonly problems: readonly FeedProblem[];
  readonly splits: readonly StockSplit[];
  /** Levels that are held back, and findings that were settled, from earlier judgements. */
  readonly held: readonly HeldLevel[];
  readonly settled: readonly SettledFault[];
  /** Bars that a person has said are wrong: they are neither stored nor held again. */
  readonly rejected: readonly RejectedBar[];
}

/** A finding and the bars it concerns; none where there is nothing to hold (days missing, a row that cannot be read). */
export interface HeldBack {
  readonly fault: FeedFault;
  readonly bars: readonly PriceBar[];
}

export interface BarVerdict {
  /** To be stored. */
  readonly sound: readonly PriceBar[];
  readonly heldBack: readonly HeldBack[];
  /** Held levels that the days since have confirmed; their bars are among the sound ones. */
  readonly released: readonly HeldLevel[];
}

/** Everything that decides what becomes of bars from a feed or a file, before they are stored. Pure. */
export function judgeBars(incoming: IncomingBars): BarVerdict {
  const { transform, problems } = incoming;
  const unreadable = problems.map((problem) => ({ fault: invalidPrice(problem), bars: [] }));
  const isRejected = rejectionOf(incoming.rejected);
  const bars = incoming.bars.filter((bar) => !isRejected(bar));
  const unit = findUnsettledUnit(incoming);
  if (unit !== undefined) {
    const held = bars.length === 0 ? [] : [{ fault: unit, bars }];
    return { sound: [], heldBack: [...unreadable, ...held], released: [] };
  }

  // Ratios of prices, which the rules compare, are not for a series of differences.
  if (transform === 'difference') return { sound: bars, heldBack: unreadable, released: [] };
  const priced = bars.filter(({ close }) => close > 0);
  const unpriced = bars.filter(({ close }) => !(close > 0)).map((bar) => ({ fault: notAPrice(bar), bars: [] }));
  // A bar under a wrong date says nothing of that day.
  const misdated = new Set(incoming.rejected.flatMap(({ kind, bar }) => (kind === 'swapped-date' ? [bar.day] : [])));
  const putAside = incoming.bars.filter((bar) => isRejected(bar) && !misdated.has(bar.day)).map(({ day }) => day);
  const { faults, released } = findUnconfirmed(incoming, priced, putAside);
  const heldBack = faults.map((fault) => ({
    fault,
    bars: fault.kind === 'missing-days' ? [] : priced.filter(({ day }) => day >= fault.day && day <= fault.lastDay),
  }));
  const held = new Set(heldBack.flatMap((each) => each.bars));
  return {
    sound: priced.filter((bar) => !held.has(bar)),
    heldBack: [...unreadable, ...unpriced, ...heldBack],
    released,
  };
}

/** Looked for among all bars: those that were rejected show the unit as well. */
function findUnsettledUnit(incoming: IncomingBars): FeedFault | undefined {
  const { replacesHistory, known, bars, splits, settled } = incoming;
  const unit = replacesHistory ? findUnitChange(known, bars, splits) : undefined;
  return settled.some(({ kind, day }) => kind === unit?.kind && day === unit.day) ? undefined : unit;
}

/** Findings without those levels that the days since have confirmed; what such a level hid is looked for again. */
function findUnconfirmed(
  { known, lastBar, timeZone, held, splits, replacesHistory, settled }: IncomingBars,
  incoming: readonly PriceBar[],
  putAside: readonly TradingDay[],
): { faults: FeedFault[]; released: HeldLevel[] } {
  const [first] = incoming;
  // Days that are known already are judged anew, by the days before them: a correction may be a fault as well.
  const overlap = first === undefined ? -1 : known.days.findIndex((day) => day >= first.day);
  const before = replacesHistory ? NOTHING : overlap === -1 ? known : sliceSeries(known, 0, overlap);
  const released: HeldLevel[] = [];
  const waiting = (): HeldLevel[] => held.filter((level) => !released.includes(level));
  for (;;) {
    const faults = findFeedFaults({
      known: before,
      lastBar,
      incoming,
      timeZone,
      putAside,
      settled: [...settled, ...released],
    });
    const level = confirmedLevel(faults, incoming, waiting(), splits);
    if (level === undefined) return { faults, released };
    released.push(level);
  }
}

const NOTHING: Series = { days: [], closes: new Float64Array() };

function invalidPrice({ day, field, read, sentence }: FeedProblem): FeedFault {
  return { kind: 'invalid-price', day, lastDay: day, evidence: { field, read }, sentence };
}

function notAPrice({ day, close }: PriceBar): FeedFault {
  const sentence = `The close of ${day} is ${close}; expected a price above 0.`;
  return { kind: 'invalid-price', day, lastDay: day, evidence: { field: 'close', read: String(close) }, sentence };
}
