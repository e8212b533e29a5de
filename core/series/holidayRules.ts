import { addDays, dayNumber, parseDay, weekday, type TradingDay } from './day.ts';

/** When a yearly holiday falls. Months 1 … 12, weekdays 0 = Sunday … 6 = Saturday. */
export type YearlyDate =
  | { readonly kind: 'date'; readonly month: number; readonly date: number }
  /** The nth such weekday of the month; -1 is the last. */
  | { readonly kind: 'nth-weekday'; readonly month: number; readonly weekday: number; readonly nth: number }
  /** The first such weekday from a date on. */
  | { readonly kind: 'weekday-from'; readonly month: number; readonly date: number; readonly weekday: number }
  /** Days after Easter Sunday (Western). */
  | { readonly kind: 'easter'; readonly offset: number };

/** `YYYY-MM-DD` of the holiday in `year`, before any weekend is observed on another day. `undefined` where it does not occur. */
export function dayInYear(when: YearlyDate, year: number): TradingDay | undefined {
  switch (when.kind) {
    case 'date':
      return when.date > daysInMonth(year, when.month) ? undefined : dayOf(year, when.month, when.date);
    case 'nth-weekday':
      return nthWeekday(year, when.month, when.weekday, when.nth);
    case 'weekday-from': {
      const start = dayOf(year, when.month, when.date);
      return addDays(start, (when.weekday - weekday(start) + 7) % 7);
    }
    case 'easter':
      return addDays(easterSunday(year), when.offset);
  }
}

export function yearOf(day: TradingDay): number {
  return Number(day.slice(0, 4));
}

/** Western Easter Sunday (the anonymous Gregorian computus, Meeus 1991, chapter 8). */
export function easterSunday(year: number): TradingDay {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const d = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const e = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - d - (c % 4)) % 7;
  const m = Math.floor((a + 11 * d + 22 * e) / 451);
  const position = d + e - 7 * m + 114;
  return dayOf(year, Math.floor(position / 31), (position % 31) + 1);
}

/** All the yearly dates a day could be an instance of: its date, its weekday of the month from the front and as the last, its distance from Easter. */
export function yearlyDatesOf(day: TradingDay): YearlyDate[] {
  const month = Number(day.slice(5, 7));
  const date = Number(day.slice(8, 10));
  const offset = dayNumber(day) - dayNumber(easterSunday(yearOf(day)));
  const nth = Math.ceil(date / 7);
  const last = date + 7 > daysInMonth(yearOf(day), month);
  return [
    { kind: 'date', month, date },
    { kind: 'nth-weekday', month, weekday: weekday(day), nth },
    ...(last ? [{ kind: 'nth-weekday', month, weekday: weekday(day), nth: -1 } as const] : []),
    ...(Math.abs(offset) <= 70 ? [{ kind: 'easter', offset } as const] : []),
  ];
}

function nthWeekday(year: number, month: number, wanted: number, nth: number): TradingDay | undefined {
  const length = daysInMonth(year, month);
  const first = dayOf(year, month, 1);
  const date = 1 + ((wanted - weekday(first) + 7) % 7) + 7 * ((nth === -1 ? 5 : nth) - 1);
  if (date <= length) return dayOf(year, month, date);
  return nth === -1 ? dayOf(year, month, date - 7) : undefined;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function dayOf(year: number, month: number, date: number): TradingDay {
  return parseDay(`${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`);
}
