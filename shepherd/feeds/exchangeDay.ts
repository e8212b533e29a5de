import { parseDay, type TradingDay } from '../../core/series/day.ts';
import { ShepherdError } from '../../core/errors.ts';

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The calendar day of an instant (milliseconds since 1970) on the clock of `timeZone`.
 * @throws ShepherdError INVALID_INPUT for a zone that is not in the IANA list.
 */
export function dayInZone(instantMs: number, timeZone: string): TradingDay {
  // Swedish writes dates as ISO 8601 does.
  return parseDay(formatterFor(timeZone).format(instantMs));
}

export function isTimeZone(name: string): boolean {
  try {
    formatterFor(name);
    return true;
  } catch {
    return false;
  }
}

function formatterFor(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formatters.set(timeZone, made);
    return made;
  } catch (cause) {
    throw new ShepherdError(
      'INVALID_INPUT',
      `"${timeZone.slice(0, 40)}" is not a time zone; give an IANA name such as America/New_York.`,
      { cause },
    );
  }
}
