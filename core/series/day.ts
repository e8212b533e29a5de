import { ShepherdError } from '../errors.ts';

declare const tradingDay: unique symbol;

/** A calendar day of an exchange, `YYYY-MM-DD`. Text order is time order. Made only by `parseDay` and the functions here. */
export type TradingDay = string & { readonly [tradingDay]: true };

const MILLISECONDS_A_DAY = 86_400_000;

/**
 * Years 0001 to 9999: the calendar has no year 0 (1 BC comes before AD 1), and PostgreSQL's `date` refuses it.
 * @throws ShepherdError INVALID_DAY unless `text` is an existing day written `YYYY-MM-DD`.
 */
export function parseDay(text: string): TradingDay {
  const milliseconds = /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString().slice(0, 10) !== text) {
    throw new ShepherdError(
      'INVALID_DAY',
      `"${text.slice(0, 40)}" is not a day; write it as YYYY-MM-DD, for example 2025-07-20.`,
    );
  }
  return text as TradingDay; // the brand is earned by the check above
}

/** The UTC day of an instant given in milliseconds since 1970. */
export function dayOfInstant(milliseconds: number): TradingDay {
  return new Date(milliseconds).toISOString().slice(0, 10) as TradingDay; // ISO text is a valid day by construction
}

/** Days since 1970-01-01, an integer. */
export function dayNumber(day: TradingDay): number {
  return Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_A_DAY;
}

export function addDays(day: TradingDay, days: number): TradingDay {
  return dayOfInstant((dayNumber(day) + days) * MILLISECONDS_A_DAY);
}

/** Calendar days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: TradingDay, to: TradingDay): number {
  return dayNumber(to) - dayNumber(from);
}

/** 0 = Sunday … 6 = Saturday. */
export function weekday(day: TradingDay): number {
  return (((dayNumber(day) + 4) % 7) + 7) % 7; // days before 1970 are negative
}
