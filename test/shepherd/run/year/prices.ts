import type { TradingDay } from '../../../../core/series/day.ts';
import type { PriceBar } from '../../../../core/series/price.ts';
import type { RunEntry, Span } from './diary.ts';

/** Days after those on which a leap was first seen, before it is believed. */
const CONFIRMING_DAYS = 5;

/** What one pull must have brought. */
export interface Pulled {
  readonly inserted: number;
  readonly revised: number;
  /** Bars held back for the first time. */
  readonly faults: number;
  /** The leap that is believed from now on. */
  readonly released: TradingDay | undefined;
}

export interface BookedFault {
  readonly day: TradingDay;
  readonly kind: string;
  readonly bar: PriceBar;
  readonly since: TradingDay;
  /** How it left the quarantine; null while it waits. */
  readonly resolution: 'corrected' | 'released' | 'accepted' | 'rejected' | null;
}

/** The prices that must be stored of one symbol, and what they were before. */
export interface PriceBook {
  /** Ascending. */
  readonly bars: readonly PriceBar[];
  readonly days: readonly TradingDay[];
  readonly closes: readonly number[];
  readonly revisions: readonly { readonly day: TradingDay; readonly old: PriceBar; readonly new: PriceBar }[];
  readonly faults: readonly BookedFault[];
  /** The last evening on which a close that was stored changed, or a day arrived after a later one. */
  readonly disturbedOn: TradingDay | '';
  /** The act that last wrote each day. */
  readonly written: ReadonlyMap<TradingDay, Span>;
  receive(entry: RunEntry): Pulled;
  /** A person settles what is held back; answers the bars. */
  settle(how: 'accepted' | 'rejected', at: Span): BookedFault[];
  /** The `count`-th stored day after `day`, if it has come. */
  dayAfter(day: TradingDay, count: number): TradingDay | undefined;
  closeOf(day: TradingDay): number;
  /** How many stored days lie after `day`. */
  daysSince(day: TradingDay): number;
}

/**
 * Everything the feed offers is stored as it stands now and what stood before is kept as a revision. A wrong bar is held back once, and
 * so is every bar from a leap on, until the days since or a person speak for it.
 */
export function openPriceBook(): PriceBook {
  const stored = new Map<TradingDay, PriceBar>();
  const written = new Map<TradingDay, Span>();
  const revisions: { day: TradingDay; old: PriceBar; new: PriceBar }[] = [];
  const faults: BookedFault[] = [];
  /** The newest day when a leap was first seen, by its day. */
  const seenOn = new Map<TradingDay, TradingDay>();
  const believed = new Set<TradingDay>();
  let days: TradingDay[] = [];
  let disturbedOn: TradingDay | '' = '';

  const resolve = (resolution: BookedFault['resolution'], which: (fault: BookedFault) => boolean): BookedFault[] => {
    const settled: BookedFault[] = [];
    for (const [i, fault] of faults.entries())
      if (fault.resolution === null && which(fault)) settled.push((faults[i] = { ...fault, resolution }));
    return settled;
  };
  const store = (bar: PriceBar, at: Span): PriceBar | undefined => {
    const old = stored.get(bar.day);
    if (old !== undefined && isSame(old, bar)) return old;
    stored.set(bar.day, bar);
    written.set(bar.day, at);
    if (old !== undefined) revisions.push({ day: bar.day, old, new: bar });
    return old;
  };
  const sort = (): void => void (days = [...stored.keys()].sort());

  return {
    revisions,
    faults,
    written,
    get disturbedOn() {
      return disturbedOn;
    },
    get days() {
      return days;
    },
    get bars() {
      return days.map((day) => stored.get(day)!);
    },
    get closes() {
      return days.map((day) => stored.get(day)!.close);
    },
    receive({ offer, today, from, to }) {
      const bars = offer.answers ? offer.bars : [];
      let leap = offer.leaps.find((day) => !believed.has(day) && bars.some((bar) => bar.day >= day));
      const released = leap !== undefined && isConfirmed(seenOn.get(leap), bars) ? leap : undefined;
      if (released !== undefined) {
        believed.add(released);
        resolve('released', ({ since }) => since === released);
        leap = undefined;
      } else if (leap !== undefined && !seenOn.has(leap)) seenOn.set(leap, bars.at(-1)!.day);
      const pulled = { inserted: 0, revised: 0, faults: 0, released };
      for (const bar of bars) {
        const { day, close } = bar;
        const kind = leap !== undefined && day >= leap ? 'split-unadjusted' : offer.wrong.get(day);
        if (kind !== undefined) {
          if (faults.some((fault) => fault.day === day && fault.kind === kind)) continue;
          faults.push({ day, kind, bar, since: leap ?? day, resolution: null });
          pulled.faults += 1;
          continue;
        }
        resolve('corrected', (fault) => fault.day === day);
        const isNew = !stored.has(day);
        const old = store(bar, { from, to });
        const last = days.at(-1);
        if ((isNew && last !== undefined && day < last) || (old !== undefined && old.close !== close))
          disturbedOn = today;
        if (isNew) pulled.inserted += 1;
        else if (old!.close !== close) pulled.revised += 1;
      }
      sort();
      return pulled;
    },
    settle(how, at) {
      const settled = resolve(how, () => true);
      if (how === 'accepted') {
        for (const { bar, since } of settled) {
          store(bar, at);
          believed.add(since);
        }
        sort();
      }
      return settled;
    },
    dayAfter: (day, count) => days.filter((each) => each > day)[count - 1],
    closeOf: (day) => stored.get(day)!.close,
    daysSince: (day) => days.filter((each) => each > day).length,
  };
}

/** Enough days have come since the evening on which a leap was first seen. */
function isConfirmed(seenOn: TradingDay | undefined, bars: readonly PriceBar[]): boolean {
  return seenOn !== undefined && bars.filter(({ day }) => day > seenOn).length >= CONFIRMING_DAYS;
}

function isSame(a: PriceBar, b: PriceBar): boolean {
  return (['close', 'open', 'high', 'low', 'volume'] as const).every((field) => a[field] === b[field]);
}
