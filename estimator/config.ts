import { ShepherdError } from '../core/errors.ts';

const KIBIBYTE = 1024;
const MEBIBYTE = 1024 * KIBIBYTE;

/** Everything the estimator can be told from outside. */
export interface EstimatorConfig {
  readonly host: string;
  readonly port: number;
  /** Symbols to load at start, first one the default; empty: whatever has a champion, the first by name the default. */
  readonly symbols: readonly string[];
  /** Absent: the caller of `startEstimator` says which database. */
  readonly databaseUrl: string | undefined;
  readonly bodyLimitBytes: number;
  /** Requests a minute from one address before it is answered 429. */
  readonly rateLimitPerMinute: number;
  /** Believe `X-Forwarded-For`; only behind a proxy that sets it. */
  readonly trustProxy: boolean;
  /** Notifications are the fast way to learn of a promotion; this is how often the database is asked anyway. */
  readonly pollSeconds: number;
  readonly logFormat: 'text' | 'json';
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the estimator's settings. Pure: nothing is opened and nothing is read but the argument.
 * @throws ShepherdError INVALID_CONFIG naming the variable, its value and what was expected.
 */
export function readConfig(env: Environment): EstimatorConfig {
  return {
    host: text(env, 'HOST') ?? '127.0.0.1',
    port: integer(env, 'ESTIMATOR_PORT', 5000, 0, 65_535),
    symbols: (text(env, 'SYMBOLS') ?? '')
      .split(',')
      .map((symbol) => symbol.trim())
      .filter((symbol) => symbol !== ''),
    databaseUrl: text(env, 'ESTIMATOR_DATABASE_URL') ?? text(env, 'DATABASE_URL'),
    // A thousand windows of 60 prices are 1.2 MB of JSON; a CSV of a century of days is 2 MB.
    bodyLimitBytes: integer(env, 'BODY_LIMIT_BYTES', 4 * MEBIBYTE, KIBIBYTE, 64 * MEBIBYTE),
    // Far above any person or honest script; lower it where strangers can reach the port.
    rateLimitPerMinute: integer(env, 'RATE_LIMIT_PER_MINUTE', 300_000, 1, 10_000_000),
    trustProxy: choice(env, 'TRUST_PROXY', ['no', 'yes'], 'no') === 'yes',
    pollSeconds: integer(env, 'ESTIMATOR_POLL_SECONDS', 1, 1, 3600),
    logFormat: choice(env, 'LOG_FORMAT', ['text', 'json'], 'text'),
  };
}

function text(env: Environment, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function integer(env: Environment, name: string, otherwise: number, least: number, most: number): number {
  const written = text(env, name);
  if (written === undefined) return otherwise;
  const value = /^\d+$/.test(written) ? Number(written) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new ShepherdError(
    'INVALID_CONFIG',
    `${name} is "${written}"; expected a whole number from ${least} to ${most}.`,
  );
}

function choice<const T extends string>(env: Environment, name: string, allowed: readonly T[], otherwise: T): T {
  const written = text(env, name);
  if (written === undefined) return otherwise;
  const found = allowed.find((value) => value === written);
  if (found !== undefined) return found;
  throw new ShepherdError('INVALID_CONFIG', `${name} is "${written}"; expected ${allowed.join(' or ')}.`);
}
