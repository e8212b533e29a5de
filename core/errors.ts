/**
 * Every error code of the project, with the exit status of a command and the HTTP status of an answer.
 * A code is added here first; the README's table is held to this list by a test.
 */
export const ERROR_CODES = {
  INVALID_DAY: { exit: 2, status: 400, meaning: 'a day is not written YYYY-MM-DD or does not exist' },
  INVALID_PRICE: { exit: 2, status: 400, meaning: 'a price is missing, not finite, or not positive where it must be' },
  INVALID_INPUT: { exit: 2, status: 400, meaning: 'a request or argument has the wrong shape' },
  NO_SUCH_DAYS: {
    exit: 2,
    status: 404,
    meaning: 'the series has no days, or too few before them, for what was asked',
  },
  TOO_FEW_VALUES: { exit: 2, status: 400, meaning: 'fewer values than the model or test needs' },
  LEVELS_NOT_RETURNS: { exit: 2, status: 400, meaning: 'a drift test was asked for on price levels' },
  UNKNOWN_SYMBOL: { exit: 2, status: 404, meaning: 'the symbol is not known here' },
  UNKNOWN_VERSION: { exit: 2, status: 404, meaning: 'the model version is not known here' },
  UNKNOWN_TABLE: { exit: 2, status: 404, meaning: 'there is no trained table of this name' },
  UNKNOWN_RUN: { exit: 2, status: 404, meaning: 'there is no run of this number' },
  NOTHING_HELD: { exit: 2, status: 404, meaning: 'no bar is held back under this number' },
  NO_CHAMPION: { exit: 3, status: 409, meaning: 'no model has been promoted for the symbol yet' },
  INVALID_CONFIG: { exit: 2, status: 500, meaning: 'a setting is missing or out of range' },
  INVALID_CSV: { exit: 2, status: 400, meaning: 'a CSV file cannot be read; the message names file, line and column' },
  FEED_UNAVAILABLE: { exit: 4, status: 503, meaning: 'the data source did not answer usefully within its time limit' },
  FEED_EMPTY: { exit: 4, status: 404, meaning: 'the data source has no rows for the symbol and dates' },
  DATABASE_UNAVAILABLE: { exit: 5, status: 503, meaning: 'PostgreSQL cannot be reached or started' },
  NO_DATABASE: { exit: 5, status: 503, meaning: 'there is no database yet where a command looks for one' },
  SCHEMA_MISMATCH: {
    exit: 5,
    status: 503,
    meaning: 'the tables of the database are older or newer than this build can work with',
  },
  INVALID_ARTIFACT: { exit: 6, status: 422, meaning: 'a stored model is truncated, altered, or not finite' },
  CONFLICT: {
    exit: 7,
    status: 409,
    meaning: 'something else changed what the act was based on; look again and repeat it',
  },
  SUPERSEDED: {
    exit: 7,
    status: 409,
    meaning: 'another process has taken over the work; nothing more of this one is stored',
  },
  UNAUTHORIZED: { exit: 2, status: 401, meaning: 'the bearer token is missing or wrong' },
  CONTROL_OFF: { exit: 2, status: 403, meaning: 'control is off, as no SHEPHERD_TOKEN is set' },
  NOT_FOUND: { exit: 2, status: 404, meaning: 'there is no such path' },
  METHOD_NOT_ALLOWED: { exit: 2, status: 405, meaning: 'the path exists, but not for this method' },
  TIMED_OUT: { exit: 4, status: 408, meaning: 'the request did not arrive whole in time' },
  PAYLOAD_TOO_LARGE: { exit: 2, status: 413, meaning: 'the body is larger than the limit' },
  UNSUPPORTED_MEDIA_TYPE: { exit: 2, status: 415, meaning: 'the body is of a type that is not read here' },
  TOO_MANY_REQUESTS: {
    exit: 4,
    status: 429,
    meaning: 'one address sends more than its share; Retry-After says when to go on',
  },
  OVERLOADED: { exit: 4, status: 503, meaning: 'too much work is waiting; Retry-After says when to try again' },
  INTERNAL: { exit: 1, status: 500, meaning: 'a fault of the program; its log says more' },
  CANCELLED: { exit: 130, status: 503, meaning: 'the work was stopped before it was done' },
} as const satisfies Record<string, { exit: number; status: number; meaning: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** An expected failure: one sentence a person can act on, and a code a program can act on. */
export class ShepherdError extends Error {
  override readonly name = 'ShepherdError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }

  static isCode(value: unknown): value is ErrorCode {
    return typeof value === 'string' && Object.hasOwn(ERROR_CODES, value);
  }

  get exitStatus(): number {
    return ERROR_CODES[this.code].exit;
  }

  get httpStatus(): number {
    return ERROR_CODES[this.code].status;
  }
}
