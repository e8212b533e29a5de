import { addDays, dayNumber, daysBetween, weekday, type TradingDay } from './day.ts';
import { closedDays, holidaysOf, type ExchangeHolidays } from './exchangeHolidays.ts';
import { dayInYear, yearlyDatesOf, yearOf } from './holidayRules.ts';

/** Which days an exchange is open. */
export interface TradingCalendar {
  readonly isTradingDay: (day: TradingDay) => boolean;
  /** Whether the closings of that day's year are known from a table or do not exist (24/7), not guessed from the past. */
  readonly isCertain: (day: TradingDay) => boolean;
}

/** Weekdays are learnt from the last so many calendar days: habits change, Saturdays were trading days once. */
const RECENT_DAYS = 366;
/** A weekday seen in at least this share of the recent weeks is a trading weekday. */
const USUAL_SHARE = 0.5;
/** Below two weeks of history nothing is learnt: Monday to Friday, or every day if the series has a weekend in it. */
const SHORT_HISTORY_DAYS = 14;
const MONDAY_TO_FRIDAY: ReadonlySet<number> = new Set([1, 2, 3, 4, 5]);
const EVERY_DAY: ReadonlySet<number> = new Set([0, 1, 2, 3, 4, 5, 6]);
/** Rows that feeds make up for holidays now and then (B3's 2018-01-25) do not tell against an exchange's table. */
const STRAY_DAYS = 2;
/** A yearly closing is believed once seen in the last so many years in which it fell on a trading weekday, without exception. */
const BELIEVED_AFTER = 2;
const REMEMBERED_YEARS = 6;

/**
 * The calendar of a series: trading weekdays from its own recent days, holidays from the table of its exchange where there is one
 * (by time zone, when it trades Monday to Friday), none for a series of all seven weekdays, else those its own past repeats
 * every year, by date, by weekday of the month or by distance from Easter.
 * @param days the days the series has, ascending.
 * @param timeZone IANA name of the exchange's time zone, if known.
 */
export function learnCalendar(days: readonly TradingDay[], timeZone?: string): TradingCalendar {
  const weekdays = learnWeekdays(days);
  if (weekdays.size === 7) return { isTradingDay: () => true, isCertain: () => true };
  const table = findTable(days, weekdays, timeZone);
  let learnt: ((year: number) => ReadonlySet<TradingDay>) | undefined;
  const closed = new Map<number, ReadonlySet<TradingDay>>();
  const closedIn = (year: number): ReadonlySet<TradingDay> => {
    let found = closed.get(year);
    if (found === undefined) {
      if (table !== undefined && year >= table.knownFrom) found = closedDays(table, year);
      else found = (learnt ??= learnHolidays(days, weekdays))(year);
      closed.set(year, found);
    }
    return found;
  };
  return {
    isTradingDay: (day) => weekdays.has(weekday(day)) && !closedIn(yearOf(day)).has(day),
    isCertain: (day) => table !== undefined && yearOf(day) >= table.knownFrom,
  };
}

/**
 * Trading days after the last day of the series and before `today`: what the feed should have sent by now. `today` itself is not
 * counted, as its session may not be over.
 * @param today the day at the exchange, handed in by the feed's clock.
 */
export function missedTradingDays(days: readonly TradingDay[], today: TradingDay, timeZone?: string): TradingDay[] {
  const last = days.at(-1);
  return last === undefined ? [] : tradingDaysBetween(learnCalendar(days, timeZone), last, today);
}

/** Trading days strictly between two days. */
export function tradingDaysBetween(calendar: TradingCalendar, after: TradingDay, before: TradingDay): TradingDay[] {
  const found: TradingDay[] = [];
  for (let day = addDays(after, 1); day < before; day = addDays(day, 1))
    if (calendar.isTradingDay(day)) found.push(day);
  return found;
}

/** The `count` trading days that follow the last day of the series: the days a forecast is for. */
export function nextTradingDays(days: readonly TradingDay[], count: number, timeZone?: string): TradingDay[] {
  const last = days.at(-1);
  if (last === undefined) return [];
  const calendar = learnCalendar(days, timeZone);
  const next: TradingDay[] = [];
  for (let day = addDays(last, 1); next.length < count; day = addDays(day, 1)) {
    if (calendar.isTradingDay(day)) next.push(day);
  }
  return next;
}

function learnWeekdays(days: readonly TradingDay[]): ReadonlySet<number> {
  const last = days.at(-1);
  if (last === undefined) return MONDAY_TO_FRIDAY;
  const recent = daysSince(days, addDays(last, 1 - RECENT_DAYS));
  const [oldest = last] = recent;
  const span = daysBetween(oldest, last) + 1;
  const seen = recent.map(weekday);
  if (span < SHORT_HISTORY_DAYS) return seen.some((day) => !MONDAY_TO_FRIDAY.has(day)) ? EVERY_DAY : MONDAY_TO_FRIDAY;
  const isUsual = (day: number): boolean => seen.filter((each) => each === day).length >= (USUAL_SHARE * span) / 7;
  const usual = [...EVERY_DAY].filter(isUsual);
  // A feed of a few scattered days teaches nothing.
  return usual.length === 0 ? MONDAY_TO_FRIDAY : new Set(usual);
}

/** The table of the exchange in that time zone, unless the series trades on its holidays: then it is of another market. */
function findTable(
  days: readonly TradingDay[],
  weekdays: ReadonlySet<number>,
  timeZone: string | undefined,
): ExchangeHolidays | undefined {
  const table = holidaysOf(timeZone ?? '');
  const last = days.at(-1);
  if (table === undefined || weekdays.size !== 5 || weekdays.has(0) || weekdays.has(6)) return undefined;
  if (last === undefined) return table;
  const closed = new Set([...closedDays(table, yearOf(last)), ...closedDays(table, yearOf(last) - 1)]);
  const contradicting = daysSince(days, addDays(last, 1 - RECENT_DAYS)).filter((day) => closed.has(day));
  return contradicting.length > STRAY_DAYS ? undefined : table;
}

function daysSince(days: readonly TradingDay[], first: TradingDay): readonly TradingDay[] {
  return days.slice(days.findLastIndex((day) => day < first) + 1);
}

/** Yearly closings that the past repeats, as a function of the year. */
function learnHolidays(
  days: readonly TradingDay[],
  weekdays: ReadonlySet<number>,
): (year: number) => ReadonlySet<TradingDay> {
  const last = days.at(-1);
  if (last === undefined) return () => new Set();
  const known = daysSince(days, addDays(last, -366 * REMEMBERED_YEARS));
  const [oldest = last] = known;
  const present = new Set(known.map(dayNumber));
  const [from, to] = [dayNumber(oldest), dayNumber(last)];
  const absent: TradingDay[] = [];
  for (let day = oldest; day < last; day = addDays(day, 1)) {
    if (weekdays.has(weekday(day)) && !present.has(dayNumber(day))) absent.push(day);
  }
  const candidates = new Map(absent.flatMap(yearlyDatesOf).map((when) => [JSON.stringify(when), when]));
  const believed = [...candidates.values()].filter((when) => {
    let seen = 0;
    for (let year = yearOf(oldest); year <= yearOf(last); year += 1) {
      const day = dayInYear(when, year);
      if (day === undefined || dayNumber(day) < from || dayNumber(day) > to || !weekdays.has(weekday(day))) continue;
      if (present.has(dayNumber(day))) return false;
      seen += 1;
    }
    return seen >= BELIEVED_AFTER;
  });
  return (year) => new Set(believed.flatMap((when) => dayInYear(when, year) ?? []));
}
