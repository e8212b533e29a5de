import pg from 'pg';

type Parse = (text: string) => unknown;

const DATE = 1082;
const DATE_ARRAY = 1182;
const TEXT_ARRAY = 1009;
const TIMESTAMPTZ = 1184;

/** The driver's own parser of a type; its typings know neither arrays nor results. */
const driverParser = pg.types.getTypeParser as (oid: number, format?: 'text' | 'binary') => Parse;

const parseInstant = driverParser(TIMESTAMPTZ) as (text: string) => Date; // what the driver makes of a timestamptz

/**
 * How column values become JavaScript values. `pg` would read a DATE as a local-time `Date`, a day off in half of the world:
 * days stay text, and instants become ISO text so that a row is the same in a log line and in an answer.
 */
const parsers = new Map<number, Parse>([
  [DATE, (text) => text],
  [DATE_ARRAY, driverParser(TEXT_ARRAY)],
  [TIMESTAMPTZ, (text) => parseInstant(text).toISOString()],
]);

export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => parsers.get(oid) ?? driverParser(oid, format),
};
