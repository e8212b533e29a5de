import { addDays, parseDay, weekday, type TradingDay } from './day.ts';
import { dayInYear, yearOf, type YearlyDate } from './holidayRules.ts';

/** A closing of an exchange that comes back every year, from year to year inclusive. */
export interface ExchangeHoliday {
  readonly name: string;
  readonly when: YearlyDate;
  /** `nearest`: Saturday moves to Friday, Sunday to Monday; `monday`: only Sunday moves; `friday`: both move to Friday. */
  readonly observed?: 'nearest' | 'monday' | 'friday';
  readonly from?: number;
  readonly to?: number;
}

export interface ExchangeHolidays {
  readonly exchange: string;
  /** First year the table is complete for. */
  readonly knownFrom: number;
  readonly yearly: readonly ExchangeHoliday[];
  /** Closings on single days: mourning, storms, war, paperwork. */
  readonly closures: readonly string[];
}

const [MONDAY, TUESDAY, THURSDAY] = [1, 2, 4];
const on = (month: number, date: number): YearlyDate => ({ kind: 'date', month, date });
const nth = (month: number, day: number, count: number): YearlyDate => ({
  kind: 'nth-weekday',
  month,
  weekday: day,
  nth: count,
});
const easter = (offset: number): YearlyDate => ({ kind: 'easter', offset });

const NYSE: ExchangeHolidays = {
  exchange: 'NYSE',
  knownFrom: 1928,
  yearly: [
    { name: "New Year's Day", when: on(1, 1), observed: 'monday' },
    { name: 'Martin Luther King Day', when: nth(1, MONDAY, 3), from: 1998 },
    { name: "Lincoln's Birthday", when: on(2, 12), observed: 'monday', to: 1953 },
    { name: "Washington's Birthday", when: on(2, 22), observed: 'monday', to: 1963 },
    { name: "Washington's Birthday", when: on(2, 22), observed: 'nearest', from: 1964, to: 1970 },
    { name: "Washington's Birthday", when: nth(2, MONDAY, 3), from: 1971 },
    { name: 'Good Friday', when: easter(-2) },
    { name: 'Memorial Day', when: on(5, 30), observed: 'monday', to: 1963 },
    { name: 'Memorial Day', when: on(5, 30), observed: 'nearest', from: 1964, to: 1969 },
    { name: 'Memorial Day', when: on(5, 30), from: 1970, to: 1970 },
    { name: 'Memorial Day', when: nth(5, MONDAY, -1), from: 1971 },
    { name: 'Juneteenth', when: on(6, 19), observed: 'nearest', from: 2022 },
    { name: 'Independence Day', when: on(7, 4), observed: 'monday', to: 1953 },
    { name: 'Independence Day', when: on(7, 4), observed: 'nearest', from: 1954 },
    { name: 'Labor Day', when: nth(9, MONDAY, 1) },
    { name: 'Columbus Day', when: on(10, 12), observed: 'monday', to: 1953 },
    { name: 'Armistice Day', when: on(11, 11), observed: 'monday', from: 1934, to: 1953 },
    { name: 'Election Day', when: { kind: 'weekday-from', month: 11, date: 2, weekday: TUESDAY }, to: 1968 },
    { name: 'Thanksgiving Day', when: nth(11, THURSDAY, -1), to: 1938 },
    { name: 'Thanksgiving Day', when: nth(11, THURSDAY, 4), from: 1939, to: 1939 },
    { name: 'Thanksgiving Day', when: nth(11, THURSDAY, 3), from: 1940, to: 1941 },
    { name: 'Thanksgiving Day', when: nth(11, THURSDAY, 4), from: 1942 },
    { name: 'Christmas Day', when: on(12, 25), observed: 'monday', to: 1953 },
    { name: 'Christmas Day', when: on(12, 25), observed: 'nearest', from: 1954 },
  ],
  closures: [
    ...['1929-11-01', '1929-11-29'], // clerical work after the crash
    ...['1933-03-06', '1933-03-07', '1933-03-08', '1933-03-09', '1933-03-10', '1933-03-13', '1933-03-14'], // bank holiday
    ...[
      '1945-08-15',
      '1945-08-16',
      '1945-12-24',
      '1956-12-24',
      '1958-12-26',
      '1961-05-29',
      '1963-11-25',
      '1968-02-12',
      '1968-04-09',
    ],
    // Wednesdays and other days of the paperwork crisis
    ...['1968-06-12', '1968-06-19', '1968-06-26', '1968-07-05', '1968-07-10', '1968-07-17', '1968-07-24', '1968-07-31'],
    ...['1968-08-07', '1968-08-14', '1968-08-21', '1968-08-28', '1968-09-11', '1968-09-18', '1968-09-25', '1968-10-02'],
    ...[
      '1968-10-09',
      '1968-10-16',
      '1968-10-23',
      '1968-10-30',
      '1968-11-11',
      '1968-11-20',
      '1968-12-04',
      '1968-12-11',
      '1968-12-18',
    ],
    ...['1969-02-10', '1969-03-31', '1969-07-21', '1972-12-28', '1973-01-25', '1977-07-14', '1985-09-27', '1994-04-27'],
    ...['1972-11-07', '1976-11-02', '1980-11-04'], // presidential elections
    ...['2001-09-11', '2001-09-12', '2001-09-13', '2001-09-14', '2004-06-11', '2007-01-02', '2012-10-29', '2012-10-30'],
    ...['2018-12-05', '2025-01-09'], // days of mourning
  ],
};

const B3: ExchangeHolidays = {
  exchange: 'B3',
  knownFrom: 2018,
  yearly: [
    { name: 'New Year', when: on(1, 1) },
    { name: 'Anniversary of São Paulo', when: on(1, 25), to: 2021 },
    { name: 'Carnival Monday', when: easter(-48) },
    { name: 'Carnival Tuesday', when: easter(-47) },
    { name: 'Good Friday', when: easter(-2) },
    { name: 'Tiradentes', when: on(4, 21) },
    { name: 'Labour Day', when: on(5, 1) },
    { name: 'Corpus Christi', when: easter(60) },
    { name: 'Constitutional Revolution', when: on(7, 9), to: 2019 },
    { name: 'Constitutional Revolution', when: on(7, 9), from: 2021, to: 2021 },
    { name: 'Independence Day', when: on(9, 7) },
    { name: 'Our Lady of Aparecida', when: on(10, 12) },
    { name: 'All Souls', when: on(11, 2) },
    { name: 'Republic Day', when: on(11, 15) },
    { name: 'Black Consciousness Day', when: on(11, 20), to: 2020 },
    { name: 'Black Consciousness Day', when: on(11, 20), from: 2024 },
    { name: 'Christmas Eve', when: on(12, 24) },
    { name: 'Christmas Day', when: on(12, 25) },
    { name: "New Year's Eve", when: on(12, 31), observed: 'friday' },
  ],
  closures: [],
};

const BY_TIME_ZONE: Readonly<Record<string, ExchangeHolidays>> = { 'America/New_York': NYSE, 'America/Sao_Paulo': B3 };

export function holidaysOf(timeZone: string): ExchangeHolidays | undefined {
  return BY_TIME_ZONE[timeZone];
}

const computed = new Map<string, ReadonlySet<TradingDay>>();

/** Every day of `year` that the exchange's table closes. Computed once: a fleet asks for the same few years again and again. */
export function closedDays(holidays: ExchangeHolidays, year: number): ReadonlySet<TradingDay> {
  const key = `${holidays.exchange} ${year}`;
  let days = computed.get(key);
  if (days === undefined) {
    days = computeClosedDays(holidays, year);
    computed.set(key, days);
  }
  return days;
}

function computeClosedDays(holidays: ExchangeHolidays, year: number): Set<TradingDay> {
  const days = new Set<TradingDay>();
  for (const holiday of holidays.yearly) {
    if (year < (holiday.from ?? -Infinity) || year > (holiday.to ?? Infinity)) continue;
    const day = dayInYear(holiday.when, year);
    if (day !== undefined) days.add(observe(day, holiday.observed));
  }
  for (const text of holidays.closures) {
    const day = parseDay(text);
    if (yearOf(day) === year) days.add(day);
  }
  return days;
}

function observe(day: TradingDay, rule: ExchangeHoliday['observed']): TradingDay {
  const onSunday = weekday(day) === 0;
  const onSaturday = weekday(day) === 6;
  if (onSunday && rule !== undefined) return addDays(day, rule === 'friday' ? -2 : 1);
  if (onSaturday && (rule === 'nearest' || rule === 'friday')) return addDays(day, -1);
  return day;
}
